// SPDX-License-Identifier: GPL-2.0-or-later
/* Hot plug: ports, refusals ahead of time, and how QEMU refuses. */
#include "fake_kvm.h"

#include <pthread.h>
#include <signal.h>
#include "topology/build/load.h"

static void refuse(const char *command, const char *class, const char *text)
{
	fake_qmp_fail(&env.qmp, (struct fake_qmp_rule){
					.command = command,
					.act = FAKE_QMP_ERROR,
					.class = class,
					.text = text,
				});
}

static int give(unsigned i)
{
	assert_int_equal(env_assign(i), 0);
	return env_attach("web1", i);
}

static const struct fake_qmp_device *device(const char *id)
{
	for (unsigned i = 0; i < env.qmp.n_devs; i++)
		if (!strcmp(env.qmp.devs[i].id, id))
			return &env.qmp.devs[i];
	return NULL;
}

static void a_vf_goes_into_the_first_free_port(void **state UNUSED)
{
	assert_int_equal(give(3), 0);
	assert_true(fake_qmp_has(&env.qmp, "vf-0000-05-10.6"));
	assert_string_equal(device("vf-0000-05-10.6")->bus, "vfrp0");
	assert_string_equal(device("vf-0000-05-10.6")->host, "0000:05:10.6");
	assert_int_equal(env_survey(), 0);
	assert_int_equal(env_state(3), VF_ATTACHED);
}

static void several_share_one_connection_and_one_look(void **state UNUSED)
{
	unsigned calls[4];

	for (unsigned i = 0; i < 4; i++) {
		assert_int_equal(give(i), 0);
		calls[i] = env.qmp.calls;
	}
	assert_int_equal(env.qmp.connections, 1);
	/* Each further one asks the same few questions. */
	assert_int_equal(calls[2] - calls[1], calls[3] - calls[2]);
	assert_true(calls[3] - calls[2] <= 2);
	for (unsigned i = 0; i < 4; i++) {
		char port[8];

		snprintf(port, sizeof(port), "vfrp%u", i);
		assert_string_equal(env.qmp.devs[4 + i].bus, port);
	}
}

static void attaching_twice_is_fine(void **state UNUSED)
{
	assert_int_equal(give(3), 0);
	assert_int_equal(env_attach("web1", 3), 0);
	assert_int_equal(fake_qmp_count(&env.qmp, "device_add"), 1);
}

static void an_occupied_port_is_not_taken(void **state UNUSED)
{
	fake_qmp_add(&env.qmp, &(struct fake_qmp_device){
				       .id = "disk", .type = "virtio-blk-pci", .bus = "vfrp0" });
	assert_int_equal(give(3), 0);
	assert_string_equal(device("vf-0000-05-10.6")->bus, "vfrp1");
}

static void a_port_with_hotplug_off_is_not_taken(void **state UNUSED)
{
	env.qmp.devs[0].no_hotplug = true;
	env.qmp.devs[1].no_hotplug = true;
	assert_int_equal(give(3), 0);
	assert_string_equal(device("vf-0000-05-10.6")->bus, "vfrp2");
}

static void ports_of_a_switch_are_taken_but_not_its_own(void **state UNUSED)
{
	static const char *const types[] = { "pcie-root-port", "x3130-upstream",
					     "xio3130-downstream", "virtio-rng-pci" };

	for (unsigned i = 0; i < 4; i++)
		snprintf(env.qmp.devs[i].type, sizeof(env.qmp.devs[i].type), "%s", types[i]);
	snprintf(env.qmp.devs[1].bus, 64, "vfrp0");
	snprintf(env.qmp.devs[2].bus, 64, "vfrp1");
	assert_int_equal(give(3), 0);
	assert_string_equal(device("vf-0000-05-10.6")->bus, "vfrp2");
	assert_int_equal(env_assign(4), 0);
	assert_int_equal(env_attach("web1", 4), -ENOSPC);
}

static void ports_are_taken_by_their_numbers(void **state UNUSED)
{
	for (unsigned i = 0; i < 4; i++)
		env.qmp.devs[i].slot = 9 - i;
	assert_int_equal(give(3), 0);
	assert_string_equal(device("vf-0000-05-10.6")->bus, "vfrp3");
}

static void vslot_picks_the_port_with_that_number(void **state UNUSED)
{
	struct dev_options o = DEV_OPTIONS_INIT;

	o.vslot = 3;
	assert_int_equal(env_assign(3), 0);
	assert_int_equal(env_attach_options("web1", 3, &o), 0);
	assert_string_equal(device("vf-0000-05-10.6")->bus, "vfrp2");
}

static void a_vslot_that_no_port_has_is_refused_ahead(void **state UNUSED)
{
	struct dev_options o = DEV_OPTIONS_INIT;
	struct vf_ref vf = env_vf(3);
	struct domain d;

	o.vslot = 9;
	assert_int_equal(env_assign(3), 0);
	assert_int_equal(kvm_backend.domain_find(env.backend, "web1", &d, &env.e), 0);
	assert_int_equal(
		asked_to_attach(&kvm_backend, &env.root.host, env.backend, &d, &vf, &o, 1, &env.e),
		-ENOSPC);
	assert_int_equal(env.e.status, EXIT_REFUSED);
	assert_says("slot number 9");
}

/* The planner has said it already. */
static void an_option_without_meaning_is_no_word_of_the_attach(void **state UNUSED)
{
	struct dev_options o = DEV_OPTIONS_INIT;

	o.permissive = 1;
	assert_int_equal(env_assign(3), 0);
	assert_int_equal(env_attach_options("web1", 3, &o), 0);
	assert_string_equal(env_notes(), "");
}

static void each_option_without_meaning_is_known(void **state UNUSED)
{
	static const char *const without[] = { "permissive=1", "msitranslate=1", "power_mgmt=1",
					       "rdm_policy=relaxed" };
	static const char *const with[] = { "permissive=0", "seize=1", "vslot=3", "name=x" };

	for (size_t i = 0; i < ARRAY_SIZE(without); i++) {
		struct dev_options o = DEV_OPTIONS_INIT;

		assert_int_equal(dev_options_parse(&o, without[i], NULL), 0);
		assert_int_equal(kvm_backend.check_options(DOMAIN_UNKNOWN, &o, &env.e), -ENOTSUP);
		assert_memory_equal(env.e.cause, without[i], strcspn(without[i], "="));
		assert_says("has no effect");
	}
	for (size_t i = 0; i < ARRAY_SIZE(with); i++) {
		struct dev_options o = DEV_OPTIONS_INIT;

		assert_int_equal(dev_options_parse(&o, with[i], NULL), 0);
		assert_int_equal(kvm_backend.check_options(DOMAIN_UNKNOWN, &o, &env.e), 0);
	}
}

static void more_than_the_free_ports_are_refused_ahead(void **state UNUSED)
{
	for (unsigned i = 0; i < 5; i++)
		assert_int_equal(env_assign(i), 0);
	assert_int_equal(env_limits("web1", 0, 4), 0);
	assert_int_equal(env_limits("web1", 0, 5), -ENOSPC);
	assert_int_equal(env.e.status, EXIT_REFUSED);
	assert_says("web1 has 4 free PCIe ports of 4, 5 are needed");
	assert_says("spare=N");
	assert_says("vfyard render qemu");
	assert_int_equal(fake_qmp_count(&env.qmp, "device_add"), 0);
}

static void note_row(void *arg, const struct refusal *row, const struct err *why,
		     bool is_unseen UNUSED)
{
	char *rows = arg;

	if (why)
		snprintf(rows + strlen(rows), 64 - strlen(rows), "%s ", row->name);
}

/* Doctor lists all rows that refuse, so none may speak for another. */
static void a_full_guest_is_refused_by_its_ports_alone(void **state UNUSED)
{
	struct dev_options options[5];
	struct vf_ref vfs[5];
	struct domain d;
	struct refusal_ask ask = {
		.host = &env.root.host, .domain = &d, .vfs = vfs, .options = options, .n = 5
	};
	char rows[64] = "";

	for (unsigned i = 0; i < 5; i++) {
		assert_int_equal(env_assign(i), 0);
		vfs[i] = env_vf(i);
		options[i] = (struct dev_options)DEV_OPTIONS_INIT;
	}
	ask.backend = env.backend;
	assert_int_equal(kvm_backend.domain_find(env.backend, "web1", &d, &env.e), 0);
	refusal_walk(kvm_backend.attach_refusals, &ask, note_row, rows);
	assert_string_equal(rows, "ports ");
	options[4].vslot = 9;
	rows[0] = '\0';
	refusal_walk(kvm_backend.attach_refusals, &ask, note_row, rows);
	assert_string_equal(rows, "ports vslot ");
	kvm_backend.domain_done(&d);
}

static void a_whole_group_at_once_is_no_refusal(void **state UNUSED)
{
	fake_root_add(&env.root, "sys/kernel/iommu_groups/11/devices/0000:05:10.2 -> x");
	/* VF 1 has igbvf now, and will be given away with VF 0. */
	assert_int_equal(env_limits("web1", 0, 2), 0);
	assert_int_equal(env_limits("web1", 0, 1), -EBUSY);
	assert_says("0000:05:10.2 (igbvf)");
}

static void a_domain_that_does_not_run_has_only_its_buses(void **state UNUSED)
{
	static struct vf_ref vfs[260];
	static struct dev_options options[260];
	struct domain d = { .name = "later" };

	for (unsigned i = 0; i < 260; i++)
		vfs[i] = env_vf(i % 7);
	assert_int_equal(asked_to_attach(&kvm_backend, &env.root.host, env.backend, &d, vfs,
					 options, 253, &env.e),
			 0);
	assert_int_equal(asked_to_attach(&kvm_backend, &env.root.host, env.backend, &d, vfs,
					 options, 254, &env.e),
			 -E2BIG);
	assert_says("has room for 253");
	assert_int_equal(env.qmp.connections, 0);
}

static void spare_ports_of_a_domain_count_before_it_runs(void **state UNUSED)
{
	static const char json[] =
		"{\"version\":1,\"pf\":[{\"name\":\"p\",\"bdf\":\"0000:05:00.0\"}],\"domain\":[{"
		"\"name\":\"later\",\"kvm\":{\"ports\":\"root-ports\",\"spare\":237},"
		"\"devices\":[]}]}";
	struct dev_options options[4] = { 0 };
	struct problems problems = { 0 };
	struct domain d = { .name = "later" };
	struct vf_ref vfs[4];

	assert_int_equal(topology_parse(&env.topo, json, strlen(json), "t.json", &problems, &env.e),
			 0);
	env_reload();
	for (unsigned i = 0; i < 4; i++)
		vfs[i] = env_vf(i);
	assert_int_equal(asked_to_attach(&kvm_backend, &env.root.host, env.backend, &d, vfs,
					 options, 3, &env.e),
			 0);
	assert_int_equal(asked_to_attach(&kvm_backend, &env.root.host, env.backend, &d, vfs,
					 options, 4, &env.e),
			 -E2BIG);
	assert_says("4 VFs and 237 spare ports need 241 ports, but machine=q35 with "
		    "ports=root-ports");
	problems_done(&problems);
}

static void a_vf_of_another_guest_is_refused_ahead(void **state UNUSED)
{
	static const char *const args[] = { "qemu-kvm", "-name", "db1", NULL };

	assert_int_equal(env_assign(3), 0);
	env_process(90, "qemu-kvm", args);
	env_open(90, "14");
	env_reload();
	assert_int_equal(env_limits("web1", 3, 1), -EBUSY);
	assert_says("db1 (pid 90) has its IOMMU group 14 open");
	assert_int_equal(env_attach("web1", 3), -EBUSY);
	assert_int_equal(fake_qmp_count(&env.qmp, "device_add"), 0);
}

static void a_vf_of_the_host_is_not_attached(void **state UNUSED)
{
	const struct dev_options o = DEV_OPTIONS_INIT;
	struct domain d;

	assert_int_equal(kvm_backend.domain_find(env.backend, "web1", &d, &env.e), 0);
	assert_int_equal(kvm_backend.attach(env.backend, &d, env_vf(3), &o, &env.e), -EINVAL);
	assert_says("driver igbvf");
	assert_says("pci-assignable-add 0000:05:10.6");
	assert_int_equal(env.qmp.connections, 0);
}

static void a_qemu_of_libvirt_without_its_library_is_left_to_virsh(void **state UNUSED)
{
	static const char *const args[] = { "/usr/bin/qemu-system-x86_64",
					    "-name",
					    "guest=lv1",
					    "-chardev",
					    "socket,id=c,fd=30",
					    "-object",
					    "secret,file=/var/lib/libvirt/qemu/domain-1-lv1/key",
					    NULL };

	env_process(91, "qemu-system-x86", args);
	assert_int_equal(env_assign(3), 0);
	assert_int_equal(env_limits("lv1", 3, 1), -ELIBACC);
	assert_int_equal(env.e.status, EXIT_REFUSED);
	assert_says("libvirt runs domain lv1, and cannot be asked: libvirt's library cannot be "
		    "used");
	assert_says("vfyard render libvirt --hostdev PF/INDEX | virsh attach-device lv1 /dev/stdin "
		    "--live --config");
	assert_int_equal(env_attach("lv1", 3), -ELIBACC);
	assert_int_equal(env_detach("lv1", 3), -ELIBACC);
}

static void a_guest_in_libvirts_scope_is_libvirts(void **state UNUSED)
{
	fake_root_add(&env.root,
		      "proc/4242/cgroup=0::/machine.slice/machine-qemu\\x2d1\\x2dweb1.scope");
	assert_int_equal(env_limits("web1", 3, 1), -ELIBACC);
	assert_says("libvirt runs domain web1");
	assert_int_equal(env.qmp.connections, 0);
}

static void a_guest_without_monitor_says_how_to_have_one(void **state UNUSED)
{
	static const char *const args[] = { "qemu-kvm", "-name", "db1", NULL };

	env_process(90, "qemu-kvm", args);
	assert_int_equal(env_assign(3), 0);
	assert_int_equal(env_attach("db1", 3), -ENOTCONN);
	assert_says("no QMP monitor");
	assert_says("kvm: qmp=PATH");
}

static void a_held_monitor_is_said(void **state UNUSED)
{
	fake_qmp_fail(&env.qmp,
		      (struct fake_qmp_rule){ .command = "greeting", .act = FAKE_QMP_SILENT });
	assert_int_equal(give(3), -EBUSY);
	assert_says("another QMP client");
	assert_string_equal(env_driver(3), "vfio-pci");
}

static const struct {
	const char *desc, *fix;
} refusals[] = {
	{ "vfio 0000:05:10.6: group 14 is not viable", "another function of its IOMMU group" },
	{ "vfio 0000:05:10.6: Could not open '/dev/vfio/14': Permission denied", "chown" },
	{ "vfio 0000:05:10.6: Could not open '/dev/vfio/14': Device or resource busy",
	  "vfyard list" },
	{ "vfio 0000:05:10.6: Could not open '/dev/vfio/14': No such file or directory",
	  "container" },
	/* The same in the words of QEMU 7.2. */
	{ "vfio 0000:05:10.6: failed to open /dev/vfio/14: Permission denied", "chown" },
	{ "vfio 0000:05:10.6: failed to open /dev/vfio/14: Device or resource busy",
	  "vfyard list" },
	{ "vfio 0000:05:10.6: failed to open /dev/vfio/14: No such file or directory",
	  "container" },
	{ "vfio 0000:05:10.6: failed to setup container for group 14: Failed to open "
	  "/dev/vfio/vfio: Permission denied",
	  "chmod 0666 /dev/vfio/vfio" },
	{ "vfio 0000:05:10.6: failed to setup container for group 14: failed to open "
	  "/dev/vfio/vfio: Permission denied",
	  "chmod 0666 /dev/vfio/vfio" },
	{ "vfio /sys/bus/pci/devices/0000:05:10.6: no such host device: No such file or directory",
	  "is the VF gone" },
	{ "Duplicate ID 'vf-0000-05-10.6' for device", "an earlier detach is not finished" },
	{ "PCI: slot 9 function 0 not available for vfio-pci, reserved", "leave vslot out" },
	{ "Unsupported bus. Bus doesn't have property 'acpi-pcihp-bsel' set", "takes no hot plug" },
	{ "Bus 'pci.0' does not support hotplugging", "acpi=off" },
	{ "vfio 0000:05:10.6: failed to setup container for group 14: memory listener "
	  "initialization failed: Region pc.ram: vfio_dma_map(..) = -12 (Cannot allocate memory)",
	  "RLIMIT_MEMLOCK" },
	{ "vfio 0000:05:10.6: failed to setup container for group 14: Failed to set iommu for "
	  "container: Operation not permitted",
	  "allow_unsafe_interrupts=1" },
	{ "vfio 0000:05:10.6: failed to setup container for group 14: x", "dmesg" },
	{ "Bus 'vfrp0' does not support hotplugging", "vfyard render qemu" },
	{ "Hot-plug failed: unsupported by the port device 'vfrp0'", "vfyard render qemu" },
	{ "PCI: slot 0 function 0 not available for vfio-pci, in use by x,id=y", "run it again" },
	{ "PCI: slot 0 function 0 already occupied by x, new func vfio-pci cannot be exposed to "
	  "guest.",
	  "run it again" },
	{ "Duplicate device ID 'vf-0000-05-10.6'", "an earlier detach is not finished" },
	{ "device_add not allowed while migrating", "migration is over" },
	{ "something new", "log of that QEMU" },
};

#define BUSY "Hot-unplug failed: guest is busy (power indicator blinking)"

static void a_busy_guest_is_waited_for(void **state UNUSED)
{
	assert_int_equal(env_assign(3), 0);
	for (unsigned i = 0; i < 3; i++)
		refuse("device_add", "GenericError", "Slot is being hotplugged, try later");
	assert_int_equal(env_attach("web1", 3), 0);
	assert_int_equal(fake_qmp_count(&env.qmp, "device_add"), 4);
	for (unsigned i = 0; i < 3; i++)
		refuse("device_del", "GenericError", BUSY);
	assert_int_equal(env_detach("web1", 3), 0);
	assert_int_equal(fake_qmp_count(&env.qmp, "device_del"), 4);
}

/* It was plugged in a moment ago, and the guest's driver is not up yet. */
static void a_detach_right_behind_its_attach_waits_for_the_guest(void **state UNUSED)
{
	env.qmp.blinks = 4;
	assert_int_equal(give(3), 0);
	assert_int_equal(env_detach("web1", 3), 0);
	assert_int_equal(fake_qmp_count(&env.qmp, "device_del"), 5);
	assert_false(fake_qmp_has(&env.qmp, "vf-0000-05-10.6"));
	assert_string_equal(env.e.cause, "");
}

static void a_guest_that_is_busy_for_ever_is_no_longer_waited_for(void **state UNUSED)
{
	env_give(3);
	fake_qmp_fail(&env.qmp, (struct fake_qmp_rule){ .command = "device_del",
							.act = FAKE_QMP_ERROR,
							.class = "GenericError",
							.text = BUSY,
							.forever = true });
	assert_int_equal(env_detach("web1", 3), -ETIMEDOUT);
	assert_says("the guest has not released it");
	assert_true(fake_qmp_has(&env.qmp, "vf-0000-05-10.6"));
}

/* web1 becomes a machine of QEMU's default type, with @n devices in its slots from 2 on. */
static void be_a_pc(unsigned n)
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

static void a_pc_takes_a_vf_in_the_last_free_slot(void **state UNUSED)
{
	be_a_pc(2);
	assert_int_equal(give(3), 0);
	assert_string_equal(device("vf-0000-05-10.6")->bus, "pci.0");
	assert_int_equal(device("vf-0000-05-10.6")->addr, 31);
	assert_int_equal(give(4), 0);
	assert_int_equal(device("vf-0000-05-11.0")->addr, 30);
	/* Another run sees them there, and the slot of one that leaves is free again. */
	env_reload();
	assert_int_equal(env_detach("web1", 3), 0);
	assert_int_equal(env_attach("web1", 3), 0);
	assert_int_equal(device("vf-0000-05-10.6")->addr, 31);
}

static void the_guests_address_in_a_pc_is_its_slot(void **state UNUSED)
{
	struct attachment *list = NULL;
	struct domain d;
	size_t n = 0;

	be_a_pc(1);
	assert_int_equal(give(3), 0);
	assert_int_equal(kvm_backend.domain_find(env.backend, "web1", &d, &env.e), 0);
	assert_int_equal(kvm_backend.list(env.backend, &d, &list, &n, &env.e), 0);
	assert_int_equal(n, 1);
	assert_string_equal(list[0].guest_addr, "00:1f.0");
	assert_true(list[0].is_ready);
	free(list);
}

static void vslot_is_the_slot_of_a_pc(void **state UNUSED)
{
	struct dev_options o = DEV_OPTIONS_INIT;
	struct vf_ref vf = env_vf(4);
	struct domain d;

	be_a_pc(1);
	o.vslot = 9;
	assert_int_equal(env_assign(3), 0);
	assert_int_equal(env_attach_options("web1", 3, &o), 0);
	assert_int_equal(device("vf-0000-05-10.6")->addr, 9);
	o.vslot = 2;
	assert_int_equal(env_assign(4), 0);
	assert_int_equal(kvm_backend.domain_find(env.backend, "web1", &d, &env.e), 0);
	assert_int_equal(
		asked_to_attach(&kvm_backend, &env.root.host, env.backend, &d, &vf, &o, 1, &env.e),
		-ENOSPC);
	assert_says("slot 2 of pci.0 of web1 is taken");
}

static void a_pc_without_a_free_slot_is_refused_in_its_own_words(void **state UNUSED)
{
	be_a_pc(29);
	assert_int_equal(env_assign(3), 0);
	assert_int_equal(env_assign(4), 0);
	assert_int_equal(env_limits("web1", 3, 1), 0);
	assert_int_equal(env_limits("web1", 3, 2), -ENOSPC);
	assert_int_equal(env.e.status, EXIT_REFUSED);
	assert_says("web1 (pc-i440fx-9.2) has 1 free slots on pci.0, 2 are needed");
	assert_says("machine=q35");
	/* When hot plug is switched off, that is known ahead, too. */
	be_a_pc(0);
	env.qmp.no_root_plug = true;
	env_reload();
	assert_int_equal(env_limits("web1", 3, 1), -ENOSPC);
	assert_says("has 0 free slots on pci.0");
	assert_int_equal(fake_qmp_count(&env.qmp, "device_add"), 0);
}

static void the_second_monitor_is_for_us_when_the_first_is_held(void **state UNUSED)
{
	static const char *const args[] = { "qemu-kvm",
					    "-name",
					    "web1",
					    "-qmp",
					    "unix:/run/held.qmp,server=on",
					    "-qmp",
					    "unix:path=/run/web1.qmp,server=on",
					    NULL };
	struct fake_qmp held = { .n_devs = 0 };

	fake_qmp_start(&held, &env.root, "/run/held.qmp");
	fake_qmp_fail(&held, (struct fake_qmp_rule){ .command = "greeting",
						     .act = FAKE_QMP_SILENT,
						     .forever = true });
	env_process(WEB1_PID, "qemu-kvm", args);
	env_reload();
	assert_int_equal(give(3), 0);
	assert_true(fake_qmp_has(&env.qmp, "vf-0000-05-10.6"));
	fake_qmp_stop(&held);
}

static void a_monitor_for_others_is_told(void **state UNUSED)
{
	static const char *const args[] = {
		"qemu-kvm", "-name", "kata-1", "-qmp", "unix:fd=3,server=on,wait=off", NULL
	};

	env_process(90, "qemu-kvm", args);
	assert_int_equal(env_assign(3), 0);
	assert_int_equal(env_attach("kata-1", 3), -ENOTCONN);
	assert_says("only one of another kind: -qmp unix:fd=3,server=on,wait=off");
	assert_says("besides");
}

static void each_refusal_of_qemu_has_its_cure(void **state UNUSED)
{
	assert_int_equal(env_assign(3), 0);
	for (size_t i = 0; i < ARRAY_SIZE(refusals); i++) {
		refuse("device_add", "GenericError", refusals[i].desc);
		assert_int_equal(env_attach("web1", 3), -EREMOTEIO);
		assert_int_equal(env.e.status, EXIT_FAILED);
		assert_says(refusals[i].desc);
		assert_says(refusals[i].fix);
	}
	/* None of them counts as plugged in. */
	assert_int_equal(env_attach("web1", 3), 0);
}

static void success_that_is_none_is_found_out(void **state UNUSED)
{
	fake_qmp_fail(&env.qmp,
		      (struct fake_qmp_rule){ .command = "device_add", .act = FAKE_QMP_LIE });
	assert_int_equal(give(3), -ENOENT);
	assert_says("is not in the guest");
	assert_int_equal(env.e.status, EXIT_FAILED);
}

static void another_device_than_meant_is_taken_out_again(void **state UNUSED)
{
	assert_int_equal(env_assign(3), 0);
	fake_qmp_fail(&env.qmp,
		      (struct fake_qmp_rule){ .command = "qom-get",
					      .act = FAKE_QMP_RAW,
					      .text = "{\"return\": \"0000:05:10.0\", \"id\": 18}",
					      .skip = 9 });
	assert_int_equal(env_attach("web1", 3), -EIO);
	assert_says("is 0000:05:10.0");
	assert_false(fake_qmp_has(&env.qmp, "vf-0000-05-10.6"));
}

static void silence_after_device_add_is_not_taken_for_failure(void **state UNUSED)
{
	fake_qmp_fail(&env.qmp,
		      (struct fake_qmp_rule){ .command = "device_add", .act = FAKE_QMP_SILENT });
	assert_int_equal(give(3), -ETIMEDOUT);
	assert_int_equal(env.e.status, EXIT_LEFT);
	assert_says("left: QEMU may still attach it");
}

static void a_qemu_that_ends_is_an_error_and_nothing_is_left(void **state UNUSED)
{
	fake_qmp_fail(&env.qmp,
		      (struct fake_qmp_rule){ .command = "device_add", .act = FAKE_QMP_HANGUP });
	assert_int_equal(give(3), -EPIPE);
	assert_int_equal(env.e.status, EXIT_FAILED);
	/* The next one connects anew. */
	assert_int_equal(env_attach("web1", 3), 0);
	assert_int_equal(env.qmp.connections, 2);
}

static void a_flood_in_the_middle_says_what_may_be_left(void **state UNUSED)
{
	assert_int_equal(env_assign(3), 0);
	env.root.host.timeout_ms = 60000;
	fake_qmp_fail(&env.qmp,
		      (struct fake_qmp_rule){ .command = "device_add", .act = FAKE_QMP_ENDLESS });
	assert_int_equal(env_attach("web1", 3), -EMSGSIZE);
	assert_int_equal(env.e.status, EXIT_LEFT);
	assert_says("QEMU may still attach it");
}

static pthread_t main_thread;

static void ask_to_end(void *arg UNUSED, const struct fake_qmp_device *dev UNUSED, bool is_in)
{
	if (is_in)
		pthread_kill(main_thread, SIGTERM);
}

/* The run is asked to end in the middle: what QEMU may have done is taken back, whatever signal is
 * pending. */
static void an_attach_that_is_interrupted_is_undone(void **state UNUSED)
{
	struct stop *stop = env.root.host.stop;
	sigset_t old;
	int number;

	assert_int_equal(env_assign(3), 0);
	fake_qmp_fail(&env.qmp,
		      (struct fake_qmp_rule){ .command = "device_add", .act = FAKE_QMP_SILENT });
	sigemptyset(&stop->held);
	sigaddset(&stop->held, SIGTERM);
	pthread_sigmask(SIG_BLOCK, &stop->held, &old);
	main_thread = pthread_self();
	env.qmp.changed = ask_to_end;
	stop->is_on = true;
	env.root.host.timeout_ms = 60000;
	assert_int_equal(env_attach("web1", 3), -EINTR);
	assert_int_equal(env.e.status, EXIT_FAILED);
	assert_int_equal(sigwait(&stop->held, &number), 0);
	stop->is_on = false;
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	assert_int_equal(fake_qmp_count(&env.qmp, "device_add"), 1);
	assert_int_equal(fake_qmp_count(&env.qmp, "device_del"), 1);
	assert_false(fake_qmp_has(&env.qmp, "vf-0000-05-10.6"));
	assert_string_equal(env_driver(3), "vfio-pci");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, env_setup, env_teardown)

static const struct CMUnitTest tests[] = {
	TEST(a_vf_goes_into_the_first_free_port),
	TEST(several_share_one_connection_and_one_look),
	TEST(attaching_twice_is_fine),
	TEST(an_occupied_port_is_not_taken),
	TEST(a_port_with_hotplug_off_is_not_taken),
	TEST(ports_of_a_switch_are_taken_but_not_its_own),
	TEST(ports_are_taken_by_their_numbers),
	TEST(vslot_picks_the_port_with_that_number),
	TEST(a_vslot_that_no_port_has_is_refused_ahead),
	TEST(an_option_without_meaning_is_no_word_of_the_attach),
	TEST(each_option_without_meaning_is_known),
	TEST(more_than_the_free_ports_are_refused_ahead),
	TEST(a_full_guest_is_refused_by_its_ports_alone),
	TEST(a_whole_group_at_once_is_no_refusal),
	TEST(a_domain_that_does_not_run_has_only_its_buses),
	TEST(spare_ports_of_a_domain_count_before_it_runs),
	TEST(a_vf_of_another_guest_is_refused_ahead),
	TEST(a_vf_of_the_host_is_not_attached),
	TEST(a_qemu_of_libvirt_without_its_library_is_left_to_virsh),
	TEST(a_guest_in_libvirts_scope_is_libvirts),
	TEST(a_guest_without_monitor_says_how_to_have_one),
	TEST(a_held_monitor_is_said),
	TEST(a_busy_guest_is_waited_for),
	TEST(a_detach_right_behind_its_attach_waits_for_the_guest),
	TEST(a_guest_that_is_busy_for_ever_is_no_longer_waited_for),
	TEST(a_pc_takes_a_vf_in_the_last_free_slot),
	TEST(the_guests_address_in_a_pc_is_its_slot),
	TEST(vslot_is_the_slot_of_a_pc),
	TEST(a_pc_without_a_free_slot_is_refused_in_its_own_words),
	TEST(the_second_monitor_is_for_us_when_the_first_is_held),
	TEST(a_monitor_for_others_is_told),
	TEST(each_refusal_of_qemu_has_its_cure),
	TEST(success_that_is_none_is_found_out),
	TEST(another_device_than_meant_is_taken_out_again),
	TEST(silence_after_device_add_is_not_taken_for_failure),
	TEST(a_qemu_that_ends_is_an_error_and_nothing_is_left),
	TEST(a_flood_in_the_middle_says_what_may_be_left),
	TEST(an_attach_that_is_interrupted_is_undone),
};

TEST_MAIN(tests)
