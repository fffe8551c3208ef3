// SPDX-License-Identifier: GPL-2.0-or-later
/* What an apply does not begin: refusals of the check and of the guard, and a memory that it cannot
 * use. */
#include "test.h"

#include <string.h>
#include <fcntl.h>
#include <unistd.h>

#include "fake_yard_check.h"

static void no_vf_is_unmade_under_a_guest(void **state)
{
	struct fake_yard *y = *state;

	yard_topology(y, "4", WEB1);
	yard_must(y, YARD_APPLY);
	assert_string_equal(yard_domain_of(y, 0, 0), "web1");
	yard_topology(y, "3", WEB1);
	yard_fails(y, YARD_APPLY, EXIT_REFUSED, "net0/0 (domain web1)");
}

static void force_does_not_unmake_it_either(void **state)
{
	static const char *const forced[] = { "net0", "net0/0", "web1" };
	struct fake_yard *y = *state;

	yard_topology(y, "4", WEB1);
	yard_must(y, YARD_APPLY);
	yard_topology(y, "3", WEB1);
	y->root.host.forced = forced;
	y->root.host.n_forced = ARRAY_SIZE(forced);
	yard_fails(y, YARD_APPLY, EXIT_REFUSED, "net0/0 (domain web1)");
}

static void the_way_out_of_the_host_is_not_changed(void **state)
{
	struct fake_yard *y = *state;

	fake_root_add(&y->root, "sys/class/net/eth0/flags=0x1003");
	fake_root_add(&y->root, "proc/net/route=Iface Destination Gateway Flags RefCnt Use "
				"Metric Mask\\neth0 00000000 0100000A 0003 0 0 0 00000000");
	fake_root_add(&y->root, "sys/class/net/eth0/flags=0x1003");
	yard_topology(y, "4", "");
	yard_fails(y, YARD_APPLY, EXIT_REFUSED, "default route");
}

#define VF0 "sys/devices/pci0000:06/0000:06:10.0"

/* The host's only way out is a VF of its own, and one thing about it is to be changed. */
static void way_out_is_kept(struct fake_yard *y, const char *change)
{
	char text[512];

	fake_root_add(&y->root, VF0 "/net/vf0/flags=0x1003");
	fake_root_add(&y->root,
		      "sys/class/net/vf0 -> ../../devices/pci0000:06/0000:06:10.0/net/vf0");
	fake_root_add(&y->root, "proc/net/route=Iface Destination Gateway Flags RefCnt Use Metric "
				"Mask\\nvf0 00000000 0100000A 0003 0 0 0 00000000");
	snprintf(text, sizeof(text),
		 "{\"version\":1,\"pf\":[{\"name\":\"net1\",\"bdf\":\"0000:06:00.0\"}],\"vf\":["
		 "{\"pf\":\"net1\",\"index\":\"0\",%s}]}",
		 change);
	fake_yard_topology(y, text);
	yard_fails(
		y, YARD_APPLY, EXIT_REFUSED,
		"net1/0 (0000:06:10.0): the host needs it: vf0 carries the default route; move that "
		"off it first, or add --force net1/0");
	assert_int_equal(y->changes, 0);
}

static void a_vf_the_host_lives_on_keeps_its_driver(void **state)
{
	way_out_is_kept(*state, "\"driver\":\"none\"");
}

static void a_vf_the_host_lives_on_keeps_its_settings(void **state)
{
	struct fake_yard *y = *state;
	static const char *const forced[] = { "net1/0" };

	way_out_is_kept(y, "\"vlan\":5,\"trust\":true");
	y->root.host.forced = forced;
	y->root.host.n_forced = 1;
	yard_must(y, YARD_APPLY);
	assert_int_equal(fake_netvf_vf(&y->netvf, "eth1", 0)->vlan, 5);
}

static void a_vf_the_host_lives_on_is_not_taken_for_a_domain(void **state)
{
	way_out_is_kept(*state, "\"vlan\":5,\"driver\":\"assign\"");
}

/* A container has the network device of net1/1. */
#define NETNS                                                                                      \
	"net1/1 (0000:06:10.2): in use: its network device is in another network namespace, such " \
	"as a container's; end that first, or add --force net1/1"

static void in_container(struct fake_yard *y, const char *topology)
{
	fake_root_add(&y->root, "sys/devices/pci0000:06/0000:06:10.2/net/");
	fake_yard_topology(y, topology);
	yard_fails(y, YARD_APPLY, EXIT_REFUSED, NETNS);
	assert_int_equal(y->changes, 0);
	/* The plan knows it, too. */
	fake_yard_run(y, YARD_PLAN);
	assert_int_equal(y->n_problems, 1);
}

static void no_vf_is_unmade_under_a_container(void **state)
{
	static const char *const forced[] = { "net1/1" };
	struct fake_yard *y = *state;

	in_container(y, "{\"version\":1,\"pf\":[{\"name\":\"net1\",\"bdf\":\"0000:06:00.0\","
			"\"numvfs\":5}]}");
	y->root.host.forced = forced;
	y->root.host.n_forced = 1;
	yard_must(y, YARD_APPLY);
	assert_int_equal(yard_number(y, "0000:06:00.0", "sriov_numvfs"), 5);
}

static void no_vf_is_taken_from_a_container(void **state)
{
	in_container(*state, "{\"version\":1,\"pf\":[{\"name\":\"net1\",\"bdf\":"
			     "\"0000:06:00.0\"}],\"vf\":[{\"pf\":\"net1\",\"index\":\"*\","
			     "\"driver\":\"assign\"}]}");
}

static void no_setting_of_a_containers_vf_is_changed(void **state)
{
	in_container(*state, "{\"version\":1,\"pf\":[{\"name\":\"net1\",\"bdf\":"
			     "\"0000:06:00.0\"}],\"vf\":[{\"pf\":\"net1\",\"index\":\"*\","
			     "\"vlan\":7}]}");
}

static void a_pf_of_another_host_is_refused(void **state)
{
	struct fake_yard *y = *state;

	fake_yard_topology(y, "{\"version\":1,\"pf\":[{\"name\":\"net0\",\"bdf\":\"0000:99:00.0\","
			      "\"numvfs\":1}]}");
	yard_fails(y, YARD_APPLY, EXIT_REFUSED, "no PF of this host matches");
}

static void a_pf_without_numvfs_is_never_written_to(void **state)
{
	struct fake_yard *y = *state;

	fake_yard_topology(y, "{\"version\":1,\"pf\":[{\"name\":\"net1\",\"bdf\":\"0000:06:00.0\","
			      "\"autoprobe\":false}],\"vf\":[{\"pf\":\"net1\",\"index\":\"0\","
			      "\"driver\":\"assign\"}]}");
	yard_must(y, YARD_APPLY);
	assert_int_equal(fake_kernel_count(&y->kernel, "/sriov_numvfs"), 0);
	assert_int_equal(fake_kernel_count(&y->kernel, "/sriov_drivers_autoprobe"), 0);
	yard_driver_is(y, 1, 0, FAKE_DRIVER);
}

static void a_damaged_memory_stops_the_run_before_it_begins(void **state)
{
	struct fake_yard *y = *state;
	int fd;

	yard_must(y, YARD_APPLY);
	fd = openat(y->root.host.root.fd, "var/lib/vfyard/state.json", O_WRONLY | O_TRUNC);
	assert_int_equal(write(fd, "{\"version\": 1, \"vfs\": [", 23), 23);
	close(fd);
	assert_true(fake_yard_run(y, YARD_RELEASE) < 0);
	assert_non_null(strstr(y->e.object, "state.json"));
	assert_non_null(strstr(y->e.cause, "damaged"));
	assert_int_equal(y->changes, 0);
}

static void a_damaged_journal_stops_the_run_before_it_begins(void **state)
{
	struct fake_yard *y = *state;

	fake_root_add(&y->root, "run/vfyard/journal=rubbish");
	assert_true(fake_yard_run(y, YARD_APPLY) < 0);
	assert_non_null(strstr(y->e.object, "journal"));
	assert_int_equal(y->changes, 0);
	assert_true(root_exists(&y->root.host.root, "run/vfyard/journal"));
}

static void a_memory_that_cannot_be_written_stops_the_run_before_it_begins(void **state)
{
	struct fake_yard *y = *state;

	fake_root_add(&y->root, "var/lib/vfyard=not a directory");
	assert_true(fake_yard_run(y, YARD_APPLY) < 0);
	assert_non_null(strstr(y->e.object, "state.json"));
	assert_true(y->e.fix[0]);
	assert_int_equal(y->changes, 0);
}

#define T(f) cmocka_unit_test_setup_teardown(f, fake_yard_setup, fake_yard_teardown)

static const struct CMUnitTest tests[] = {
	T(no_vf_is_unmade_under_a_guest),
	T(force_does_not_unmake_it_either),
	T(the_way_out_of_the_host_is_not_changed),
	T(a_vf_the_host_lives_on_keeps_its_driver),
	T(a_vf_the_host_lives_on_keeps_its_settings),
	T(a_vf_the_host_lives_on_is_not_taken_for_a_domain),
	T(no_vf_is_unmade_under_a_container),
	T(no_vf_is_taken_from_a_container),
	T(no_setting_of_a_containers_vf_is_changed),
	T(a_pf_of_another_host_is_refused),
	T(a_pf_without_numvfs_is_never_written_to),
	T(a_damaged_memory_stops_the_run_before_it_begins),
	T(a_damaged_journal_stops_the_run_before_it_begins),
	T(a_memory_that_cannot_be_written_stops_the_run_before_it_begins),
};

TEST_MAIN(tests)
