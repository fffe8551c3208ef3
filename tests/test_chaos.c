// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Chaos on the fake host: kill -9 before and after each change of an apply and of a release, and a
 * failure (or a lie) of each change. After every one of them the next apply must reach the
 * topology, and release the first state, compared as text. By default it runs a sample, with
 * CHAOS=all all of them (make chaos).
 */
#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "fake_yard.h"

struct trial {
	struct fake_yard *y;
	char *first, *wanted;
	unsigned n_changes; /* in an apply from the first state */
	unsigned cases;
};

static bool is_whole(void)
{
	const char *s = getenv("CHAOS");

	return s && !strcmp(s, "all");
}

/* A sample takes every seventh, beginning somewhere else for each kind of accident. */
static bool is_chosen(unsigned n, unsigned kind)
{
	return is_whole() || n % 7 == kind % 7;
}

static void must(struct fake_yard *y, enum yard_command c)
{
	char line[sizeof(struct err)];
	int r;

	fake_yard_calm(y);
	r = fake_yard_run(y, c);
	if (r < 0)
		print_error("%s\n", err_format(&y->e, line, sizeof(line)));
	assert_int_equal(r, 0);
}

static void assert_is(struct fake_yard *y, const char *want)
{
	_cleanup_free_ char *now = fake_yard_snapshot(y);

	assert_string_equal(now, want);
}

/* Whatever state it is in, it gets to the topology, and back to the first state. */
static void comes_right(struct trial *t)
{
	must(t->y, YARD_APPLY);
	assert_is(t->y, t->wanted);
	must(t->y, YARD_STATUS);
	assert_int_equal(t->y->n_steps, 0);
	must(t->y, YARD_RELEASE);
	assert_is(t->y, t->first);
	t->cases++;
}

static void begin(struct trial *t, void **state)
{
	*t = (struct trial){ .y = *state };
	/* Both domains of the topology have definitions; the second is off. */
	fake_backend_add_keeper(&t->y->backend, "web1");
	fake_backend_add_keeper(&t->y->backend, "off1");
	t->first = fake_yard_snapshot(t->y);
	must(t->y, YARD_APPLY);
	t->n_changes = t->y->changes;
	assert_true(t->y->n_steps >= 20);
	t->wanted = fake_yard_snapshot(t->y);
	assert_non_null(strstr(t->wanted, "definition of web1: "));
	assert_non_null(strstr(t->wanted, "definition of off1: "));
	must(t->y, YARD_RELEASE);
	assert_is(t->y, t->first);
}

static void end(struct trial *t, const char *what)
{
	printf("chaos: %u cases: %s\n", t->cases, what);
	assert_true(t->cases >= 2);
	free(t->first);
	free(t->wanted);
}

/* The run is killed at the @n-th of what @at counts. Returns false when the run ended well before
 * it came so far. */
static bool killed_at(struct trial *t, enum yard_command c, unsigned *at, unsigned n, bool after)
{
	bool was;
	int r;

	fake_yard_calm(t->y);
	*at = n;
	t->y->kill_after = after;
	was = fake_yard_run_killed(t->y, c, &r);
	if (!was)
		assert_int_equal(r, 0);
	fake_yard_calm(t->y);
	return was;
}

static bool killed(struct trial *t, enum yard_command c, unsigned n, bool after)
{
	return killed_at(t, c, &t->y->kill_at, n, after);
}

static void apply_killed_at_any_change_is_finished_by_the_next(void **state)
{
	struct trial t;

	begin(&t, state);
	for (unsigned n = 1; n <= t.n_changes; n++)
		for (unsigned after = 0; after < 2; after++) {
			if (!is_chosen(n, after))
				continue;
			assert_true(killed(&t, YARD_APPLY, n, after));
			comes_right(&t);
		}
	end(&t, "kill -9 of an apply, then apply and release");
}

static void apply_killed_at_any_change_is_taken_back_by_release(void **state)
{
	struct trial t;

	begin(&t, state);
	for (unsigned n = 1; n <= t.n_changes; n++)
		for (unsigned after = 0; after < 2; after++) {
			if (!is_chosen(n, 2 + after))
				continue;
			assert_true(killed(&t, YARD_APPLY, n, after));
			must(t.y, YARD_RELEASE);
			assert_is(t.y, t.first);
			t.cases++;
		}
	end(&t, "kill -9 of an apply, then release");
}

static void release_killed_at_any_change_is_finished_by_the_next(void **state)
{
	struct trial t;
	bool was = true;

	begin(&t, state);
	for (unsigned n = 1; was; n++)
		for (unsigned after = 0; was && after < 2; after++) {
			if (!is_chosen(n, 4 + after) && n < 60)
				continue;
			must(t.y, YARD_APPLY);
			was = killed(&t, YARD_RELEASE, n, after);
			must(t.y, YARD_RELEASE);
			assert_is(t.y, t.first);
			t.cases += was;
		}
	end(&t, "kill -9 of a release, then release");
}

static void release_killed_at_any_change_can_be_applied_again(void **state)
{
	struct trial t;
	bool was = true;

	begin(&t, state);
	for (unsigned n = 1; was; n++)
		for (unsigned after = 0; was && after < 2; after++) {
			if (!is_chosen(n, 6 + after) && n < 60)
				continue;
			must(t.y, YARD_APPLY);
			was = killed(&t, YARD_RELEASE, n, after);
			comes_right(&t);
		}
	end(&t, "kill -9 of a release, then apply and release");
}

/* This also kills while the host is not touched: between the last change and the end of memory and
 * journal. */
static void a_run_killed_at_any_fsync_comes_right(void **state)
{
	struct trial t;
	bool was = true;

	begin(&t, state);
	for (unsigned n = 1; was; n++)
		for (unsigned after = 0; was && after < 2; after++) {
			was = killed_at(&t, YARD_APPLY, &t.y->kill_at_sync, n, after);
			comes_right(&t);
		}
	for (unsigned n = 1, w = 1; w; n++)
		for (unsigned after = 0; w && after < 2; after++) {
			must(t.y, YARD_APPLY);
			w = killed_at(&t, YARD_RELEASE, &t.y->kill_at_sync, n, after);
			must(t.y, YARD_RELEASE);
			assert_is(t.y, t.first);
			t.cases++;
		}
	end(&t, "kill -9 at an fsync of an apply or a release, then apply, release");
}

static void a_run_killed_twice_comes_right_all_the_same(void **state)
{
	struct trial t;

	begin(&t, state);
	for (unsigned n = 2; n <= t.n_changes; n++) {
		if (!is_chosen(n, 1))
			continue;
		killed(&t, YARD_APPLY, n, false);
		killed(&t, YARD_APPLY, 1 + n / 3, true);
		killed(&t, YARD_RELEASE, 1 + n / 4, true);
		comes_right(&t);
	}
	end(&t, "three kills one after the other");
}

/* Runs with change @n failing in this way. Returns false when there is no such change. */
static bool fails_cleanly(struct trial *t, unsigned n, int code, bool is_short)
{
	char line[sizeof(struct err)];
	int r;

	fake_yard_calm(t->y);
	t->y->fail_at = n;
	t->y->fail_code = code;
	t->y->fail_short = is_short;
	r = fake_yard_run(t->y, YARD_APPLY);
	if (!t->y->failed) {
		assert_int_equal(r, 0);
		must(t->y, YARD_RELEASE);
		return false;
	}
	if (r == 0 && !is_short) {
		/* Nothing that was asked for depends on it. */
		assert_is(t->y, t->wanted);
		return true;
	}
	if (t->y->e.status == EXIT_LEFT)
		print_error("change %u, code %d: %s\n", n, code,
			    err_format(&t->y->e, line, sizeof(line)));
	assert_int_equal(t->y->e.status, EXIT_FAILED);
	if (!t->y->e.object[0] || !t->y->e.step[0] || !t->y->e.cause[0] || !t->y->e.fix[0])
		print_error("change %u, code %d: %s\n", n, code,
			    err_format(&t->y->e, line, sizeof(line)));
	assert_true(t->y->e.object[0] && t->y->e.step[0] && t->y->e.cause[0] && t->y->e.fix[0]);
	assert_is(t->y, t->first);
	return true;
}

static bool fails_late(struct trial *t, unsigned n)
{
	int r;

	fake_yard_calm(t->y);
	t->y->fail_at = n;
	t->y->fail_code = EIO;
	t->y->fail_late = true;
	r = fake_yard_run(t->y, YARD_APPLY);
	if (!t->y->failed || r == 0) {
		must(t->y, YARD_RELEASE);
		return false;
	}
	assert_int_equal(t->y->e.status, EXIT_FAILED);
	assert_is(t->y, t->first);
	return true;
}

static void any_change_may_fail_and_all_is_undone(void **state)
{
	static const int codes[] = { EBUSY, ENOSPC, EIO, ENODEV, 0 };
	struct trial t;

	begin(&t, state);
	for (unsigned n = 1; n <= t.n_changes; n++)
		for (unsigned c = 0; c < ARRAY_SIZE(codes); c++)
			if (is_chosen(n, c) && fails_cleanly(&t, n, codes[c], false))
				comes_right(&t);
	end(&t, "EBUSY, ENOSPC, EIO, ENODEV or a lie, then apply and release");
}

static void fewer_vfs_than_asked_is_a_failure_that_is_undone(void **state)
{
	struct trial t;

	begin(&t, state);
	for (unsigned n = 1; n <= t.n_changes; n++)
		if (fails_cleanly(&t, n, 0, true))
			comes_right(&t);
	end(&t, "one VF less, and success");
}

/* The kernel did it, and says that it did not. */
static void a_write_that_fails_after_it_was_done_is_undone(void **state)
{
	struct fake_yard *y = *state;
	struct trial t;

	memcpy(fake_netvf_vf(&y->netvf, "eth1", 0)->mac, "\x02\x11\x22\x33\x44\x55", 6);
	fake_netvf_vf(&y->netvf, "eth1", 0)->vlan = 42;
	begin(&t, state);
	for (unsigned n = 1; n <= t.n_changes; n++)
		if (is_chosen(n, 3) && fails_late(&t, n))
			comes_right(&t);
	end(&t, "a write that is said to have failed, and was done");
}

/* The same with functions as a whole in the topology. */
static int setup_whole(void **state)
{
	int r = fake_yard_setup(state);

	if (r < 0)
		return r;
	fake_yard_add_functions(*state);
	fake_yard_topology(*state, fake_yard_whole);
	return 0;
}

/* It is of functions that this is about: each is taken, and goes back to its own driver. */
static void functions_are_taken_and_go_back(void **state)
{
	struct trial t;

	begin(&t, state);
	assert_non_null(strstr(t.first, "0000:0b:00.0 driver 'nouveau' override '' domain ''"));
	assert_non_null(strstr(t.wanted, "0000:0b:00.0 driver '" FAKE_DRIVER "'"));
	assert_non_null(strstr(t.wanted, "0000:0b:00.1 driver '" FAKE_DRIVER "'"));
	assert_non_null(strstr(t.wanted, "domain 'web1',permissive=1"));
	assert_non_null(strstr(t.wanted, "0000:0c:00.0 driver '" FAKE_DRIVER "'"));
	assert_non_null(strstr(t.wanted, "0000:07:00.0 driver '" FAKE_DRIVER "'"));
	for (unsigned i = 0; i < 2; i++)
		comes_right(&t);
	end(&t, "apply and release with functions as a whole");
}

#define AS_WHOLE(f) "whole functions: " #f, f, setup_whole, fake_yard_teardown, NULL
#define T(f)	    cmocka_unit_test_setup_teardown(f, fake_yard_setup, fake_yard_teardown)

static const struct CMUnitTest tests[] = {
	T(apply_killed_at_any_change_is_finished_by_the_next),
	T(apply_killed_at_any_change_is_taken_back_by_release),
	T(release_killed_at_any_change_is_finished_by_the_next),
	T(release_killed_at_any_change_can_be_applied_again),
	T(a_run_killed_at_any_fsync_comes_right),
	T(a_run_killed_twice_comes_right_all_the_same),
	T(any_change_may_fail_and_all_is_undone),
	T(a_write_that_fails_after_it_was_done_is_undone),
	T(fewer_vfs_than_asked_is_a_failure_that_is_undone),
	{ AS_WHOLE(functions_are_taken_and_go_back) },
	{ AS_WHOLE(apply_killed_at_any_change_is_finished_by_the_next) },
	{ AS_WHOLE(apply_killed_at_any_change_is_taken_back_by_release) },
	{ AS_WHOLE(release_killed_at_any_change_is_finished_by_the_next) },
	{ AS_WHOLE(release_killed_at_any_change_can_be_applied_again) },
	{ AS_WHOLE(a_run_killed_at_any_fsync_comes_right) },
	{ AS_WHOLE(any_change_may_fail_and_all_is_undone) },
	{ AS_WHOLE(a_write_that_fails_after_it_was_done_is_undone) },
};

TEST_MAIN(tests)
