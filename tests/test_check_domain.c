// SPDX-License-Identifier: GPL-2.0-or-later
#include "test.h"

#include <string.h>

#include "engine/check/check.h"
#include "fake_backend.h"
#include "fake_root.h"
#include "fake_check.h"

#define DEFAULT_ROUTE(dev)                                                                         \
	"proc/net/route=Iface Destination Gateway Flags RefCnt Use Metric Mask MTU Window IRTT"    \
	"\\n" dev " 00000000 0100000A 0003 0 0 0 00000000 0 0 0"

static void vf_the_host_lives_on_is_not_for_a_domain(void **state)
{
	struct fake_check *t = *state;

	fake_check_add_vf_netdev(t, "0000:05:10.2", "vf1", "02:00:00:00:bb:01");
	fake_root_add(&t->root, DEFAULT_ROUTE("vf1"));
	fake_check_load(t, "{'version':1,'pf':[" NET0 "],'domain':[{'name':'d','devices':["
			   "{'pf':'net0','index':'0-2'}]}]}");
	fake_check_run(t);
	assert_int_equal(t->problems.n, 1);
	assert_string_equal(t->problems.v[0].err.step, "net0/1 (0000:05:10.2)");
	assert_non_null(strstr(t->problems.v[0].err.cause, "default route"));
	assert_non_null(strstr(t->problems.v[0].err.cause, "vf1"));
}

static void a_vf_that_its_guest_cannot_use_is_noted(void **state)
{
	struct fake_check *t = *state;

	fake_check_load(t, "{'version':1,'pf':[" NET0 "],'domain':[{'name':'d','devices':["
			   "{'pf':'net0','index':1}]}]}");
	fake_check_give(t, "0000:05:10.2", "d")->why = "its driver got no interrupts";
	fake_check_run(t);
	fake_check_only(
		t, true,
		"t.json: note: net0/1 (0000:05:10.2): domain d has it, but its driver got "
		"no interrupts; detach it and attach it again to see the cause, run: vfyard "
		"pci-detach d 0000:05:10.2");
}

static void vf_to_be_held_is_guarded_too(void **state)
{
	struct fake_check *t = *state;

	fake_check_add_vf_netdev(t, "0000:05:10.2", "vf1", "02:00:00:00:bb:01");
	fake_root_add(&t->root, DEFAULT_ROUTE("vf1"));
	fake_check_load(t, "{'version':1,'pf':[" NET0
			   "],'vf':[{'pf':'net0','index':'*','driver':'assign'}]}");
	fake_check_run(t);
	assert_int_equal(t->problems.n, 1);
	assert_string_equal(t->problems.v[0].err.step, "net0/1 (0000:05:10.2)");
}

#define KEEP                                                                                       \
	"{'version':1,'pf':[" NET0 "],'vf':[{'pf':'net0','index':'*','driver':'keep'}],"           \
	"'domain':[{'name':'web1','devices':[{'pf':'net0','index':'1'}]}]}"

static void vf_given_as_it_is_must_be_assignable_by_itself(void **state)
{
	struct fake_check *t = *state;

	fake_check_load(t, KEEP);
	fake_check_run(t);
	fake_check_only(
		t, true,
		"t.json:1:161: note: net0/1 (0000:05:10.2): the topology says driver=keep, but "
		"with driver "
		"igbvf it is not assignable; remove driver=keep, or run: vfyard "
		"pci-assignable-add net0/1");
	problems_done(&t->problems);
	/* A guest that waits for it does not get it. */
	fake_backend_add_domain(&t->backend, "web1");
	fake_root_add(&t->root, "sys/bus/pci/devices/0000:05:10.2/nvidia/current_vgpu_type=0");
	fake_check_run(t);
	fake_check_only(
		t, false,
		"t.json:1:161: net0/1 (0000:05:10.2): the topology says driver=keep, but with "
		"driver igbvf it is not assignable; make the vGPU first: echo TYPE > "
		"/sys/bus/pci/devices/0000:05:10.2/nvidia/current_vgpu_type");
	problems_done(&t->problems);
	t->backend.own_driver = "igbvf";
	fake_check_run(t);
	fake_check_none(t);
}

static void vgpu_is_not_for_another_driver(void **state)
{
	struct fake_check *t = *state;

	fake_root_add(&t->root, "sys/bus/pci/devices/0000:05:10.2/nvidia/current_vgpu_type=0");
	fake_check_load(t, "{'version':1,'pf':[" NET0 "],'domain':[{'name':'d','devices':["
			   "{'pf':'net0','index':'0-2'}]}]}");
	fake_check_run(t);
	assert_int_equal(t->problems.n_errors, 1);
	assert_non_null(strstr(t->problems.v[0].err.cause, "its driver makes vGPUs of it"));
}

static void what_its_own_driver_made_assignable_is_not_taken_off(void **state)
{
	struct fake_check *t = *state;

	t->backend.own_driver = "igbvf";
	fake_check_load(t, "{'version':1,'pf':[" NET0
			   "],'vf':[{'pf':'net0','index':'0','driver':'none'},"
			   "{'pf':'net0','index':'1','driver':'host'},"
			   "{'pf':'net0','index':'2','driver':'keep'}]}");
	fake_check_run(t);
	assert_int_equal(t->problems.n_errors, 2);
	assert_string_equal(t->problems.v[0].err.cause, "igbvf keeps it");
	assert_string_equal(t->problems.v[1].err.cause, "igbvf keeps it");
}

static void pf_with_the_default_route_stays_as_it_is(void **state)
{
	struct fake_check *t = *state;

	fake_root_add(&t->root, DEFAULT_ROUTE("eth0"));
	fake_check_load(t, "{'version':1,'pf':[{'name':'net0','bdf':'0000:05:00.0','numvfs':5}]}");
	fake_check_run(t);
	assert_int_equal(t->problems.n, 1);
	assert_string_equal(t->problems.v[0].err.step, "net0");
	assert_non_null(strstr(t->problems.v[0].err.cause, "default route"));
}

static void pf_that_is_not_changed_may_carry_the_route(void **state)
{
	struct fake_check *t = *state;

	fake_root_add(&t->root, DEFAULT_ROUTE("eth0"));
	fake_check_load(t, "{'version':1,'pf':[" NET0 "]}");
	fake_check_run(t);
	fake_check_none(t);
}

static void limits_count_vfs_that_are_still_to_be_made(void **state)
{
	struct fake_check *t = *state;

	t->backend.max_vfs = 6;
	fake_check_load(t,
			"{'version':1,'pf':[" NET0 "," STOR "],'domain':[{'name':'web1','devices':["
			"{'pf':'net0','index':'*'},{'pf':'stor','index':'*'}]}]}");
	fake_check_run(t);
	fake_check_only(t, false, "t.json:1:136: web1: 7 VFs would be in it, 6 fit");
	assert_string_equal(t->backend.calls, "limits web1 7;");
}

static void running_domain_is_asked_for_what_it_lacks(void **state)
{
	struct fake_check *t = *state;

	fake_backend_add_domain(&t->backend, "web1");
	fake_check_give(t, "0000:05:10.0", "web1");
	t->backend.max_vfs = 3;
	fake_check_load(t, "{'version':1,'pf':[" NET0 "],'domain':[{'name':'web1','devices':["
			   "{'pf':'net0','index':'*'}]}]}");
	fake_check_run(t);
	fake_check_none(t);
	assert_string_equal(t->backend.calls, "limits web1 2;");
}

static void limits_wait_for_addresses(void **state)
{
	static const struct fake_pf silent = { "0000:3b:00.0", NULL, "ice", NULL, 8, 0, 0, 0, -1 };
	struct fake_check *t = *state;

	fake_root_add_pf(&t->root, &silent);
	fake_check_load(t, "{'version':1,'pf':[{'name':'x','bdf':'0000:3b:00.0','numvfs':4}],"
			   "'domain':[{'name':'d','devices':[{'pf':'x','index':'*'}]}]}");
	fake_check_run(t);
	assert_int_equal(t->problems.n, 1);
	assert_int_equal(t->problems.n_errors, 0);
	assert_non_null(strstr(t->problems.v[0].err.cause, "addresses of some VFs are not known"));
	assert_string_equal(t->backend.calls, "");
}

static void vf_of_another_domain_is_named_with_the_way_out(void **state)
{
	struct fake_check *t = *state;

	fake_check_give(t, "0000:05:10.2", "db1");
	fake_check_load(t, "{'version':1,'pf':[" NET0 "],'domain':[{'name':'web1','devices':["
			   "{'pf':'net0','index':'0-1'}]}]}");
	fake_check_run(t);
	fake_check_only(
		t, false,
		"t.json:1:112: net0/1 (0000:05:10.2): it is in domain db1, not in web1; run: "
		"vfyard pci-detach db1 net0/1");
}

static void domain_of_another_name_on_the_hypervisor_is_the_same(void **state)
{
	struct fake_check *t = *state;

	fake_check_give(t, "0000:05:10.2", "vm-17");
	fake_check_load(t, "{'version':1,'pf':[" NET0 "],'domain':[{'name':'web1','devices':["
			   "{'pf':'net0','index':'0-1'}]}]}");
	t->topo->domains[0].xen_vm = strdup("vm-17");
	fake_check_run(t);
	fake_check_none(t);
}

static void stale_and_broken_vfs_say_why(void **state)
{
	struct fake_check *t = *state;

	fake_backend_set_state(&t->backend, (struct bdf){ 0, 5, 0x10, 0 }, VF_STALE);
	fake_backend_set_state(&t->backend, (struct bdf){ 0, 5, 0x10, 2 }, VF_BROKEN);
	fake_check_load(t, "{'version':1,'pf':[" NET0 "],'domain':[{'name':'web1','devices':["
			   "{'pf':'net0','index':'0-1'}]}]}");
	fake_check_run(t);
	assert_int_equal(t->problems.n, 2);
	assert_string_equal(t->problems.v[0].err.cause, "it is stale: the test says so");
	assert_string_equal(t->problems.v[0].err.fix, "run: vfyard pci-assignable-remove net0/0");
	assert_string_equal(t->problems.v[1].err.cause, "it is broken: the test says so");
}

static void vf_for_the_host_that_is_in_a_domain_is_found(void **state)
{
	struct fake_check *t = *state;

	fake_check_give(t, "0000:05:10.2", "db1");
	fake_check_load(t, "{'version':1,'pf':[" NET0
			   "],'vf':[{'pf':'net0','index':'*','driver':'host'}]}");
	fake_check_run(t);
	fake_check_only(
		t, false,
		"t.json:1:82: net0/1 (0000:05:10.2): the topology says driver=host, but it is in "
		"domain db1; "
		"run: vfyard pci-detach db1 net0/1");
}

static void index_beyond_what_an_untouched_pf_has_is_found(void **state)
{
	fake_check_load(*state,
			"{'version':1,'pf':[{'name':'net0','bdf':'0000:05:00.0'}],'domain':["
			"{'name':'d','devices':[{'pf':'net0','index':'2-5'}]}]}");
	fake_check_run(*state);
	fake_check_only(*state, false,
			"t.json:1:98: net0: there is no VF 5, because the PF has 3 VFs now; write "
			"numvfs=6 or more for "
			"net0");
}

static void star_of_an_untouched_pf_without_vfs_is_found(void **state)
{
	fake_check_load(*state,
			"{'version':1,'pf':[{'name':'stor','bdf':'0000:81:00.0'}],'domain':["
			"{'name':'d','devices':[{'pf':'stor','index':'*'}]}]}");
	fake_check_run(*state);
	fake_check_only(*state, false,
			"t.json:1:98: stor: the PF has no VFs, so stor/* matches none; write "
			"numvfs= for stor");
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, fake_check_setup, fake_check_teardown)

static const struct CMUnitTest tests[] = {
	TEST(vf_the_host_lives_on_is_not_for_a_domain),
	TEST(a_vf_that_its_guest_cannot_use_is_noted),
	TEST(vf_to_be_held_is_guarded_too),
	TEST(vf_given_as_it_is_must_be_assignable_by_itself),
	TEST(vgpu_is_not_for_another_driver),
	TEST(what_its_own_driver_made_assignable_is_not_taken_off),
	TEST(pf_with_the_default_route_stays_as_it_is),
	TEST(pf_that_is_not_changed_may_carry_the_route),
	TEST(limits_count_vfs_that_are_still_to_be_made),
	TEST(running_domain_is_asked_for_what_it_lacks),
	TEST(limits_wait_for_addresses),
	TEST(vf_of_another_domain_is_named_with_the_way_out),
	TEST(domain_of_another_name_on_the_hypervisor_is_the_same),
	TEST(stale_and_broken_vfs_say_why),
	TEST(vf_for_the_host_that_is_in_a_domain_is_found),
	TEST(index_beyond_what_an_untouched_pf_has_is_found),
	TEST(star_of_an_untouched_pf_without_vfs_is_found),
};

TEST_MAIN(tests)
