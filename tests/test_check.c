// SPDX-License-Identifier: GPL-2.0-or-later
#include "test.h"

#include <string.h>

#include "engine/check/check.h"
#include "fake_backend.h"
#include "fake_root.h"
#include "fake_check.h"

static void topology_that_fits_has_no_problems(void **state)
{
	fake_check_load(*state,
			"{'version':1,'pf':[" NET0 "," STOR "],'vf':[{'pf':'net0','index':'*',"
			"'mac':'auto','vlan':5}],'domain':[{'name':'web1','devices':["
			"{'pf':'net0','index':'0-1'},{'pf':'stor','index':'*'}]}]}");
	fake_check_run(*state);
	fake_check_none(*state);
}

/* Adds a representor of 05:00.0, which means that its PF is in switchdev mode. */
static void add_representor(struct fake_check *t)
{
	fake_root_add(&t->root,
		      "sys/devices/pci0000:05/0000:05:00.0/net/rep0/phys_port_name=pf0vf0");
	fake_root_add(&t->root, "sys/class/net/rep0 -> "
				"../../devices/pci0000:05/0000:05:00.0/net/rep0");
}

static void settings_of_the_switch_get_a_note_in_switchdev_mode(void **state)
{
	add_representor(*state);
	fake_check_load(*state, "{'version':1,'pf':[" NET0 "],\n"
				"'vf':[{'pf':'net0','index':'*','vlan':5,'trust':true},"
				"{'pf':'net0','index':'1','mac':'02:00:00:00:00:09'}]}");
	fake_check_run(*state);
	fake_check_only(
		*state, true,
		"t.json:2:14: note: net0: the PF is in switchdev mode, and its driver may then "
		"refuse vlan, trust of a VF; set it on the VFs' representors, or set the PF "
		"to legacy mode, see devlink-dev(8)");
}

static void more_vfs_than_the_device_has_is_refused_with_the_number(void **state)
{
	fake_check_load(*state,
			"{'version':1,\n'pf':[{'name':'net0','bdf':'0000:05:00.0','numvfs':9}]}");
	fake_check_run(*state);
	fake_check_only(
		*state, false,
		"t.json:2:16: net0: numvfs=9, but the device can have 7; write numvfs=7 or less");
}

static void pf_that_is_not_there_is_found_out(void **state)
{
	struct fake_check *t = *state;

	fake_check_load(t, "{'version':1,'pf':[{'name':'x','bdf':'0000:99:00.0','numvfs':1}],"
			   "'domain':[{'name':'d','devices':[{'pf':'x','index':'0'}]}]}");
	fake_check_run(t);
	assert_int_equal(t->problems.n_errors, 1);
	assert_non_null(strstr(t->problems.v[0].err.cause, "'x'"));
}

static void changing_numvfs_names_who_holds_vfs(void **state)
{
	struct fake_check *t = *state;

	fake_check_give(t, "0000:05:10.0", "db1");
	fake_check_give(t, "0000:05:10.4", "");
	fake_check_load(t, "{'version':1,'pf':[{'name':'net0','bdf':'0000:05:00.0','numvfs':5}]}");
	fake_check_run(t);
	fake_check_only(
		t, false,
		"t.json:1:29: net0: numvfs is 3 and changes only while every VF is free, but "
		"these are held: net0/0 (domain db1), net0/2 (assignable); run: vfyard pci-detach "
		"db1 net0/0, then pci-assignable-remove -r for each VF");
}

static void changing_numvfs_of_free_vfs_is_fine(void **state)
{
	fake_check_load(*state,
			"{'version':1,'pf':[{'name':'net0','bdf':'0000:05:00.0','numvfs':5}]}");
	fake_check_run(*state);
	fake_check_none(*state);
}

static void many_holders_are_counted(void **state)
{
	static const struct fake_pf full = { "0000:3b:00.0", NULL, "ice", NULL, 8, 8, 8, 1, -1 };
	struct fake_check *t = *state;
	struct bdf b = { 0, 0x3b, 1, 0 };

	fake_root_add_pf(&t->root, &full);
	for (b.fn = 0; b.fn < 6; b.fn++)
		fake_backend_set_state(&t->backend, b, VF_ASSIGNABLE);
	fake_check_load(t, "{'version':1,'pf':[{'name':'x','bdf':'0000:3b:00.0','numvfs':4}]}");
	fake_check_run(t);
	assert_int_equal(t->problems.n, 1);
	assert_non_null(strstr(t->problems.v[0].err.cause, "x/2 (assignable) and 3 more"));
	assert_string_equal(t->problems.v[0].err.fix, "run: vfyard pci-assignable-remove -r 'x/*'");
}

static void pf_without_a_driver_cannot_make_vfs(void **state)
{
	static const struct fake_pf bare = { "0000:3b:00.0", NULL, NULL, NULL, 8, 0, 8, 1, -1 };
	struct fake_check *t = *state;

	fake_root_add_pf(&t->root, &bare);
	fake_check_load(t, "{'version':1,'pf':[{'name':'x','bdf':'0000:3b:00.0','numvfs':4}]}");
	fake_check_run(t);
	fake_check_only(
		t, false,
		"t.json:1:29: x: no driver is bound, so VFs cannot be made; load its driver; to "
		"see its name, run: lspci -ks 0000:3b:00.0");
}

static int can_go_back(const struct host *h UNUSED, struct bdf pf, struct err *e)
{
	return err_fix(e, err_refuse(e, EBUSY, "held"), "give back %02x", pf.bus);
}

static int makes_vfs(const struct host *h UNUSED, struct bdf pf UNUSED, struct err *e UNUSED)
{
	return 0;
}

static void pf_held_for_guests_cannot_make_vfs(void **state)
{
	static const struct fake_pf held = {
		"0000:3b:00.0", NULL, FAKE_DRIVER, NULL, 8, 0, 8, 1, -1
	};
	struct fake_check *t = *state;

	fake_root_add_pf(&t->root, &held);
	fake_check_load(t, "{'version':1,'pf':[{'name':'x','bdf':'0000:3b:00.0','numvfs':4}]}");
	fake_check_run(t);
	assert_int_equal(t->problems.n, 1);
	assert_non_null(strstr(t->problems.v[0].err.cause, "the PF itself is held by fakeback"));
	/* The hypervisor knows the way back, and may know that none is needed. */
	t->ops.pf_held = can_go_back;
	problems_done(&t->problems);
	fake_check_run(t);
	assert_int_equal(t->problems.n, 1);
	assert_string_equal(t->problems.v[0].err.fix, "give back 3b");
	t->ops.pf_held = makes_vfs;
	problems_done(&t->problems);
	fake_check_run(t);
	assert_int_equal(t->problems.n, 0);
}

/* Nothing needs to be written to it. */
static void pf_held_for_guests_may_have_the_vfs_it_has(void **state)
{
	static const struct fake_pf held = {
		"0000:3b:00.0", NULL, FAKE_DRIVER, NULL, 8, 2, 8, 1, -1
	};
	struct fake_check *t = *state;

	fake_root_add_pf(&t->root, &held);
	fake_check_load(t, "{'version':1,'pf':[{'name':'x','bdf':'0000:3b:00.0','numvfs':2}]}");
	fake_check_run(t);
	fake_check_none(t);
}

static void kernel_without_autoprobe_is_a_note(void **state)
{
	struct fake_check *t = *state;

	assert_int_equal(unlinkat(t->root.host.root.fd,
				  "sys/devices/pci0000:05/0000:05:00.0/sriov_drivers_autoprobe", 0),
			 0);
	fake_check_load(t, "{'version':1,'pf':[{'name':'net0','bdf':'0000:05:00.0','numvfs':3,"
			   "'autoprobe':0}]}");
	fake_check_run(t);
	fake_check_only(
		t, true,
		"t.json:1:29: note: net0: autoprobe has no effect because the kernel (before "
		"4.12) has no sriov_drivers_autoprobe");
}

static void mac_on_a_drive_is_an_error_at_the_word(void **state)
{
	struct fake_check *t = *state;

	fake_check_load(t, "{'version':1,'pf':[" STOR "],'vf':[{'pf':'stor','index':'0',\n"
			   "'mac':'auto',\n'vlan':7,'driver':'assign'}]}");
	fake_check_run(t);
	assert_int_equal(t->problems.n, 2);
	assert_string_equal(
		t->problems.v[0].err.cause,
		"mac is set through the PF's network device, but the PF has none (driver "
		"nvme)");
	assert_string_equal(t->problems.v[0].err.fix, "remove mac=");
	assert_int_equal(t->problems.v[0].loc.line, 2);
	assert_int_equal(t->problems.v[1].loc.line, 3);
	assert_string_equal(t->problems.v[1].err.fix, "remove vlan=");
}

static void address_given_twice_is_found_with_its_first_holder(void **state)
{
	fake_check_load(*state, "{'version':1,'pf':[" NET0 "," NET1 "],'vf':["
				"{'pf':'net0','index':'1','mac':'02:00:00:00:aa:01'},\n"
				"{'pf':'net1','index':'2','mac':'02:00:00:00:aa:01'}]}");
	fake_check_run(*state);
	fake_check_only(
		*state, false,
		"t.json:2:27: net1/2: mac 02:00:00:00:aa:01 is also that of net0/1; write another "
		"address, or mac=auto");
}

static void address_of_a_host_device_is_found(void **state)
{
	/* eth1 of the fake host is 0000:05:00.1. */
	fake_check_load(*state, "{'version':1,'pf':[" NET0 "],'vf':["
				"{'pf':'net0','index':'1','mac':'02:00:00:00:05:01'}]}");
	fake_check_run(*state);
	fake_check_only(
		*state, false,
		"t.json:1:101: net0/1: mac 02:00:00:00:05:01 is also that of network device eth1; "
		"write another address, or mac=auto");
}

static void own_device_of_the_vf_has_its_address(void **state)
{
	struct fake_check *t = *state;

	fake_check_add_vf_netdev(t, "0000:05:10.2", "vf1", "02:00:00:00:aa:01");
	fake_check_load(t, "{'version':1,'pf':[" NET0 "],'vf':["
			   "{'pf':'net0','index':'1','mac':'02:00:00:00:aa:01'}]}");
	fake_check_run(t);
	fake_check_none(t);
}

static int no_slots(enum domain_type type UNUSED, const struct dev_options *o, struct err *e)
{
	return o->vslot > 0 ? err_set(e, ENOTSUP, "vslot has no effect here") : 0;
}

static void option_without_meaning_is_a_note(void **state)
{
	struct fake_check *t = *state;

	t->ops.check_options = no_slots;
	fake_check_load(t, "{'version':1,'pf':[" NET0 "],'domain':[{'name':'web1','devices':["
			   "{'pf':'net0','index':'0','vslot':'5'},{'pf':'net0','index':'1-2'}]}]}");
	fake_check_run(t);
	fake_check_only(t, true, "t.json:1:112: note: web1: vslot has no effect here");
}

static int other_machine(const struct host *h UNUSED, const struct topo_domain *d, struct err *e)
{
	if (!d->machine)
		return 0;
	return err_fix(e, err_set(e, ENOTSUP, "machine=%s does not run here", d->machine),
		       "remove it");
}

static void machine_that_does_not_run_here_is_a_note(void **state)
{
	struct fake_check *t = *state;

	t->ops.check_machine = other_machine;
	fake_check_load(t, "{'version':1,'pf':[" NET0 "],'domain':[{'name':'web1','devices':[]},"
			   "{'name':'web2','kvm':{'machine':'virt'},'devices':[]}]}");
	fake_check_run(t);
	fake_check_only(t, true,
			"t.json:1:117: note: web2: machine=virt does not run here; remove it");
}

static int not_fit(const struct refusal_ask *a UNUSED, struct err *e)
{
	return err_fix(e, err_refuse(e, ENODEV, "no IOMMU"), "switch it on");
}

static void host_that_cannot_pass_devices_through_is_a_problem(void **state)
{
	struct fake_check *t = *state;

	t->ops.refusals =
		(const struct refusal[]){ { "iommu", REFUSAL_OF_HOST, true, not_fit }, { 0 } };
	fake_check_load(t, "{'version':1,'pf':[" NET0 "]}");
	fake_check_run(t);
	fake_check_only(t, false, "t.json: fake: no IOMMU; switch it on");
}

static void topology_for_another_hypervisor_is_found(void **state)
{
	fake_check_load(*state, "{'version':1,'hypervisor':'kvm','pf':[" NET0 "]}");
	fake_check_run(*state);
	fake_check_only(
		*state, false,
		"t.json: hypervisor: the topology is for kvm, but this host runs fake; write "
		"hypervisor = \"auto\" or \"fake\"");
}

static void host_without_a_hypervisor_is_a_problem(void **state)
{
	struct fake_check *t = *state;

	fake_check_load(t, "{'version':1,'pf':[" NET0 "]}");
	fake_check_run_with(t, NULL, NULL);
	assert_true(t->problems.n_errors >= 1);
	assert_int_equal(t->problems.v[0].loc.line, 0);
	assert_int_equal(t->problems.v[0].err.status, EXIT_REFUSED);
}

static void what_an_unprivileged_run_cannot_see_is_a_note(void **state)
{
	struct fake_check *t = *state;

	fake_check_load(t, "{'version':1,'pf':[" NET0 "],'domain':[{'name':'web1','devices':["
			   "{'pf':'net0','index':'0'}]}]}");
	fake_check_run_with(t, &t->ops, NULL);
	fake_check_only(
		t, true,
		"t.json: note: host: vfyard cannot see what domains hold and how much they can "
		"take below --root");
}

static void all_problems_come_in_one_run_in_file_order(void **state)
{
	struct fake_check *t = *state;

	fake_check_give(t, "0000:05:10.0", "db1");
	fake_check_load(t, "{'version':1,\n'pf':[{'name':'net0','bdf':'0000:05:00.0','numvfs':9},\n"
			   "{'name':'gone','bdf':'0000:99:00.0','numvfs':1},\n" STOR "],\n"
			   "'vf':[{'pf':'stor','index':'0',\n'mac':'auto'}],\n"
			   "'domain':[{'name':'web1','devices':[\n{'pf':'net0','index':'0'}]}]}");
	fake_check_run(t);
	assert_int_equal(t->problems.n, 5);
	for (size_t i = 1; i < t->problems.n; i++)
		assert_true(t->problems.v[i - 1].loc.line <= t->problems.v[i].loc.line);
	assert_int_equal(t->problems.v[0].loc.line, 2);
	assert_int_equal(t->problems.v[1].loc.line, 2);
	assert_int_equal(t->problems.v[2].loc.line, 3);
	assert_int_equal(t->problems.v[3].loc.line, 6);
	assert_int_equal(t->problems.v[4].loc.line, 8);
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, fake_check_setup, fake_check_teardown)

static const struct CMUnitTest tests[] = {
	TEST(topology_that_fits_has_no_problems),
	TEST(settings_of_the_switch_get_a_note_in_switchdev_mode),
	TEST(more_vfs_than_the_device_has_is_refused_with_the_number),
	TEST(pf_that_is_not_there_is_found_out),
	TEST(changing_numvfs_names_who_holds_vfs),
	TEST(changing_numvfs_of_free_vfs_is_fine),
	TEST(many_holders_are_counted),
	TEST(pf_without_a_driver_cannot_make_vfs),
	TEST(pf_held_for_guests_cannot_make_vfs),
	TEST(pf_held_for_guests_may_have_the_vfs_it_has),
	TEST(kernel_without_autoprobe_is_a_note),
	TEST(mac_on_a_drive_is_an_error_at_the_word),
	TEST(address_given_twice_is_found_with_its_first_holder),
	TEST(address_of_a_host_device_is_found),
	TEST(own_device_of_the_vf_has_its_address),
	TEST(option_without_meaning_is_a_note),
	TEST(machine_that_does_not_run_here_is_a_note),
	TEST(host_that_cannot_pass_devices_through_is_a_problem),
	TEST(topology_for_another_hypervisor_is_found),
	TEST(host_without_a_hypervisor_is_a_problem),
	TEST(what_an_unprivileged_run_cannot_see_is_a_note),
	TEST(all_problems_come_in_one_run_in_file_order),
};

TEST_MAIN(tests)
