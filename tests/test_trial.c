// SPDX-License-Identifier: GPL-2.0-or-later
/* apply --confirm: undone unless somebody confirms it, wherever the run was killed. */
#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "fake_yard_check.h"

static void is_now(struct fake_yard *y, const char *want)
{
	_cleanup_free_ char *now = fake_yard_snapshot(y);

	assert_string_equal(now, want);
}

static void try_it(struct fake_yard *y)
{
	y->confirm_s = 60;
	yard_must(y, YARD_TRY);
}

static bool awaits(struct fake_yard *y)
{
	return root_exists(&y->root.host.root, "var/lib/vfyard/unconfirmed.json");
}

static void undo(struct fake_yard *y, const char *first)
{
	yard_must(y, YARD_UNDO);
	assert_int_equal(y->awaited, 1);
	is_now(y, first);
}

static void undone_is_as_it_was_memory_included(void **state)
{
	struct fake_yard *y = *state;
	_cleanup_free_ char *first = NULL;

	fake_netvf_vf(&y->netvf, "eth1", 0)->vlan = 42;
	first = fake_yard_snapshot(y);
	try_it(y);
	assert_int_equal(yard_number(y, "0000:05:00.0", "sriov_numvfs"), 5);
	assert_non_null(strstr(fake_yard_notes(y), "all of this is undone at "));
	assert_non_null(strstr(fake_yard_notes(y), "in 60 s, unless you say that it is well, run: "
						   "vfyard confirm"));
	undo(y, first);
	yard_must(y, YARD_UNDO);
	assert_int_equal(y->awaited, 0);
}

static void too_late(struct fake_yard *y)
{
	assert_int_equal(fake_yard_run(y, YARD_CONFIRM), -ETIME);
	assert_int_equal(y->e.status, EXIT_FAILED);
	assert_string_equal(y->e.cause, "it is too late: 'vfyard test' was undone");
	assert_string_equal(y->e.fix, "its topology may be applied again now, run: vfyard apply");
}

#define SECOND                                                                                     \
	"{\"version\":1,\"pf\":["                                                                  \
	"{\"name\":\"net0\",\"bdf\":\"0000:05:00.0\"},"                                            \
	"{\"name\":\"net1\",\"bdf\":\"0000:06:00.0\",\"numvfs\":4}],"                              \
	"\"vf\":[{\"pf\":\"net0\",\"index\":\"2\",\"vlan\":7},"                                    \
	"{\"pf\":\"net0\",\"index\":\"4\",\"driver\":\"host\"},"                                   \
	"{\"pf\":\"net1\",\"index\":\"2\",\"driver\":\"assign\"}],"                                \
	"\"domain\":[{\"name\":\"web1\",\"devices\":[{\"pf\":\"net0\",\"index\":\"0-2\"}]}]}"

/* VFs that were assignable are so again, and those in a domain stay there: release would not do
 * that. */
static void undone_is_the_state_before_the_run_and_not_the_first(void **state)
{
	struct fake_yard *y = *state;
	_cleanup_free_ char *between = NULL;

	yard_must(y, YARD_APPLY);
	between = fake_yard_snapshot(y);
	fake_yard_topology(y, SECOND);
	try_it(y);
	assert_string_equal(yard_domain_of(y, 0, 2), "web1");
	yard_driver_is(y, 0, 4, "igbvf");
	assert_string_equal(yard_domain_of(y, 0, 1), "web1");
	undo(y, between);
}

static void a_number_that_changed_comes_back_with_what_the_vfs_were(void **state)
{
	struct fake_yard *y = *state;
	_cleanup_free_ char *between = NULL;

	yard_topology(y, "3",
		      ",\"vf\":[{\"pf\":\"net0\",\"index\":\"*\",\"driver\":\"assign\"},"
		      "{\"pf\":\"net0\",\"index\":\"1\",\"vlan\":9}]");
	yard_must(y, YARD_APPLY);
	between = fake_yard_snapshot(y);
	yard_topology(y, "6", ",\"vf\":[{\"pf\":\"net0\",\"index\":\"*\",\"driver\":\"assign\"}]");
	try_it(y);
	assert_int_equal(yard_number(y, "0000:05:00.0", "sriov_numvfs"), 6);
	undo(y, between);
}

static void confirmed_stays_and_is_released_as_ever(void **state)
{
	struct fake_yard *y = *state;
	_cleanup_free_ char *first = fake_yard_snapshot(y), *wanted = NULL;

	try_it(y);
	wanted = fake_yard_snapshot(y);
	yard_must(y, YARD_CONFIRM);
	assert_int_equal(y->awaited, 1);
	assert_false(awaits(y));
	is_now(y, wanted);
	yard_must(y, YARD_UNDO);
	assert_int_equal(y->awaited, 0);
	yard_must(y, YARD_APPLY);
	yard_must(y, YARD_RELEASE);
	is_now(y, first);
	yard_must(y, YARD_CONFIRM);
	assert_int_equal(y->awaited, 0);
}

static void meanwhile_nobody_else_changes_the_host(void **state)
{
	static const enum yard_command others[] = { YARD_APPLY, YARD_TRY, YARD_RELEASE, YARD_SET };
	struct fake_yard *y = *state;
	_cleanup_free_ char *first = fake_yard_snapshot(y);

	try_it(y);
	y->words[0] = "eth0";
	y->words[1] = "numvfs=1";
	for (size_t i = 0; i < ARRAY_SIZE(others); i++) {
		yard_fails(y, others[i], EXIT_REFUSED,
			   "'vfyard test' awaits confirmation, and is undone at ");
		assert_string_equal(y->e.fix, "to keep it, run: vfyard confirm; to undo it now, "
					      "run: vfyard confirm --undo");
	}
	yard_must(y, YARD_STATUS);
	assert_int_equal(y->n_problems, 1);
	assert_int_equal(y->n_drift, 0);
	assert_non_null(strstr(fake_yard_notes(y), "topology.cfg: 'vfyard test' awaits "
						   "confirmation, and is undone at "));
	undo(y, first);
}

static void an_undone_topology_is_not_applied_by_itself(void **state)
{
	struct fake_yard *y = *state;
	_cleanup_free_ char *first = fake_yard_snapshot(y);

	try_it(y);
	undo(y, first);
	yard_fails(y, YARD_APPLY, EXIT_REFUSED, "refused");
	assert_non_null(strstr(fake_yard_notes(y),
			       "this topology was applied with --confirm, and undone because "
			       "nobody confirmed it; try it again, run: vfyard apply --confirm "
			       "SECONDS; or allow it, run: vfyard confirm"));
	yard_must(y, YARD_PLAN);
	assert_int_equal(y->n_problems, 1);
	yard_topology(y, "2", "");
	yard_must(y, YARD_APPLY);
	yard_must(y, YARD_RELEASE);
	fake_yard_topology(y, fake_yard_example);
	try_it(y);
	undo(y, first);
	too_late(y);
	yard_must(y, YARD_CONFIRM);
	assert_int_equal(y->awaited, 0);
	yard_must(y, YARD_APPLY);
}

/* What a reboot does not take away is forgotten, and the boot's apply does not do it again. */
static void after_a_reboot_it_is_over_and_not_applied(void **state)
{
	struct fake_yard *y = *state;
	_cleanup_free_ char *wanted = NULL;

	try_it(y);
	fake_root_add(&y->root, "proc/sys/kernel/random/boot_id=1111");
	wanted = fake_yard_snapshot(y);
	assert_true(fake_yard_run(y, YARD_APPLY) < 0);
	assert_int_equal(y->e.status, EXIT_REFUSED);
	assert_int_equal(y->changes, 0);
	assert_non_null(strstr(fake_yard_notes(y), "the host has rebooted before 'vfyard test' was "
						   "confirmed: its changes went with the reboot"));
	assert_non_null(strstr(fake_yard_notes(y), "undone because nobody confirmed it"));
	yard_topology(y, "5", "");
	yard_must(y, YARD_APPLY);
}

/* Killed before and after each change, or between two fsyncs: the undo is the state before. */
static void killed_anywhere_it_is_undone(void **state)
{
	struct fake_yard *y = *state;
	_cleanup_free_ char *first = fake_yard_snapshot(y);
	unsigned n_changes, n_syncs, cases = 0;
	int r;

	try_it(y);
	n_changes = y->changes;
	n_syncs = y->syncs;
	undo(y, first);
	y->confirm_s = 60;
	for (unsigned n = 1; n <= n_changes; n += 3, cases++) {
		y->kill_at = n;
		y->kill_after = n % 2;
		assert_true(fake_yard_run_killed(y, YARD_TRY, &r));
		fake_yard_calm(y);
		undo(y, first);
	}
	for (unsigned n = 1; n <= n_syncs; n++, cases++) {
		y->kill_at_sync = n;
		y->kill_after = n % 2;
		assert_true(fake_yard_run_killed(y, YARD_TRY, &r));
		fake_yard_calm(y);
		/* Before the file was there, nothing was done. */
		yard_must(y, YARD_UNDO);
		if (y->awaited)
			too_late(y);
		is_now(y, first);
	}
	assert_true(cases >= 10);
}

static void the_undo_killed_anywhere_ends_with_the_next(void **state)
{
	struct fake_yard *y = *state;
	_cleanup_free_ char *first = fake_yard_snapshot(y);
	unsigned cases = 0;
	bool was = true;
	int r;

	for (unsigned n = 1; was; n += 3, cases++) {
		try_it(y);
		y->kill_at = n;
		y->kill_after = n % 2;
		was = fake_yard_run_killed(y, YARD_UNDO, &r);
		fake_yard_calm(y);
		if (was)
			undo(y, first);
	}
	is_now(y, first);
	assert_true(cases >= 5);
	was = true;
	for (unsigned n = 1; was; n++) {
		try_it(y);
		y->kill_at_sync = n;
		y->kill_after = n % 2;
		was = fake_yard_run_killed(y, YARD_UNDO, &r);
		fake_yard_calm(y);
		yard_must(y, YARD_UNDO);
		is_now(y, first);
	}
}

static void a_run_that_fails_leaves_nothing_to_confirm(void **state)
{
	struct fake_yard *y = *state;
	_cleanup_free_ char *first = fake_yard_snapshot(y);

	y->confirm_s = 60;
	y->fail_at = 4;
	y->fail_code = EIO;
	assert_true(fake_yard_run(y, YARD_TRY) < 0);
	fake_yard_calm(y);
	assert_false(awaits(y));
	is_now(y, first);
	yard_must(y, YARD_APPLY);
	try_it(y);
	assert_int_equal(y->n_steps, 0);
	assert_false(awaits(y));
}

/* What fails in the undo can be tried again. */
static void an_undo_that_fails_stays_due(void **state)
{
	struct fake_yard *y = *state;
	_cleanup_free_ char *first = fake_yard_snapshot(y), *wanted = NULL;

	try_it(y);
	wanted = fake_yard_snapshot(y);
	y->fail_at = 3;
	y->fail_code = EIO;
	assert_true(fake_yard_run(y, YARD_UNDO) < 0);
	fake_yard_calm(y);
	is_now(y, wanted);
	yard_fails(y, YARD_APPLY, EXIT_REFUSED, "awaits confirmation");
	undo(y, first);
}

static void it_is_undone_when_its_time_is_over(void **state)
{
	struct fake_yard *y = *state;
	_cleanup_free_ char *first = fake_yard_snapshot(y);

	y->confirm_s = 1;
	yard_must(y, YARD_TRY);
	yard_must(y, YARD_WATCH);
	assert_int_equal(y->awaited, 1);
	is_now(y, first);
	yard_must(y, YARD_WATCH);
	assert_int_equal(y->awaited, 0);
}

#define T(f) cmocka_unit_test_setup_teardown(f, fake_yard_setup, fake_yard_teardown)

static const struct CMUnitTest tests[] = {
	T(undone_is_as_it_was_memory_included),
	T(undone_is_the_state_before_the_run_and_not_the_first),
	T(a_number_that_changed_comes_back_with_what_the_vfs_were),
	T(confirmed_stays_and_is_released_as_ever),
	T(meanwhile_nobody_else_changes_the_host),
	T(an_undone_topology_is_not_applied_by_itself),
	T(after_a_reboot_it_is_over_and_not_applied),
	T(killed_anywhere_it_is_undone),
	T(the_undo_killed_anywhere_ends_with_the_next),
	T(a_run_that_fails_leaves_nothing_to_confirm),
	T(an_undo_that_fails_stays_due),
	T(it_is_undone_when_its_time_is_over),
};

TEST_MAIN(tests)
