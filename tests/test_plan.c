// SPDX-License-Identifier: GPL-2.0-or-later
/* The planner: data about topology and host in, steps out. What can be written as a topology and a
 * host is in tests/plans. Here is what a plan does not print, what a host made of files cannot be,
 * and that a plan which was done leaves nothing to do. */
#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "fake_goal.h"

#define TOPO(pf0, pf1, rest)                                                                       \
	"{\"version\":1,\"pf\":[{\"name\":\"net0\",\"bdf\":\"05:00.0\"" pf0                        \
	"},{\"name\":\"net1\",\"bdf\":\"06:00.0\"" pf1 "}]" rest "}"
#define N(n)	    ",\"numvfs\":" #n
#define VF(n, i, a) "{\"pf\":\"net" #n "\",\"index\":\"" i "\"," a "}"
#define WEB(pf, i)                                                                                 \
	",\"domain\":[{\"name\":\"web1\",\"devices\":[{\"pf\":\"" pf "\",\"index\":\"" i "\"}]}]"

/* Returns the position of the line that has these words; ends the test when there is none. */
static size_t at(struct fake_goal *f, const char *words)
{
	const char *p = strstr(f->text, words);
	size_t n = 0;

	if (!p)
		print_error("no '%s' in:\n%s", words, f->text);
	assert_non_null(p);
	for (const char *s = f->text; s < p; s++)
		n += *s == '\n';
	return n;
}

static void lacks(struct fake_goal *f, const char *words)
{
	if (strstr(f->text, words))
		print_error("'%s' in:\n%s", words, f->text);
	assert_null(strstr(f->text, words));
}

static void in_order(struct fake_goal *f, const char *first, const char *then)
{
	assert_true(at(f, first) < at(f, then));
}

#define PLAN(json)                                                                                 \
	struct fake_goal f;                                                                        \
	fake_goal_init(&f, json);                                                                  \
	fake_goal_plan(&f)

static void vfs_for_guests_are_made_without_drivers(void **state UNUSED)
{
	PLAN(TOPO(N(2), "", WEB("net0", "0")));
	in_order(&f, "autoprobe net0 (0000:05:00.0): 1 -> 0", "numvfs net0");
	in_order(&f, "numvfs net0", "assign net0/0");
	in_order(&f, "assign net0/0", "autoprobe net0 (0000:05:00.0): 0 -> 1 (as it was)");
	lacks(&f, "net0/1");
	assert_true(f.plan.v[0].is_intermediate);
	fake_goal_done(&f);
}

static void numbers_of_all_pfs_stand_together(void **state UNUSED)
{
	PLAN(TOPO(N(2), N(5),
		  ",\"vf\":[" VF(0, "*", "\"driver\":\"assign\"") "," VF(
			  1, "*", "\"driver\":\"assign\"") "]"));
	assert_int_equal(at(&f, "numvfs net1 (0000:06:00.0): 3 -> 0"), 2);
	assert_int_equal(at(&f, "numvfs net0 (0000:05:00.0): 0 -> 2"), 3);
	assert_int_equal(at(&f, "numvfs net1 (0000:06:00.0): 0 -> 5"), 4);
	assert_true(f.plan.v[2].is_intermediate);
	assert_false(f.plan.v[4].is_intermediate);
	fake_goal_done(&f);
}

static void autoprobe_of_the_topology_is_a_change_of_its_own(void **state UNUSED)
{
	PLAN(TOPO("", N(3) ",\"autoprobe\":false", ""));
	assert_int_equal(f.plan.n, 1);
	at(&f, "autoprobe net1 (0000:06:00.0): 1 -> 0 (in the topology)");
	assert_false(f.plan.v[0].is_intermediate);
	fake_goal_done(&f);
}

static void autoprobe_the_kernel_does_not_know_is_never_written(void **state UNUSED)
{
	struct fake_goal f;

	fake_goal_init(&f, TOPO(N(2) ",\"autoprobe\":false", "", WEB("net0", "0")));
	f.pfs[0].autoprobe = UNKNOWN;
	fake_goal_plan(&f);
	lacks(&f, "autoprobe");
	fake_goal_done(&f);
}

static void values_of_one_setting_go_together_and_the_rest_stays(void **state UNUSED)
{
	struct fake_goal f;

	fake_goal_init(&f, TOPO("", "", ",\"vf\":[" VF(1, "0", "\"vlan\":100") "]"));
	f.pfs[1].attrs[0].qos = 5;
	fake_goal_plan(&f);
	assert_int_equal(f.plan.n, 1);
	assert_int_equal(f.plan.v[0].want.vlan, 100);
	assert_int_equal(f.plan.v[0].want.qos, 5);
	fake_goal_done(&f);
}

static void what_the_driver_does_not_report_is_set(void **state UNUSED)
{
	struct fake_goal f;

	fake_goal_init(&f, TOPO("", "", ",\"vf\":[" VF(1, "0", "\"trust\":false") "]"));
	f.pfs[1].attrs[0].given &= ~(unsigned)VF_ATTR_TRUST;
	fake_goal_plan(&f);
	at(&f, "set net1/0 (0000:06:10.0): trust off");
	fake_goal_done(&f);
}

static void a_pf_without_netdev_has_no_settings(void **state UNUSED)
{
	struct fake_goal f;

	fake_goal_init(&f, TOPO("", "", ",\"vf\":[" VF(1, "0", "\"vlan\":5") "]"));
	f.pfs[1].netdev = NULL;
	fake_goal_plan(&f);
	assert_int_equal(f.plan.n, 0);
	fake_goal_done(&f);
}

static void permissive_is_a_step_only_where_it_is_asked_for_and_missing(void **state UNUSED)
{
	struct fake_goal f;

	fake_goal_init(&f, TOPO("", "", WEB("net1", "0\",\"permissive\":true,\"vslot\":\"3")));
	fake_goal_runs(&f, 0);
	f.pfs[1].vfs[0] = (struct vf){ .state = VF_ATTACHED, .domain = "web1", .permissive = 0 };
	fake_goal_plan(&f);
	at(&f, "permissive net1/0");
	f.pfs[1].vfs[0].permissive = 1;
	fake_goal_plan(&f);
	assert_int_equal(f.plan.n, 0);
	f.pfs[1].vfs[0].permissive = 0;
	f.g.has_permissive = false;
	fake_goal_plan(&f);
	assert_int_equal(f.plan.n, 0);
	fake_goal_done(&f);
}

static void a_probe_needs_autoprobe_for_a_while(void **state UNUSED)
{
	PLAN(TOPO(N(2) ",\"autoprobe\":false", "",
		  ",\"vf\":[" VF(0, "0", "\"driver\":\"assign\"") "," VF(
			  0, "1", "\"driver\":\"host\"") "]"));
	in_order(&f, "numvfs net0", "autoprobe net0 (0000:05:00.0): 0 -> 1 (drivers take VFs");
	in_order(&f, "0 -> 1 (drivers take VFs", "probe net0/1");
	assert_int_equal(f.plan.v[f.plan.n - 1].kind, STEP_AUTOPROBE);
	assert_int_equal(f.plan.v[f.plan.n - 1].to, 0);
	fake_goal_done(&f);
}

static void on_error_is_handed_on(void **state UNUSED)
{
	struct fake_goal f;

	fake_goal_init(&f, "{\"version\":1,\"on_error\":\"stop\",\"pf\":[{\"name\":\"net0\","
			   "\"bdf\":\"05:00.0\",\"numvfs\":1}]}");
	fake_goal_plan(&f);
	assert_true(f.plan.stop_on_error);
	assert_true(f.plan.remember_all);
	fake_goal_done(&f);
}

/* A small generator that gives the same numbers on every run. */
static unsigned next(unsigned *seed)
{
	*seed = *seed * 1103515245u + 12345u;
	return *seed >> 16 & 0x7fff;
}

static void add_vf(char *s, size_t size, unsigned pf, unsigned i, unsigned *seed)
{
	static const char *const drivers[] = { "assign", "host", "none" };
	size_t n = strlen(s);
	unsigned what = next(seed) % 8;

	if (what < 3)
		snprintf(s + n, size - n,
			 "%s{\"pf\":\"net%u\",\"index\":\"%u\",\"driver\":\"%s\",\"trust\":true}",
			 n ? "," : "", pf, i, drivers[what]);
	else if (what < 6)
		snprintf(s + n, size - n,
			 "%s{\"pf\":\"net%u\",\"index\":\"%u\",\"vlan\":%u,\"spoofchk\":false}",
			 n ? "," : "", pf, i, next(seed) % 4094);
}

/* VFs 0-1 of each PF are web1's. */
static void generate(char *ret, size_t size, unsigned seed)
{
	char vfs[4096] = "", domain[512] = "";
	unsigned n[2];

	for (unsigned p = 0; p < 2; p++) {
		n[p] = 2 + next(&seed) % 6;
		for (unsigned i = 2; i < n[p]; i++)
			add_vf(vfs, sizeof(vfs), p, i, &seed);
	}
	if (next(&seed) % 3)
		snprintf(domain, sizeof(domain),
			 ",\"domain\":[{\"name\":\"web1\",\"devices\":[{\"pf\":\"net0\",\"index\":"
			 "\"0-1\",\"permissive\":true},{\"pf\":\"net1\",\"index\":\"0\"}]}]");
	snprintf(ret, size,
		 "{\"version\":1,\"pf\":[{\"name\":\"net0\",\"bdf\":\"05:00.0\",\"numvfs\":%u%s},"
		 "{\"name\":\"net1\",\"bdf\":\"06:00.0\",\"numvfs\":%u}],\"vf\":[%s]%s}",
		 n[0], next(&seed) % 2 ? ",\"autoprobe\":false" : "", n[1], vfs, domain);
}

static void a_plan_that_was_done_leaves_nothing_to_do(void **state UNUSED)
{
	char json[8192];

	for (unsigned seed = 1; seed <= 200; seed++) {
		struct fake_goal f;

		generate(json, sizeof(json), seed);
		fake_goal_init(&f, json);
		if (f.topo->n_domains && seed % 2)
			fake_goal_runs(&f, 0);
		fake_goal_plan(&f);
		assert_true(f.plan.n > 0);
		fake_goal_do(&f);
		fake_goal_plan(&f);
		if (f.plan.n)
			print_error("seed %u: %s\n%s", seed, json, f.text);
		assert_int_equal(f.plan.n, 0);
		fake_goal_done(&f);
	}
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(vfs_for_guests_are_made_without_drivers),
	cmocka_unit_test(numbers_of_all_pfs_stand_together),
	cmocka_unit_test(autoprobe_of_the_topology_is_a_change_of_its_own),
	cmocka_unit_test(autoprobe_the_kernel_does_not_know_is_never_written),
	cmocka_unit_test(values_of_one_setting_go_together_and_the_rest_stays),
	cmocka_unit_test(what_the_driver_does_not_report_is_set),
	cmocka_unit_test(a_pf_without_netdev_has_no_settings),
	cmocka_unit_test(permissive_is_a_step_only_where_it_is_asked_for_and_missing),
	cmocka_unit_test(a_probe_needs_autoprobe_for_a_while),
	cmocka_unit_test(on_error_is_handed_on),
	cmocka_unit_test(a_plan_that_was_done_leaves_nothing_to_do),
};

TEST_MAIN(tests)
