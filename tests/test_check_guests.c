// SPDX-License-Identifier: GPL-2.0-or-later
/* Settings of VFs that running guests have: refused, forced, or left to others. */
#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "engine/check/check.h"
#include "fake_goal.h"
#include "fake_yard_check.h"

#define TOPO(kvm)                                                                                  \
	"{\"version\":1,\"pf\":[{\"name\":\"net0\",\"bdf\":\"05:00.0\"},{\"name\":\"net1\","       \
	"\"bdf\":\"06:00.0\"}],\"vf\":[{\"pf\":\"net1\",\"index\":\"1\",\"vlan\":7,"               \
	"\"mac\":\"02:00:00:00:00:77\"},{\"pf\":\"net1\",\"index\":\"2\",\"vlan\":8}],"            \
	"\"domain\":[{\"name\":\"db1\"" kvm ",\"devices\":[{\"pf\":\"net1\",\"index\":\"1\"}]}]}"

/* VF 1 of net1 is in db1; VF 2 is the host's. */
struct guests {
	struct fake_goal goal;
	struct inventory inv;
	struct host host;
	struct problems problems;
	char line[2048];
};

static void open_guests(struct guests *t, const char *topology, const char *hypervisor)
{
	*t = (struct guests){ .inv.hypervisor = hypervisor };
	fake_goal_init(&t->goal, topology);
	fake_goal_runs(&t->goal, 0);
	t->goal.g.inv = &t->inv;
	t->goal.pfs[1].vfs[1].state = VF_ATTACHED;
	t->goal.pfs[1].vfs[1].domain = "db1";
}

static void check(struct guests *t)
{
	problems_done(&t->problems);
	fake_goal_plan(&t->goal);
	assert_int_equal(check_guests(&t->goal.plan, &t->goal.g, &t->host, &t->problems, NULL), 0);
}

static void close_guests(struct guests *t)
{
	problems_done(&t->problems);
	fake_goal_done(&t->goal);
}

static void says_only(struct guests *t, bool is_note, const char *want)
{
	assert_int_equal(t->problems.n, 1);
	assert_int_equal(t->problems.v[0].is_note, is_note);
	assert_string_equal(err_format(&t->problems.v[0].err, t->line, sizeof(t->line)), want);
}

static void a_guests_settings_are_refused_and_the_domain_named(void **state UNUSED)
{
	struct guests t;

	open_guests(&t, TOPO(""), "kvm");
	check(&t);
	says_only(&t, false,
		  "net1/1 (0000:06:10.2): domain db1 has it, and a change of its mac, vlan would "
		  "reach into the running guest; take it out first, run: vfyard pci-detach db1 "
		  "net1/1, or add --force net1/1");
	assert_int_equal(t.problems.v[0].err.status, EXIT_REFUSED);
	/* No guest has VF 2. */
	assert_int_equal(t.goal.plan.n, 3);
	close_guests(&t);
}

static void force_sets_them(void **state UNUSED)
{
	static const char *const forced[] = { "net1/1" };
	struct guests t;

	open_guests(&t, TOPO(""), "kvm");
	t.host.forced = forced;
	t.host.n_forced = 1;
	check(&t);
	assert_int_equal(t.problems.n, 0);
	assert_int_equal(t.goal.plan.n, 3);
	close_guests(&t);
}

static void settings_that_are_so_are_no_problem(void **state UNUSED)
{
	static const uint8_t mac[6] = { 2, 0, 0, 0, 0, 0x77 };
	struct guests t;

	open_guests(&t, TOPO(""), "kvm");
	t.goal.pfs[1].attrs[1].vlan = 7;
	memcpy(t.goal.pfs[1].attrs[1].mac, mac, sizeof(mac));
	check(&t);
	assert_int_equal(t.problems.n, 0);
	close_guests(&t);
}

static void a_libvirt_guests_settings_are_left_to_libvirt(void **state UNUSED)
{
	struct guests t;

	open_guests(&t, TOPO(",\"kvm\":{\"libvirt\":\"instance-7\"}"), "kvm");
	check(&t);
	says_only(&t, true,
		  "note: net1/1 (0000:06:10.2): mac, vlan is left to libvirt while domain db1, "
		  "which has the VF, runs");
	assert_int_equal(t.goal.plan.n, 1);
	assert_int_equal(t.goal.plan.v[0].vf.index, 2);
	/* It also counts under libvirt's own name. */
	t.goal.pfs[1].vfs[1].domain = "instance-7";
	check(&t);
	assert_int_equal(t.problems.n_errors, 0);
	/* Another guest has it, about which the topology says no such thing. */
	t.goal.pfs[1].vfs[1].domain = "other";
	check(&t);
	assert_int_equal(t.problems.n_errors, 1);
	close_guests(&t);
	/* On the other hypervisor the block means nothing. */
	open_guests(&t, TOPO(",\"kvm\":{\"libvirt\":\"instance-7\"}"), "xen");
	check(&t);
	assert_int_equal(t.problems.n_errors, 1);
	close_guests(&t);
}

static void what_the_driver_never_reports_is_left_alone(void **state UNUSED)
{
	struct guests t;

	open_guests(&t, TOPO(""), "kvm");
	t.goal.pfs[1].attrs[1].given &= ~(unsigned)VF_ATTR_VLAN;
	check(&t);
	assert_int_equal(t.problems.n, 2);
	assert_int_equal(t.problems.n_errors, 1);
	assert_non_null(strstr(t.problems.v[0].err.cause, "change of its mac would"));
	assert_string_equal(
		t.problems.v[1].err.cause,
		"vlan is not reported by the PF's driver, and is left alone while domain db1 has "
		"the VF");
	/* Of one that reports nothing at all nobody knows what a step would do. */
	t.goal.pfs[1].attrs[1].given = 0;
	check(&t);
	assert_int_equal(t.problems.n_errors, 1);
	assert_non_null(strstr(t.problems.v[0].err.cause, "change of its mac, vlan would"));
	close_guests(&t);
}

#define WEB1_VLAN(n)                                                                               \
	",\"vf\":[{\"pf\":\"net0\",\"index\":\"0\",\"vlan\":" n "},{\"pf\":\"net0\","              \
	"\"index\":\"1\",\"vlan\":" n "}]" WEB1

static void apply_leaves_the_guest_its_settings(void **state)
{
	static const char *const forced[] = { "net0/0" };
	struct fake_yard *y = *state;

	yard_topology(y, "4", WEB1_VLAN("5"));
	yard_must(y, YARD_APPLY);
	assert_string_equal(yard_domain_of(y, 0, 0), "web1");
	yard_topology(y, "4", WEB1_VLAN("6"));
	yard_fails(y, YARD_APPLY, EXIT_REFUSED,
		   "net0/0 (0000:05:10.0): domain web1 has it, and a change of its vlan");
	assert_int_equal(y->changes, 0);
	assert_int_equal(fake_yard_run(y, YARD_PLAN), 0);
	assert_int_equal(y->n_problems, 1);
	y->root.host.forced = forced;
	y->root.host.n_forced = 1;
	yard_must(y, YARD_APPLY);
	assert_int_equal(fake_netvf_vf(&y->netvf, "eth0", 0)->vlan, 6);
	assert_int_equal(fake_netvf_vf(&y->netvf, "eth0", 1)->vlan, 6);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(a_guests_settings_are_refused_and_the_domain_named),
	cmocka_unit_test(force_sets_them),
	cmocka_unit_test(settings_that_are_so_are_no_problem),
	cmocka_unit_test(a_libvirt_guests_settings_are_left_to_libvirt),
	cmocka_unit_test(what_the_driver_never_reports_is_left_alone),
	cmocka_unit_test_setup_teardown(apply_leaves_the_guest_its_settings, fake_yard_setup,
					fake_yard_teardown),
};

TEST_MAIN(tests)
