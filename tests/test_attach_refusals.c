// SPDX-License-Identifier: GPL-2.0-or-later
/* Why a guest cannot get a VF on KVM: check, plan, dry run and run say the same, live and
 * captured. */
#include <unistd.h>

#include "fake_kvm.h"
#include "fake_refusals.h"
#include "fake_virt.h"
#include "backend/kvm/proxmox.h"
#include "topology/build/load.h"

static void put(const char *line)
{
	fake_root_add(&env.root, line);
}

static void run(unsigned pid, const char *name, const char *a, const char *b)
{
	const char *args[] = { "/usr/bin/qemu-system-x86_64", "-name", name, a, b, NULL };

	env_process(pid, "qemu-system-x86", args);
}

static void nothing(void)
{
}

static void add_neighbour(void)
{
	put("sys/bus/pci/devices/0000:05:00.1/driver -> ../../../bus/pci/drivers/e1000e");
	assert_int_equal(env_assign(0), 0);
	put("sys/kernel/iommu_groups/11/devices/0000:05:00.1 -> x");
}

static void start_testpmd(void)
{
	static const char *const args[] = { "testpmd", NULL };

	env_process(77, "testpmd", args);
	assert_int_equal(env_assign(3), 0);
	env_open(77, "14");
}

static void start_libvirts(void)
{
	run(91, "guest=lv1", "-object", "secret,file=/var/lib/libvirt/qemu/domain-1-lv1/key");
}

/* It answers at once, but on a machine that is busy. */
static void begin_libvirt(void)
{
	fake_virt_init(&env.root.host);
	env.root.host.timeout_ms = 20000;
}

static void start_libvirts_without_ports(void)
{
	begin_libvirt();
	fake_virt_add("lv1", true, 0);
}

static void start_libvirts_with_ports(void)
{
	begin_libvirt();
	fake_virt_add("lv1", true, 4);
}

static void define_it_in_another(void)
{
	struct fake_virt_domain *off;

	start_libvirts_with_ports();
	off = fake_virt_add("off2", false, 4);
	fake_virt_put(off, &off->config, "0000:05:10.0", "hostdev0");
}

/* As nova writes it. */
#define NOVA                                                                                       \
	"<nova:instance xmlns:nova='http://openstack.org/xmlns/libvirt/nova/1.1'>"                 \
	"<nova:name>shop</nova:name></nova:instance>"
#define OVIRT "<ovirt-vm:vm xmlns:ovirt-vm='http://ovirt.org/vm/1.0'/>"

static void start_novas(void)
{
	start_libvirts_with_ports();
	fake_virt->domains[0].metadata = NOVA;
}

static void start_ovirts(void)
{
	start_libvirts_with_ports();
	fake_virt->domains[0].metadata = OVIRT;
}

static void define_novas(void)
{
	start_libvirts_with_ports();
	put("run/libvirt/libvirt-sock=");
	fake_virt_add("off2", false, 4)->metadata = NOVA;
}

/* Two functions of one slot, of which the guest has the first: the second is asked for. */
static struct vf_ref find_function(const char *bdf)
{
	struct vf_ref f = { 0 };
	struct bdf b;

	assert_true(bdf_scan(&b, bdf));
	inventory_free(env.inv);
	env.inv = NULL;
	assert_int_equal(inventory_read(&env.inv, &env.root.host,
					INVENTORY_ALL | INVENTORY_FUNCTIONS, &env.e),
			 0);
	assert_true(inventory_find_function(env.inv, b, &f));
	return f;
}

static void take_functions(void)
{
	env_add_function("0000:0b:00.0", 40);
	env_add_function("0000:0b:00.1", 41);
	env_reload();
	for (unsigned i = 0; i < 2; i++) {
		struct vf_ref f = find_function(i ? "0000:0b:00.1" : "0000:0b:00.0");

		assert_int_equal(kvm_backend.assign(env.backend, f, "", &env.e), 0);
	}
}

static void give_its_first_function(void)
{
	const struct dev_options o = DEV_OPTIONS_INIT;
	struct domain d;

	take_functions();
	assert_int_equal(kvm_backend.domain_find(env.backend, "web1", &d, &env.e), 0);
	assert_int_equal(
		kvm_backend.attach(env.backend, &d, find_function("0000:0b:00.0"), &o, &env.e), 0);
}

static void give_its_first_function_to_libvirts(void)
{
	struct fake_virt_domain *lv1;

	fake_virt_init(&env.root.host);
	lv1 = fake_virt_add("lv1", true, 4);
	take_functions();
	fake_virt_put(lv1, &lv1->live, "0000:0b:00.0", "hostdev0");
}

static void start_incus(void)
{
	run(91, "lv1", "-readconfig", "/run/incus/lv1/qemu.conf");
}

static void start_lxd(void)
{
	run(91, "lv1", "-pidfile", "/var/snap/lxd/common/lxd/logs/lv1/qemu.pid");
}

static void start_without_monitor(void)
{
	run(91, "guest=lv1", "-display", "none");
}

static void start_with_anothers_monitor(void)
{
	run(91, "guest=lv1", "-qmp", "tcp:127.0.0.1:4444,server=on,wait=off");
}

/* VFs 0 and 1 are in one group, and web1 has the second. */
static void give_its_neighbour(void)
{
	put("sys/kernel/iommu_groups/11/devices/0000:05:10.2 -> x");
	assert_int_equal(
		unlinkat(env.root.host.root.fd, "sys/bus/pci/devices/0000:05:10.2/iommu_group", 0),
		0);
	put("sys/bus/pci/devices/0000:05:10.2/iommu_group -> ../../../kernel/iommu_groups/11");
	for (unsigned i = 0; i < 2; i++)
		assert_int_equal(kvm_backend.assign(env.backend, env_vf(i), "", &env.e), 0);
	env_reload();
	assert_int_equal(env_attach("web1", 1), 0);
	env_open(WEB1_PID, "11");
	run(91, "guest=lv1", "-qmp", "unix:/run/lv1.qmp,server=on,wait=off");
}

static void silence_its_monitor(void)
{
	fake_qmp_fail(&env.qmp, (struct fake_qmp_rule){ .command = "greeting",
							.act = FAKE_QMP_SILENT,
							.forever = true });
}

static void fill_its_ports(void)
{
	for (unsigned i = 1; i < 5; i++)
		env_give(i);
}

static void make_it_a_pc(unsigned n)
{
	env.qmp.n_devs = 0;
	snprintf(env.qmp.machine, sizeof(env.qmp.machine), "pc-i440fx-9.2-machine");
	for (unsigned i = 0; i < n; i++) {
		struct fake_qmp_device d = { .type = "virtio-net-pci", .bus = "pci.0" };

		snprintf(d.id, sizeof(d.id), "d%u", i);
		d.addr = 2 + i;
		fake_qmp_add(&env.qmp, &d);
	}
}

static void fill_its_slots(void)
{
	make_it_a_pc(30);
}

static void switch_its_hotplug_off(void)
{
	make_it_a_pc(3);
	env.qmp.no_root_plug = true;
}

static void take_its_first_port(void)
{
	env_give(1);
}

static void take_slot_3(void)
{
	make_it_a_pc(3);
}

static const struct refusal_case rows[] = {
	{ .name = "start",
	  .cause = "has room for",
	  .provoke = nothing,
	  .domain = "off1",
	  .is_of_start = true },
	{ .name = "group",
	  .cause = "IOMMU group 11 also has 0000:05:00.1 (e1000e)",
	  .provoke = add_neighbour },
	{ .name = "program",
	  .cause = "testpmd-77 (pid 77) is not QEMU: it opens and closes devices itself",
	  .provoke = start_testpmd,
	  .domain = "testpmd-77" },
	{ .name = "manager",
	  .cause = "libvirt runs domain lv1, and cannot be asked: libvirt's library",
	  .provoke = start_libvirts,
	  .domain = "lv1",
	  .is_unseen = true },
	{ .name = "manager",
	  .cause = "OpenStack runs domain lv1, and a change behind its back",
	  .provoke = start_novas,
	  .domain = "lv1" },
	{ .name = "manager",
	  .cause = "oVirt runs domain lv1, and a change behind its back",
	  .provoke = start_ovirts,
	  .domain = "lv1" },
	{ .name = "owner",
	  .cause = "OpenStack runs domain off2, and a change behind its back",
	  .provoke = define_novas,
	  .domain = "off2" },
	{ .name = "claimed",
	  .cause = "domain off2 of libvirt, which is off, has 0000:05:10.0 in its definition",
	  .provoke = define_it_in_another,
	  .domain = "lv1" },
	{ .name = "slot",
	  .cause = "0000:0b:00.1 is of one slot with 0000:0b:00.0, which web1 has already",
	  .provoke = give_its_first_function,
	  .dev = "gpu0/1" },
	{ .name = "slot",
	  .cause = "0000:0b:00.1 and 0000:0b:00.0 of one slot should be one device in domain lv1",
	  .provoke = give_its_first_function_to_libvirts,
	  .domain = "lv1",
	  .dev = "gpu0/1" },
	{ .name = "ports",
	  .cause = "domain lv1 has 0 free PCIe ports of 0, 1 is needed",
	  .provoke = start_libvirts_without_ports,
	  .domain = "lv1" },
	{ .name = "vslot",
	  .cause = "domain lv1 has no free PCIe port with controller index 5 (vslot=5)",
	  .provoke = start_libvirts_with_ports,
	  .domain = "lv1",
	  .dev = "net0/0,vslot=5",
	  .json = ",\"vslot\":\"5\"" },
	{ .name = "manager",
	  .cause = "Incus runs domain lv1",
	  .provoke = start_incus,
	  .domain = "lv1" },
	{ .name = "manager",
	  .cause = "LXD runs domain lv1",
	  .provoke = start_lxd,
	  .domain = "lv1" },
	{ .name = "monitor",
	  .cause = "QEMU of lv1 (pid 91) has no QMP monitor on a unix socket",
	  .provoke = start_without_monitor,
	  .domain = "lv1" },
	{ .name = "monitor",
	  .cause = "has no QMP monitor on a unix socket, only one of another kind: ",
	  .provoke = start_with_anothers_monitor,
	  .domain = "lv1" },
	{ .name = "used",
	  .cause = "web1 (pid 4242) has its IOMMU group 11 open",
	  .provoke = give_its_neighbour,
	  .domain = "lv1" },
	{ .name = "answer",
	  .cause = "no greeting from /run/web1.qmp: another QMP client holds this monitor",
	  .provoke = silence_its_monitor,
	  .is_unseen = true },
	{ .name = "ports",
	  .cause = "web1 has 0 free PCIe ports of 4, 1 is needed",
	  .provoke = fill_its_ports },
	{ .name = "ports",
	  .cause = "web1 (pc-i440fx-9.2) has 0 free slots on pci.0, 1 is needed",
	  .provoke = fill_its_slots },
	{ .name = "ports",
	  .cause = "web1 (pc-i440fx-9.2) has 0 free slots on pci.0, 1 is needed",
	  .provoke = switch_its_hotplug_off },
	{ .name = "vslot",
	  .cause = "web1 has no free PCIe port with slot number 1 (vslot=1)",
	  .provoke = take_its_first_port,
	  .dev = "net0/0,vslot=1",
	  .json = ",\"vslot\":\"1\"" },
	{ .name = "vslot",
	  .cause = "slot 3 of pci.0 of web1 is taken (vslot=3)",
	  .provoke = take_slot_3,
	  .dev = "net0/0,vslot=3",
	  .json = ",\"vslot\":\"3\"" },
};

static const char *topology_of(const struct refusal_case *c)
{
	static char text[512];

	if (c->dev && !strncmp(c->dev, "gpu0", 4)) {
		snprintf(text, sizeof(text),
			 "{\"version\":1,\"dev\":[{\"name\":\"gpu0\",\"bdf\":\"0000:0b:00.0\","
			 "\"functions\":\"all\"}],\"domain\":[{\"name\":\"%s\",\"devices\":[{"
			 "\"dev\":\"gpu0\"}]}]}",
			 c->domain ? c->domain : "web1");
		return text;
	}
	snprintf(text, sizeof(text),
		 "{\"version\":1,\"pf\":[{\"name\":\"net0\",\"bdf\":\"0000:05:00.0\"}],"
		 "\"domain\":[{\"name\":\"%s\"%s,\"devices\":[{\"pf\":\"net0\","
		 "\"index\":\"0\"%s}]}]}",
		 c->domain ? c->domain : "web1",
		 c->is_of_start ? ",\"kvm\":{\"ports\":\"root-ports\",\"spare\":250}" : "",
		 c->json ? c->json : "");
	return text;
}

/* The backend reads the topology, too. */
static void open_with(const char *topology)
{
	struct problems problems = { 0 };

	topology_free(env.topo);
	env.topo = NULL;
	assert_int_equal(
		topology_parse(&env.topo, topology, strlen(topology), "t.json", &problems, &env.e),
		0);
	problems_done(&problems);
	env_reload();
}

static struct refused_host host_of(const struct refusal_case *c)
{
	open_with(topology_of(c));
	return (struct refused_host){ .host = &env.root.host,
				      .ops = &kvm_backend,
				      .backend = env.backend,
				      .dev = c->dev ? c->dev : "net0/0",
				      .domain = c->domain ? c->domain : "web1",
				      .topology = topology_of(c) };
}

static int list_web1(void)
{
	struct attachment *v = NULL;
	struct domain d;
	size_t n;
	int r = kvm_backend.domain_find(env.backend, "web1", &d, &env.e);

	if (r == 0)
		r = kvm_backend.list(env.backend, &d, &v, &n, &env.e);
	free(v);
	return r;
}

/* A capture has no sockets, and nobody who answers. */
static void become_a_capture(const struct refusal_case *c)
{
	if (!c->is_unseen && fake_virt)
		fake_virt_capture(&env.root);
	else if (!c->is_unseen)
		env_put_answers(list_web1);
	env.root.host.root.write = NULL;
	fake_qmp_stop(&env.qmp);
	unlinkat(env.root.host.root.fd, "run/web1.qmp", 0);
}

static void drive_live(const struct refusal_case *c)
{
	const unsigned writes = env.kernel.n_writes;
	const struct refused_host h = host_of(c);

	if (c->is_of_start)
		topology_refused(&h, c->cause);
	else
		refused_everywhere(&h, c, true);
	assert_int_equal(env.kernel.n_writes, writes);
}

static void drive_captured(const struct refusal_case *c)
{
	struct refused_host h;

	become_a_capture(c);
	h = host_of(c);
	if (c->is_unseen)
		captured_is_not_refused(&h);
	else if (c->is_of_start)
		captured_is_refused(&h, c->cause);
	else
		captured_verb_is_refused(&h, c->cause);
}

static void every_row_has_a_case(void **state UNUSED)
{
	refusals_have_cases(kvm_backend.attach_refusals, rows, ARRAY_SIZE(rows));
}

/* Each row gets a host of its own. */
static void every_row_is_asked_by_all(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		if (i) {
			env_teardown(state);
			if (fake_virt)
				fake_virt_done();
			env_setup(state);
		}
		print_message("  %s: %s\n", rows[i].name, rows[i].cause);
		rows[i].provoke();
		if (strcmp(env_driver(0), "vfio-pci") != 0)
			assert_int_equal(env_assign(0), 0);
		drive_live(&rows[i]);
		drive_captured(&rows[i]);
	}
}

/* Files tell, even to somebody who may not see the guests. */
static void a_group_is_asked_about_without_the_hypervisor(void **state UNUSED)
{
	const struct dev_options o = DEV_OPTIONS_INIT;
	const struct domain off = { .name = "off1" };
	struct vf_ref vf;

	add_neighbour();
	env_reload();
	vf = env_vf(0);
	assert_true(asked_to_attach(&kvm_backend, &env.root.host, NULL, &off, &vf, &o, 1, &env.e) <
		    0);
	assert_says("IOMMU group 11 also has 0000:05:00.1 (e1000e)");
}

static void nothing_refuses_a_plain_guest(void **state UNUSED)
{
	static const struct refusal_case plain = { .name = "none" };
	struct refused_host h;

	assert_int_equal(env_assign(0), 0);
	h = host_of(&plain);
	refused_nowhere(&h);
	refused_not_by_the_run(&h);
	assert_true(fake_qmp_has(&env.qmp, "vf-0000-05-10.0"));
}

/* Two guests, of which one is libvirt's. */
static void a_guest_of_another_manager_blocks_no_other_guest(void **state UNUSED)
{
	static const char topology[] =
		"{\"version\":1,\"pf\":[{\"name\":\"net0\",\"bdf\":\"0000:05:00.0\"}],"
		"\"domain\":[{\"name\":\"lv1\",\"devices\":[{\"pf\":\"net0\",\"index\":\"0\"}]},"
		"{\"name\":\"web1\",\"devices\":[{\"pf\":\"net0\",\"index\":\"1\"}]}]}";
	struct refused_host h = { .host = &env.root.host,
				  .ops = &kvm_backend,
				  .topology = topology };

	start_incus();
	assert_int_equal(env_assign(0), 0);
	assert_int_equal(env_assign(1), 0);
	open_with(topology);
	h.backend = env.backend;
	refused_for_one_domain(&h, "Incus runs domain lv1", "web1");
}

/* Its VM gets the VF, and Proxmox VE learns nothing of that: said once, with its command. */
static void a_vm_of_proxmox_has_a_note(void **state UNUSED)
{
	static const char *const args[] = { "/usr/bin/kvm",
					    "-id",
					    "100",
					    "-name",
					    "web1,debug-threads=on",
					    "-chardev",
					    "socket,id=qmp,path=/run/web1.qmp,server=on,wait=off",
					    "-mon",
					    "chardev=qmp,mode=control",
					    "-pidfile",
					    "/var/run/qemu-server/100.pid",
					    NULL };
	static const struct refusal_case plain = { .name = "none" };
	static const char note[] =
		"domain web1 is VM 100 of Proxmox VE, which does not learn of what it gets here: "
		"it has it until the VM stops; to give it at each start, run: qm set 100 "
		"--hostpci1 0000:05:10.0";
	struct refused_host h;

	env_process(WEB1_PID, "kvm", args);
	put("etc/pve/qemu-server/100.conf=hostpci0: 0000:05:10.2,pcie=1\\nmemory: 512\\n[snap]\\n"
	    "hostpci1: 0000:05:10.0\\n");
	assert_int_equal(env_assign(0), 0);
	h = host_of(&plain);
	refused_nowhere(&h);
	assert_non_null(strstr(env_notes(), note));
	refused_not_by_the_run(&h);
	assert_true(fake_qmp_has(&env.qmp, "vf-0000-05-10.0"));
}

static void a_vm_that_has_it_at_each_start_has_no_note(void **state UNUSED)
{
	static const struct {
		const char *text;
		bool has;
		unsigned at;
	} cases[] = {
		{ "", false, 0 },
		{ "hostpci0: 0000:05:10.6\n", true, 1 },
		{ "name: a\nhostpci0: 05:10.6,pcie=1,rombar=0", true, 1 },
		{ "hostpci1: host=0000:05:10,x-vga=1\n", true, 0 },
		{ "hostpci0: 05:10.2;05:10.6,pcie=1\n", true, 1 },
		{ "hostpci0: 05:10.60\nhostpci1: 0001:05:10.6\nhostpci2: mapping=nic\n", false, 3 },
		{ "hostpci0: 05:1\n", false, 1 },
		{ "#hostpci0: 05:10.6\nhostpci99: 05:10.6\n", false, 0 },
		{ "[snap]\nhostpci0: 05:10.6\n", false, 0 },
	};
	struct bdf dev;
	unsigned at;

	assert_int_equal(bdf_parse(&dev, "0000:05:10.6", NULL), 0);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		assert_int_equal(proxmox_has(cases[i].text, dev, &at), cases[i].has);
		assert_int_equal(at, cases[i].at);
	}
}

#define T(f) cmocka_unit_test_setup_teardown(f, env_setup, env_teardown)

static const struct CMUnitTest tests[] = {
	T(every_row_has_a_case),
	T(every_row_is_asked_by_all),
	T(a_group_is_asked_about_without_the_hypervisor),
	T(nothing_refuses_a_plain_guest),
	T(a_guest_of_another_manager_blocks_no_other_guest),
	T(a_vm_of_proxmox_has_a_note),
	T(a_vm_that_has_it_at_each_start_has_no_note),
};

TEST_MAIN(tests)
