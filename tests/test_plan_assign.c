// SPDX-License-Identifier: GPL-2.0-or-later
/* pci-assignable-add. */
#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "host/pci/bind.h"
#include "fake_verbs.h"
#include "fake_netvf.h"
#include "fake_site.h"

static void add_takes_several_from_the_host(void **state)
{
	struct fake_site *s = *state;

	assert_int_equal(site_assign(s, "net0/0-3", ""), 0);
	assert_string_equal(s->backend.calls, "assign 0000:05:10.0;assign 0000:05:10.2;"
					      "assign 0000:05:10.4;assign 0000:05:10.6;");
	assert_site_driver(s, 3, FAKE_DRIVER);
	assert_site_driver(s, 4, "igbvf");
	assert_string_equal(fake_site_notes(s), "");
}

static void add_of_what_is_assignable_changes_nothing(void **state)
{
	struct fake_site *s = *state;

	fake_site_reach(s, STEP_ASSIGN, 2);
	assert_int_equal(site_assign(s, "net0/0-1", ""), 0);
	assert_string_equal(s->backend.calls, "");
	assert_int_equal(s->kernel.n_writes, 0);
	assert_int_equal(site_assign(s, "net0/0-2", ""), 0);
	assert_string_equal(s->backend.calls, "assign 0000:05:10.4;");
}

static void add_with_a_name_makes_it_a_device(void **state)
{
	struct fake_site *s = *state;

	assert_int_equal(site_assign(s, "net0/3", "database"), 0);
	assert_string_equal(s->backend.calls, "assign 0000:05:10.6 database;");
	fake_site_reload(s);
	assert_int_equal(site_unassign(s, "database", true), 0);
	assert_site_driver(s, 3, "igbvf");
}

static void name_can_be_given_and_changed_later(void **state)
{
	struct fake_site *s = *state;

	fake_site_reach(s, STEP_ASSIGN, 1);
	assert_int_equal(site_assign(s, "net0/0", "a"), 0);
	assert_string_equal(s->backend.calls, "assign 0000:05:10.0 a;");
	fake_site_reload(s);
	assert_int_equal(site_assign(s, "a", "b"), 0);
	fake_site_reload(s);
	assert_null(state_find_name(s->saved, "a"));
	assert_non_null(state_find_name(s->saved, "b"));
	s->backend.calls[0] = '\0';
	assert_int_equal(site_assign(s, "b", "b"), 0);
	assert_int_equal(site_assign(s, "b", ""), 0);
	assert_string_equal(s->backend.calls, "");
	assert_string_equal(state_find_name(s->saved, "b")->driver, "igbvf");
}

static void name_is_for_one_device(void **state)
{
	struct fake_site *s = *state;

	assert_int_equal(site_assign(s, "net0/0-1", "a"), -EINVAL);
	assert_string_equal(s->e.cause, "name 'a' is for one device, but 2 are named");
	assert_int_equal(s->e.status, EXIT_USAGE);
	assert_int_equal(s->kernel.n_writes, 0);
}

static void names_that_are_taken_are_refused(void **state)
{
	struct fake_site *s = *state;

	assert_int_equal(site_assign(s, "net0/0", "a"), 0);
	fake_site_reload(s);
	fake_kernel_reset(&s->kernel);
	s->backend.calls[0] = '\0';
	assert_site_refused(s, site_assign(s, "net0/3", "a"),
			    "name 'a' belongs to VF 0 of 0000:05:00.0", "choose another name");
	assert_site_refused(s, site_assign(s, "net0/3", "net0"),
			    "name 'net0' is already the name of the PF 0000:05:00.0",
			    "choose another name");
	assert_site_refused(s, site_assign(s, "net0/3", "enp5s0f0"),
			    "name 'enp5s0f0' is already the name of the PF 0000:05:00.0",
			    "choose another name");
}

static void names_that_are_no_words_are_usage_errors(void **state)
{
	char long_name[66] = "";
	const char *bad[] = { "a b", "a/b", "a,b", "\t", "05:10.0", long_name };

	memset(long_name, 'x', sizeof(long_name) - 1);
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct fake_site *s = *state;

		assert_int_equal(site_assign(s, "net0/3", bad[i]), -EINVAL);
		assert_int_equal(s->e.status, EXIT_USAGE);
		assert_int_equal(s->kernel.n_writes, 0);
	}
}

static void add_of_an_attached_vf_names_domain_and_command(void **state)
{
	struct fake_site *s = *state;

	fake_site_reach(s, STEP_ASSIGN, 4);
	fake_site_reach(s, STEP_ATTACH, 4);
	assert_site_refused(s, site_assign(s, "net0/3", ""), "held by domain web1",
			    "run: vfyard pci-detach web1 net0/3");
}

static void stale_is_refused_with_the_way_to_clear_it(void **state)
{
	struct fake_site *s = *state;

	fake_backend_set_state(&s->backend, fake_site_bdf(s, 3), VF_STALE);
	fake_site_reload(s);
	assert_site_refused(s, site_assign(s, "net0/3", ""), "stale: the test says so",
			    "clear the claim, run: vfyard pci-assignable-remove net0/3");
}

static void broken_is_refused_unless_forced(void **state)
{
	static const char *const forced[] = { "net0/3" };
	struct fake_site *s = *state;

	fake_backend_set_state(&s->backend, fake_site_bdf(s, 3), VF_BROKEN);
	fake_site_reload(s);
	assert_site_refused(s, site_assign(s, "net0/3", ""), "broken: the test says so",
			    "repair it first, or add --force net0/3");
	assert_site_refused(s, site_unassign(s, "net0/3", false), "broken: the test says so",
			    "repair it first, or add --force net0/3");
	s->root.host.forced = forced;
	s->root.host.n_forced = 1;
	assert_int_equal(site_assign(s, "net0/3", ""), 0);
	assert_string_equal(s->backend.calls, "assign 0000:05:10.6;");
	assert_non_null(strstr(fake_site_notes(s), VF3 ": broken: the test says so; overridden "
						       "by --force"));
}

static void guard_refuses_what_the_host_lives_on(void **state)
{
	static const char *const forced[] = { "0000:05:10.6" };
	struct fake_site *s = *state;

	fake_root_add(&s->root, "sys/bus/pci/devices/0000:05:10.6/net/vf3/flags=0x1003");
	fake_root_add(&s->root, "sys/class/net/vf3 -> "
				"../../devices/pci0000:05/0000:05:10.6/net/vf3");
	fake_root_add(&s->root, "proc/net/route=Iface\\nvf3 00000000 0100000A 0003 0 0 0 00000000");
	assert_site_refused(s, site_assign(s, "net0/0-3", ""),
			    "the host needs it: vf3 carries the default route",
			    "move that off it first, or add --force net0/3");
	s->root.host.forced = forced;
	s->root.host.n_forced = 1;
	assert_int_equal(site_assign(s, "net0/0-3", ""), 0);
	assert_site_driver(s, 3, FAKE_DRIVER);
}

static void add_takes_nothing_that_a_program_or_a_container_has(void **state)
{
	struct fake_site *s = *state;

	fake_root_add(&s->root, "sys/bus/pci/devices/0000:05:10.6/uio/uio0/");
	fake_root_add(&s->root, "proc/5000/comm=dpdk-testpmd");
	fake_root_add(&s->root, "proc/5000/fd/20 -> /dev/uio0");
	assert_site_refused(s, site_assign(s, "net0/0-3", ""),
			    "in use: dpdk-testpmd (pid 5000) has /dev/uio0 open",
			    "end that first, or add --force net0/3");
	s->en.dry_run = true;
	assert_site_refused(s, site_assign(s, "net0/3", ""),
			    "in use: dpdk-testpmd (pid 5000) has /dev/uio0 open",
			    "end that first, or add --force net0/3");
	fake_root_add(&s->root, "sys/bus/pci/devices/0000:05:10.6/net/");
	assert_site_refused(
		s, site_assign(s, "net0/3", ""),
		"in use: its network device is in another network namespace, such as a container's",
		"end that first, or add --force net0/3");
}

static void add_never_takes_a_vgpu(void **state)
{
	static const char *const forced[] = { "net0/3" };
	struct fake_site *s = *state;

	fake_root_add(&s->root, "sys/bus/pci/devices/0000:05:10.6/nvidia/current_vgpu_type=0");
	s->root.host.forced = forced;
	s->root.host.n_forced = 1;
	assert_site_refused(
		s, site_assign(s, "net0/3", ""),
		"its driver makes vGPUs of it, and another driver would end that",
		"write driver=keep for it in the topology, and make the vGPU: echo TYPE > "
		"/sys/bus/pci/devices/0000:05:10.6/nvidia/current_vgpu_type");
}

static void one_refusal_stops_the_whole_batch(void **state)
{
	struct fake_site *s = *state;

	fake_backend_set_state(&s->backend, fake_site_bdf(s, 3), VF_BROKEN);
	fake_site_reload(s);
	assert_site_refused(s, site_assign(s, "net0/*", ""), "broken: the test says so",
			    "repair it first, or add --force net0/3");
}

static void add_that_fails_half_way_leaves_the_host_as_before(void **state)
{
	struct fake_site *s = *state;
	_cleanup_free_ char *before = fake_site_snapshot(s), *after = NULL;

	fake_kernel_fail(&s->kernel, (struct fake_fault){
					     .path = FAKE_DRIVER "/bind", .code = EIO, .skip = 2 });
	assert_int_equal(site_assign(s, "net0/0-3", ""), -EIO);
	assert_int_equal(s->e.status, EXIT_FAILED);
	assert_string_equal(s->e.object, "net0/2 (0000:05:10.4)");
	assert_string_equal(s->e.step, "bind " FAKE_DRIVER);
	after = fake_site_snapshot(s);
	assert_string_equal(before, after);
}

#define T(fn) cmocka_unit_test_setup_teardown(fn, fake_site_setup, fake_site_teardown)

static const struct CMUnitTest tests[] = {
	T(add_takes_several_from_the_host),
	T(add_of_what_is_assignable_changes_nothing),
	T(add_with_a_name_makes_it_a_device),
	T(name_can_be_given_and_changed_later),
	T(name_is_for_one_device),
	T(names_that_are_taken_are_refused),
	T(names_that_are_no_words_are_usage_errors),
	T(add_of_an_attached_vf_names_domain_and_command),
	T(stale_is_refused_with_the_way_to_clear_it),
	T(broken_is_refused_unless_forced),
	T(guard_refuses_what_the_host_lives_on),
	T(add_takes_nothing_that_a_program_or_a_container_has),
	T(add_never_takes_a_vgpu),
	T(one_refusal_stops_the_whole_batch),
	T(add_that_fails_half_way_leaves_the_host_as_before),
};

TEST_MAIN(tests)
