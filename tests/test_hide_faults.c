// SPDX-License-Identifier: GPL-2.0-or-later
/* Where hide= is set, and what it takes that nobody can want it to take. */
#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "topology/hide_faults.h"
#include "fake_root.h"
#include "topology/build/load.h"

#define MODULE "xen-pciback"
#define LOADED "sys/module/xen_pciback/parameters/hide="

static struct fake_root root;

static int setup(void **state UNUSED)
{
	fake_root_init(&root, NULL);
	fake_root_add(&root, "sys/bus/pci/devices/");
	return 0;
}

static int teardown(void **state UNUSED)
{
	fake_root_done(&root);
	return 0;
}

static struct hide_sources read_sources(void)
{
	struct hide_sources s;

	assert_int_equal(hide_sources_read(&root.host, MODULE, &s, NULL), 0);
	return s;
}

static void assert_source(const struct hide_sources *s, size_t i, const char *where,
			  const char *value)
{
	assert_true(i < s->n);
	assert_string_equal(s->v[i].where, where);
	assert_string_equal(s->v[i].value, value);
}

static void files_come_in_the_order_of_names_and_the_line_last(void **state UNUSED)
{
	struct hide_sources s;
	const char *where;

	fake_root_add(&root, "etc/modprobe.d/z.conf=options xen-pciback hide=(05:10.0)");
	fake_root_add(&root,
		      "usr/lib/modprobe.d/m.conf=# options xen-pciback hide=(1:2.3)\\n"
		      "options igb max_vfs=7\\noptions xen-pciback-x hide=(1:2.3)\\n"
		      "options\txen_pciback \\\\\\n passthrough=1 hide=\"(05:10.2) (05:10.4)\"");
	fake_root_add(&root, "usr/lib/modprobe.d/z.conf=options xen-pciback hide=(6:6.6)");
	fake_root_add(&root, "etc/modprobe.d/a.conf.bak=options xen-pciback hide=(7:7.7)");
	fake_root_add(&root, "proc/cmdline=ro xen-pciback.hide=(05:11.0) "
			     "\"xen_pciback.hide=(05:11.2) (05:11.4)\" quiet");
	s = read_sources();
	assert_int_equal(s.n, 4);
	assert_source(&s, 0, "/usr/lib/modprobe.d/m.conf", "(05:10.2) (05:10.4)");
	assert_source(&s, 1, "/etc/modprobe.d/z.conf", "(05:10.0)");
	assert_source(&s, 2, HIDE_LINE, "(05:11.0)");
	assert_source(&s, 3, HIDE_LINE, "(05:11.2) (05:11.4)");
	assert_string_equal(hide_sources_in_force(&s, &where), "(05:11.2) (05:11.4)");
	assert_string_equal(where, HIDE_LINE);
	hide_sources_done(&s);
}

static void what_the_driver_was_loaded_with_is_in_force(void **state UNUSED)
{
	struct hide_sources s;
	const char *where;

	s = read_sources();
	assert_null(hide_sources_in_force(&s, &where));
	assert_false(s.is_loaded);
	hide_sources_done(&s);
	fake_root_add(&root, "proc/cmdline=xen-pciback.hide=(05:11.0)");
	fake_root_add(&root, LOADED "(0b:00.0)");
	s = read_sources();
	assert_string_equal(hide_sources_in_force(&s, &where), "(0b:00.0)");
	assert_string_equal(where, "what the driver was loaded with");
	hide_sources_done(&s);
}

/* Finds the faults of one host: @topo has PF net0 at 05:00.0. */
static struct problems faults(void)
{
	static const char json[] =
		"{\"version\":1,\"pf\":[{\"name\":\"net0\",\"bdf\":\"0000:05:00.0\"}]}";
	struct problems ret = { 0 }, none = { 0 };
	struct hide_sources s = read_sources();
	struct topology *t = NULL;
	struct pf pf = { .bdf = { .bus = 5 } }, *pfs[] = { &pf };
	struct hide_ask a = { &root.host, MODULE, "pciback", NULL, pfs };
	const struct hide_source *last = hide_sources_last(&s);

	assert_int_equal(topology_parse(&t, json, strlen(json), "t.json", &none, NULL), 0);
	a.topo = t;
	hide_faults_entries(&a, &s, &ret);
	hide_faults_places(&a, &s, &ret);
	if (last)
		assert_int_equal(hide_faults_value(&a, last->value, last->where, &ret, NULL), 0);
	hide_sources_done(&s);
	topology_free(t);
	problems_done(&none);
	return ret;
}

/* Asserts that there is one, with this cause and fix. */
static void assert_only(bool is_note, const char *cause, const char *fix)
{
	struct problems p = faults();

	if (p.n != 1)
		fail_msg("%zu problems, not one: %s", p.n, p.n ? p.v[0].err.cause : "");
	assert_int_equal(p.v[0].is_note, is_note);
	assert_string_equal(p.v[0].err.cause, cause);
	assert_string_equal(p.v[0].err.fix, fix);
	problems_done(&p);
}

static void assert_none(void)
{
	struct problems p = faults();

	assert_int_equal(p.n, 0);
	problems_done(&p);
}

static void a_bad_entry_is_an_error_until_the_driver_is_there(void **state UNUSED)
{
	static const char cause[] = "hide= has a bad entry, '(0b::00.1)', and the kernel loads no "
				    "driver for any of it (/etc/modprobe.d/xen.conf)";

	fake_root_add(&root,
		      "etc/modprobe.d/xen.conf=options xen-pciback hide=(0b:00.0)(0b::00.1)");
	assert_only(false, cause,
		    "correct it in /etc/modprobe.d/xen.conf, run update-initramfs -u and reboot; "
		    "until then: modprobe xen-pciback hide=");
	fake_root_add(&root, "sys/bus/pci/drivers/pciback/");
	assert_only(true, cause,
		    "correct it in /etc/modprobe.d/xen.conf, run update-initramfs -u and reboot");
}

static void an_entry_that_does_not_count_is_named_with_both_places(void **state UNUSED)
{
	fake_root_add(&root, "etc/modprobe.d/xen.conf=options xen-pciback hide=(0b:00.0)(05:10.0)");
	fake_root_add(&root, "proc/cmdline=xen-pciback.hide=(0000:05:10.*)");
	assert_only(true,
		    "hide= is set by /etc/modprobe.d/xen.conf and by " HIDE_LINE
		    ", and only the last one counts",
		    "put (0b:00.0) into " HIDE_LINE ", because otherwise it is not hidden");
}

static void two_places_that_agree_are_one_too_many(void **state UNUSED)
{
	fake_root_add(&root, "etc/modprobe.d/xen.conf=options xen-pciback hide=(0b:00.0)");
	fake_root_add(&root, "proc/cmdline=xen-pciback.hide=(0000:0b:00.0)");
	assert_only(true,
		    "hide= is set by /etc/modprobe.d/xen.conf and by " HIDE_LINE
		    ", and only the last one counts",
		    "keep one of them");
}

/* render grub does this, behind a word written by hand. */
static void a_second_word_that_keeps_the_first_is_fine(void **state UNUSED)
{
	fake_root_add(
		&root,
		"proc/cmdline=xen-pciback.hide=(0b:00.0) xen-pciback.hide=(0b:00.0)(05:10.0)");
	assert_none();
	fake_root_add(&root, "proc/cmdline=xen-pciback.hide=(0b:00.0) xen-pciback.hide=(05:10.0)");
	assert_only(true,
		    "hide= is set by " HIDE_LINE " and again by " HIDE_LINE
		    ", and only the last one counts",
		    "put (0b:00.0) into " HIDE_LINE ", because otherwise it is not hidden");
}

static void what_was_loaded_may_differ_from_what_is_set(void **state UNUSED)
{
	fake_root_add(&root, "proc/cmdline=xen-pciback.hide=(05:10.0)");
	fake_root_add(&root, LOADED "(05:10.0)");
	assert_none();
	fake_root_add(&root, LOADED "(05:10.0)(0b:00.0)");
	assert_only(
		true,
		"hide= had (0b:00.0) when driver pciback was loaded, which is not in " HIDE_LINE,
		"if it is to be hidden after the next boot, put it there");
	fake_root_add(&root, LOADED "(null)");
	assert_only(true,
		    "hide= has (05:10.0) (" HIDE_LINE "), and driver pciback was loaded "
		    "without it",
		    "it counts from the next boot on");
}

static void a_pf_that_is_hidden_is_named(void **state UNUSED)
{
	static const struct fake_pf pf = { "0000:05:00.0", NULL, "ixgbe", NULL, 7, 0, 128, 2, -1 };

	fake_root_add_pf(&root, &pf);
	fake_root_add(&root, "etc/modprobe.d/x.conf=options xen-pciback hide=(05:00.*)");
	assert_only(
		true,
		"hide= has (05:00.*) (/etc/modprobe.d/x.conf), which takes PF net0 (0000:05:00.0) "
		"itself, so the PF makes no VFs",
		"take that entry out of /etc/modprobe.d/x.conf before the next boot");
}

static void a_vf_that_is_hidden_is_none(void **state UNUSED)
{
	static const struct fake_pf pf = { "0000:05:00.0", NULL, "ixgbe", NULL, 7, 7, 128, 2, -1 };

	fake_root_add_pf(&root, &pf);
	fake_root_add(&root, "proc/cmdline=xen-pciback.hide=(05:10.*)");
	assert_none();
}

#define DISK "sys/devices/pci0000:00/0000:00:1c.0/0000:02:00.0"

/* A disk with the root file system, behind a bridge. */
static void what_the_host_boots_from_is_named(void **state UNUSED)
{
	static const char *const lines[] = {
		"sys/devices/pci0000:00/0000:00:1c.0/class=0x060400",
		DISK "/class=0x010802",
		DISK "/nvme/nvme0/nvme0n1/dev=259:0",
		"sys/bus/pci/devices/0000:00:1c.0 -> ../../../devices/pci0000:00/0000:00:1c.0",
		"sys/bus/pci/devices/0000:02:00.0 -> "
		"../../../devices/pci0000:00/0000:00:1c.0/0000:02:00.0",
		DISK "/nvme/nvme0/subsystem -> ../../../../../../class/nvme",
		DISK "/nvme/nvme0/nvme0n1/subsystem -> ../../../../../../../class/block",
		DISK "/nvme/nvme0/nvme0n1/holders/",
		"sys/class/block/nvme0n1 -> "
		"../../devices/pci0000:00/0000:00:1c.0/0000:02:00.0/nvme/nvme0/nvme0n1",
		"proc/self/mountinfo=22 1 259:0 / / rw shared:1 - ext4 /dev/nvme0n1 rw",
		NULL,
	};
	struct problems p;

	for (size_t i = 0; lines[i]; i++)
		fake_root_add(&root, lines[i]);
	fake_root_add(&root, "proc/cmdline=xen-pciback.hide=(00:1c.0)");
	p = faults();
	assert_int_equal(p.n, 1);
	assert_true(p.v[0].is_note);
	assert_non_null(strstr(p.v[0].err.cause,
			       "hide= has (00:1c.0) (" HIDE_LINE
			       "), which takes 0000:02:00.0 from the host, and "));
	assert_non_null(strstr(p.v[0].err.cause, "nvme0n1"));
	assert_string_equal(p.v[0].err.fix, "take that entry out of GRUB's files before the next "
					    "boot");
	problems_done(&p);
	/* The host boots without what the driver holds. */
	fake_root_add(&root, "sys/bus/pci/drivers/pciback/");
	fake_root_add(&root, DISK "/driver -> "
				  "../../../../bus/pci/drivers/pciback");
	assert_none();
}

static void the_display_of_the_firmware_is_named(void **state UNUSED)
{
	fake_root_add(&root, "sys/bus/pci/devices/0000:0b:00.0/boot_vga=1");
	fake_root_add(&root, "sys/bus/pci/devices/0000:0c:00.0/boot_vga=0");
	fake_root_add(&root, "proc/cmdline=xen-pciback.hide=(0b:00.0)(0c:00.0)");
	assert_only(true,
		    "hide= has (0b:00.0) (" HIDE_LINE "), which takes 0000:0b:00.0 from the host, "
		    "and it is the display that the firmware boots on",
		    "take that entry out of GRUB's files before the next boot");
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

static const struct CMUnitTest tests[] = {
	TEST(files_come_in_the_order_of_names_and_the_line_last),
	TEST(what_the_driver_was_loaded_with_is_in_force),
	TEST(a_bad_entry_is_an_error_until_the_driver_is_there),
	TEST(an_entry_that_does_not_count_is_named_with_both_places),
	TEST(two_places_that_agree_are_one_too_many),
	TEST(a_second_word_that_keeps_the_first_is_fine),
	TEST(what_was_loaded_may_differ_from_what_is_set),
	TEST(a_pf_that_is_hidden_is_named),
	TEST(a_vf_that_is_hidden_is_none),
	TEST(what_the_host_boots_from_is_named),
	TEST(the_display_of_the_firmware_is_named),
};

TEST_MAIN(tests)
