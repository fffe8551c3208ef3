// SPDX-License-Identifier: GPL-2.0-or-later
/* The three formats of one plan: qemu, readconfig, libvirt. */
#include "test.h"

#include <string.h>

#include "fake_model.h"

static const struct fake_pf pfs[] = {
	{ "0000:05:00.0", "enp5s0f0", "igb", "igbvf", 7, 7, 128, 2, -1 },
	{ "10000:e1:00.0", NULL, "nvme", "nvme", 255, 255, 1, 1, -1 },
};

static const char topology[] =
	"{\"version\":1,\"pf\":[{\"name\":\"net0\",\"bdf\":\"0000:05:00.0\",\"numvfs\":7},"
	"{\"name\":\"stor\",\"bdf\":\"10000:e1:00.0\",\"numvfs\":255}],\"domain\":["
	"{\"name\":\"web1\",\"kvm\":{\"qmp\":\"/run/qemu/web1,a.qmp\",\"spare\":6},\"devices\":["
	"{\"pf\":\"net0\",\"index\":\"0-1\"},{\"pf\":\"stor\",\"index\":\"3\"}]},"
	"{\"name\":\"arm1\",\"kvm\":{\"libvirt\":\"arm-1\",\"machine\":\"virt\","
	"\"ports\":\"switch\",\"spare\":1},\"devices\":[{\"pf\":\"net0\",\"index\":\"2-3\"}]},"
	"{\"name\":\"lib1\",\"kvm\":{\"spare\":6},\"devices\":[{\"pf\":\"net0\",\"index\":\"4-6\"}]},"
	"{\"name\":\"big\",\"kvm\":{\"machine\":\"virt\",\"spare\":3},\"devices\":["
	"{\"pf\":\"stor\",\"index\":\"4-254\"}]}]}";

static void open_model(struct fake_model *m, const char *domain)
{
	fake_model_init(m, pfs, 2, topology);
	m->in.reserve = 2;
	m->in.domain = domain ? topology_find_domain(m->topo, domain) : NULL;
}

static void assert_renders(const char *format, const char *domain, bool with_machine,
			   const char *cpu, const char *golden)
{
	_cleanup_free_ char *text = NULL;
	struct fake_model m;
	struct err e = { 0 };

	open_model(&m, domain);
	m.in.with_machine = with_machine;
	m.in.cpu = cpu;
	text = fake_model_render(&m, format, &e);
	if (!text)
		fail_msg("%s: %s", e.object, e.cause);
	assert_golden(golden, text);
	fake_model_done(&m);
}

static void assert_fails(struct fake_model *m, const char *format, enum exit_status status,
			 const char *cause, const char *fix)
{
	struct err e = { 0 };

	assert_null(fake_model_render(m, format, &e));
	assert_int_equal(e.status, status);
	if (!strstr(e.cause, cause))
		fail_msg("'%s' lacks '%s'", e.cause, cause);
	assert_string_equal(e.fix, fix);
}

static void ports_come_before_what_is_in_them(void **state UNUSED)
{
	assert_renders("qemu", "web1", false, NULL, "render/qemu");
	assert_renders("qemu", "arm1", false, "cortex-a76", "render/qemu-switch");
}

static void whole_machines_can_be_started_as_they_are(void **state UNUSED)
{
	assert_renders("qemu", "web1", true, NULL, "render/qemu-machine");
	assert_renders("qemu", "arm1", true, "max", "render/qemu-machine-virt");
}

static void file_has_the_same_devices(void **state UNUSED)
{
	assert_renders("readconfig", "web1", false, NULL, "render/readconfig");
	assert_renders("readconfig", "arm1", false, NULL, "render/readconfig-switch");
}

static void libvirt_gets_the_same_addresses(void **state UNUSED)
{
	assert_renders("libvirt", "lib1", true, NULL, "render/libvirt-machine");
	assert_renders("libvirt", "arm1", false, NULL, "render/libvirt-switch");
	assert_renders("libvirt", "arm1", true, "cortex-a57", "render/libvirt-machine-virt");
}

static void numbers_of_the_plan_are_a_note(void **state UNUSED)
{
	_cleanup_free_ char *text = NULL;
	struct fake_model m;

	open_model(&m, "web1");
	text = fake_model_render(&m, "qemu", NULL);
	assert_int_equal(m.notes.n, 1);
	assert_int_equal(m.notes.n_errors, 0);
	assert_string_equal(m.notes.v[0].err.cause, "web1: 3 VFs, 6 spare ports: 10 of 256 buses, "
						    "2 of 30 slots of pcie.0");
	fake_model_done(&m);
}

static void vfs_that_are_not_made_are_marked(void **state UNUSED)
{
	static const struct fake_pf half = {
		"0000:05:00.0", NULL, "igb", "igbvf", 7, 1, 128, 2, -1
	};
	static const char json[] =
		"{\"version\":1,\"pf\":[{\"name\":\"net0\",\"bdf\":\"0000:05:00.0\"}],\"domain\":[{"
		"\"name\":\"d\",\"kvm\":{\"spare\":1},\"devices\":[{\"pf\":\"net0\",\"index\":\"0-2\"}]}]"
		"}";
	_cleanup_free_ char *qemu = NULL, *file = NULL, *xml = NULL;
	const char *mark;
	struct fake_model m;

	fake_model_init(&m, &half, 1, json);
	qemu = fake_model_render(&m, "qemu", NULL);
	assert_non_null(qemu);
	assert_int_equal(m.notes.n, 2);
	assert_string_equal(m.notes.v[1].err.cause,
			    "d: 2 addresses are computed, 0000:05:10.2 and others: VFs that are "
			    "not made yet may get other addresses");
	file = fake_model_render(&m, "readconfig", NULL);
	mark = strstr(file, "# computed: the VF is not made yet");
	assert_true(mark && mark > strstr(file, "host = \"0000:05:10.0\""));
	assert_true(mark < strstr(file, "host = \"0000:05:10.2\""));
	assert_non_null(strstr(mark + 1, "# computed"));
	xml = fake_model_render(&m, "libvirt", NULL);
	mark = strstr(xml, "<!-- computed: the VF is not made yet");
	assert_true(mark && mark > strstr(xml, "slot='0x10' function='0x0'"));
	assert_true(mark < strstr(xml, "slot='0x10' function='0x2'"));
	fake_model_done(&m);
}

/* One domain of a topology with machine=virt and @n VFs; is there a note with this cure? */
static bool has_note(unsigned n, bool with_machine, const char *fix)
{
	_cleanup_free_ char *text = NULL;
	struct fake_model m;
	bool found = false;
	char json[256];

	snprintf(json, sizeof(json),
		 "{\"version\":1,\"pf\":[{\"name\":\"stor\",\"bdf\":\"10000:e1:00.0\"}],"
		 "\"domain\":[{\"name\":\"d\",\"kvm\":{\"machine\":\"virt\"},\"devices\":["
		 "{\"pf\":\"stor\",\"index\":\"0-%u\"}]}]}",
		 n - 1);
	fake_model_init(&m, pfs, 2, json);
	m.in.with_machine = with_machine;
	text = fake_model_render(&m, "readconfig", NULL);
	assert_non_null(text);
	for (size_t i = 0; i < m.notes.n; i++)
		found |= !strcmp(m.notes.v[i].err.fix, fix);
	fake_model_done(&m);
	return found;
}

static void machine_with_too_few_interrupts_is_a_note(void **state UNUSED)
{
	static const char fix[] = "start it with gic-version=3";

	assert_false(has_note(15, false, fix));
	assert_true(has_note(16, false, fix));
	assert_false(has_note(16, true, fix));
}

/* Bus 0, and one behind each port. */
static void machine_with_too_few_buses_is_a_note(void **state UNUSED)
{
	static const char fix[] = "start it without these words";

	assert_false(has_note(15, false, fix));
	assert_true(has_note(16, false, fix));
	assert_false(has_note(16, true, fix));
}

static void machine_that_is_too_small_is_refused(void **state UNUSED)
{
	struct fake_model m;
	struct err e = { 0 };

	open_model(&m, "big");
	assert_fails(&m, "qemu", EXIT_REFUSED, "251 VFs and 3 spare ports need 254 ports",
		     "write spare=2 or less");
	assert_fails(&m, "readconfig", EXIT_REFUSED, "has room for 253", "write spare=2 or less");
	assert_null(fake_model_render(&m, "libvirt", &e));
	assert_string_equal(e.object, "big");
	assert_string_equal(e.step, "plan its ports");
	fake_model_done(&m);
}

static void reserved_slots_are_the_callers_choice(void **state UNUSED)
{
	_cleanup_free_ char *few = NULL, *all = NULL;
	struct fake_model m;

	fake_model_init(&m, pfs, 2,
			"{\"version\":1,\"pf\":[{\"name\":\"stor\",\"bdf\":\"10000:e1:00.0\"}],"
			"\"domain\":[{\"name\":\"d\",\"devices\":[{\"pf\":\"stor\","
			"\"index\":\"0-239\"}]}]}");
	m.in.reserve = 2;
	few = fake_model_render(&m, "qemu", NULL);
	m.in.reserve = 0;
	all = fake_model_render(&m, "qemu", NULL);
	assert_non_null(strstr(few, "xio3130-downstream"));
	assert_null(strstr(few, "addr=0x2.0x0"));
	assert_null(strstr(all, "xio3130-downstream"));
	assert_non_null(strstr(all, "addr=0x1.0x0"));
	fake_model_done(&m);
}

static void machine_must_be_named_where_there_are_several(void **state UNUSED)
{
	struct fake_model m;

	open_model(&m, NULL);
	assert_fails(&m, "libvirt", EXIT_USAGE,
		     "describes one machine, but topology.json has 4 domains",
		     "name one of web1, arm1, lib1, big");
	fake_model_done(&m);
}

static void only_domain_needs_no_name(void **state UNUSED)
{
	_cleanup_free_ char *text = NULL;
	struct fake_model m;

	fake_model_init(&m, pfs, 1,
			"{\"version\":1,\"pf\":[{\"name\":\"net0\",\"bdf\":\"0000:05:00.0\"}],"
			"\"domain\":[{\"name\":\"empty\",\"devices\":[]}]}");
	text = fake_model_render(&m, "qemu", NULL);
	assert_non_null(text);
	assert_string_equal(text, "");
	fake_model_done(&m);
}

static void what_a_shell_would_split_is_refused(void **state UNUSED)
{
	static const char fix[] = "write letters, digits and _-+=.,:/@%";
	static const char *const words[] = { "",    "a b",   "a\tb", "a*", "a?",  "[a]",
					     "'a'", "\"a\"", "a\\",  "$a", "`a`", "a\nb" };
	struct fake_model m;

	open_model(&m, "web1");
	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		m.in.cpu = words[i];
		assert_fails(&m, "qemu", EXIT_USAGE, "is not one word for a shell", fix);
	}
	m.in.cpu = NULL;
	m.in.with_machine = true;
	free(m.topo->domains[0].qmp);
	m.topo->domains[0].qmp = strdup("/run/my vm.qmp");
	assert_fails(&m, "qemu", EXIT_USAGE, "qmp '/run/my vm.qmp' is not one word", fix);
	fake_model_done(&m);
}

static void a_machine_without_spare_ports_has_a_note(void **state UNUSED)
{
	static const char *const formats[] = { "qemu", "readconfig", "libvirt" };

	for (unsigned i = 0; i < 2 * ARRAY_SIZE(formats); i++) {
		struct fake_model m;
		bool found = false;

		open_model(&m, "arm1");
		m.topo->domains[1].spare = i % 2;
		free(fake_model_render(&m, formats[i / 2], NULL));
		for (size_t k = 0; k < m.notes.n; k++)
			found |=
				!strncmp(m.notes.v[k].err.cause, "arm1: without spare ports", 25) &&
				!strcmp(m.notes.v[k].err.fix,
					"write \"kvm: spare=2\" for it in the topology");
		assert_int_equal(found, !(i % 2));
		fake_model_done(&m);
	}
}

/* It could not be hot-plugged, and would say so only when somebody tries. */
static void a_machine_without_a_monitor_has_a_note(void **state UNUSED)
{
	for (int has_qmp = 0; has_qmp < 2; has_qmp++) {
		struct fake_model m;
		struct err e = { 0 };
		bool found = false;
		char *text;

		open_model(&m, "web1");
		m.in.with_machine = true;
		free(m.topo->domains[0].qmp);
		m.topo->domains[0].qmp = has_qmp ? strdup("/run/web1.qmp") : NULL;
		text = fake_model_render(&m, "qemu", &e);
		assert_non_null(text);
		assert_int_equal(strstr(text, "-qmp unix:/run/web1.qmp,server=on") != NULL,
				 has_qmp);
		for (size_t i = 0; i < m.notes.n; i++)
			found |= strstr(m.notes.v[i].err.fix, "kvm: qmp=/run/web1.qmp") != NULL;
		assert_int_equal(found, !has_qmp);
		free(text);
		fake_model_done(&m);
	}
}

static void libvirt_takes_no_segment_of_five_digits(void **state UNUSED)
{
	struct fake_model m;

	open_model(&m, "web1");
	for (int hostdev = 0; hostdev < 2; hostdev++) {
		m.in.hostdev = hostdev;
		assert_fails(
			&m, "libvirt", EXIT_REFUSED, "PCI segments of four digits",
			"start the machine without libvirt: vfyard render qemu names it by its "
			"path");
	}
	fake_model_done(&m);
}

/* virsh takes one element, and the domain needs neither a port nor an address in it. */
static void domain_that_exists_takes_a_hostdev_alone(void **state UNUSED)
{
	static const char want[] =
		"<hostdev mode='subsystem' type='pci' managed='no'>\n"
		"  <driver name='vfio'/>\n"
		"  <source>\n"
		"    <address domain='0x0000' bus='0x05' slot='0x10' function='0x4'/>\n"
		"  </source>\n"
		"  <alias name='ua-vfyard-net0-2'/>\n"
		"</hostdev>\n";
	_cleanup_free_ char *one = NULL, *both = NULL;
	struct fake_model m;
	struct vf_ref vf;

	open_model(&m, NULL);
	m.in.hostdev = true;
	m.pfs[0]->name = "net0";
	vf = (struct vf_ref){ m.pfs[0], 2 };
	m.in.vfs = &vf;
	m.in.n_vfs = 1;
	one = fake_model_render(&m, "libvirt", NULL);
	assert_string_equal(one, want);
	assert_int_equal(m.notes.n, 0);
	m.in.n_vfs = 0;
	m.in.domain = topology_find_domain(m.topo, "arm1");
	both = fake_model_render(&m, "libvirt", NULL);
	assert_int_equal(strncmp(both, want, strlen(want)), 0);
	assert_non_null(strstr(both, "ua-vfyard-net0-3"));
	assert_null(strstr(both, "controller"));
	assert_int_equal(m.notes.n, 1);
	assert_string_equal(m.notes.v[0].err.cause,
			    "virsh attach-device takes one element, but these are 2");
	assert_string_equal(m.notes.v[0].err.fix,
			    "run for each: vfyard render libvirt --hostdev net0/2 | virsh "
			    "attach-device arm-1 /dev/stdin --live --config");
	m.in.with_machine = true;
	assert_fails(&m, "libvirt", EXIT_USAGE, "--hostdev is only for a machine that exists",
		     "leave out --hostdev or --with-machine");
	fake_model_done(&m);
}

static void cpu_of_libvirt_is_a_model_in_a_machine(void **state UNUSED)
{
	struct fake_model m;

	open_model(&m, "web1");
	m.in.cpu = "SandyBridge";
	assert_fails(&m, "libvirt", EXIT_USAGE, "--cpu has no place in a list of devices",
		     "add --with-machine");
	m.in.with_machine = true;
	m.in.cpu = "SandyBridge,+x2apic";
	assert_fails(&m, "libvirt", EXIT_USAGE, "is not the name of a CPU model",
		     "give the model alone, and its features with virsh edit");
	fake_model_done(&m);
}

static void comment_is_not_ended_by_a_name(void **state UNUSED)
{
	_cleanup_free_ char *text = NULL;
	struct fake_model m;

	open_model(&m, "arm1");
	free(m.topo->domains[1].name);
	m.topo->domains[1].name = strdup("a--->b");
	text = fake_model_render(&m, "libvirt", NULL);
	assert_non_null(text);
	assert_true(!strncmp(text, "<!-- a-?->b: 2 VFs", 18));
	fake_model_done(&m);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(ports_come_before_what_is_in_them),
	cmocka_unit_test(whole_machines_can_be_started_as_they_are),
	cmocka_unit_test(file_has_the_same_devices),
	cmocka_unit_test(libvirt_gets_the_same_addresses),
	cmocka_unit_test(numbers_of_the_plan_are_a_note),
	cmocka_unit_test(vfs_that_are_not_made_are_marked),
	cmocka_unit_test(machine_with_too_few_interrupts_is_a_note),
	cmocka_unit_test(machine_with_too_few_buses_is_a_note),
	cmocka_unit_test(machine_that_is_too_small_is_refused),
	cmocka_unit_test(reserved_slots_are_the_callers_choice),
	cmocka_unit_test(machine_must_be_named_where_there_are_several),
	cmocka_unit_test(only_domain_needs_no_name),
	cmocka_unit_test(what_a_shell_would_split_is_refused),
	cmocka_unit_test(a_machine_without_spare_ports_has_a_note),
	cmocka_unit_test(a_machine_without_a_monitor_has_a_note),
	cmocka_unit_test(libvirt_takes_no_segment_of_five_digits),
	cmocka_unit_test(domain_that_exists_takes_a_hostdev_alone),
	cmocka_unit_test(cpu_of_libvirt_is_a_model_in_a_machine),
	cmocka_unit_test(comment_is_not_ended_by_a_name),
};

TEST_MAIN(tests)
