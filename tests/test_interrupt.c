// SPDX-License-Identifier: GPL-2.0-or-later
#include "test.h"

#include <stdlib.h>
#include <string.h>
#include <signal.h>

#include "base/deadline.h"
#include "fake_site.h"
#include "fake_yard_check.h"

static const struct {
	int number;
	const char *cause;
} signals[] = {
	{ SIGINT, "interrupted by SIGINT" },
	{ SIGTERM, "interrupted by SIGTERM" },
	{ SIGHUP, "interrupted by SIGHUP" },
};

static void raise_in(struct fake_site *s, const char *op, unsigned skip, int number)
{
	fake_backend_fail(&s->backend, (struct fake_op_fault){ op, skip, -number, EXIT_DONE });
}

static unsigned delivered;

static void count(int number UNUSED)
{
	delivered++;
}

static void signal_between_steps_undoes_what_was_done(void **state)
{
	struct fake_site *s = *state;

	for (size_t i = 0; i < ARRAY_SIZE(signals); i++) {
		_cleanup_free_ char *before = fake_site_snapshot(s), *after = NULL;
		_cleanup_(fake_plan_done) struct plan p = { 0 };

		fake_site_plan(s, &p, STEP_ASSIGN, 4);
		raise_in(s, "assign", 1, signals[i].number);
		assert_int_equal(fake_site_run(s, &p), -EINTR);
		assert_string_equal(s->e.cause, signals[i].cause);
		assert_int_equal(s->e.status, EXIT_FAILED);
		after = fake_site_snapshot(s);
		assert_string_equal(before, after);
		fake_site_reload(s);
	}
}

/* Steps that clean up after their own failure must not do so when they have not begun. */
static void step_that_was_not_begun_is_not_undone(void **state)
{
	struct fake_site *s = *state;
	_cleanup_free_ char *before = NULL, *after = NULL;
	_cleanup_(fake_plan_done) struct plan p = { 0 };

	fake_site_reach(s, STEP_ASSIGN, 2);
	before = fake_site_snapshot(s);
	fake_site_plan_returns(s, &p, 2);
	s->backend.calls[0] = '\0';
	raise_in(s, "unassign", 0, SIGTERM);
	assert_int_equal(fake_site_run(s, &p), -EINTR);
	assert_string_equal(s->backend.calls, "unassign 0000:05:10.0;assign 0000:05:10.0;");
	after = fake_site_snapshot(s);
	assert_string_equal(before, after);
}

static void undo_that_fails_after_a_signal_is_what_is_left(void **state)
{
	struct fake_site *s = *state;
	_cleanup_(fake_plan_done) struct plan p = { 0 };

	fake_site_plan(s, &p, STEP_ASSIGN, 2);
	raise_in(s, "assign", 0, SIGINT);
	fake_backend_fail(&s->backend, (struct fake_op_fault){ "unassign", 0, EIO, EXIT_FAILED });
	assert_int_equal(fake_site_run(s, &p), -EINTR);
	assert_int_equal(s->e.status, EXIT_LEFT);
	assert_non_null(strstr(s->e.cause, "interrupted by SIGINT; rollback incomplete"));
	assert_non_null(strstr(s->e.fix, "vfyard pci-assignable-remove -r net0/0"));
}

static void signal_in_the_last_step_comes_when_all_is_done(void **state)
{
	struct fake_site *s = *state;
	_cleanup_(fake_plan_done) struct plan p = { 0 };
	struct sigaction old, counting = { .sa_handler = count };

	delivered = 0;
	assert_int_equal(sigaction(SIGINT, &counting, &old), 0);
	fake_site_plan(s, &p, STEP_ASSIGN, 2);
	raise_in(s, "assign", 1, SIGINT);
	assert_int_equal(fake_site_run(s, &p), 0);
	sigaction(SIGINT, &old, NULL);
	assert_int_equal(delivered, 1);
	assert_string_equal(s->backend.calls, "assign 0000:05:10.0;assign 0000:05:10.2;");
}

static void ignored_signal_stays_ignored(void **state)
{
	struct fake_site *s = *state;
	_cleanup_(fake_plan_done) struct plan p = { 0 };
	struct sigaction old, ignoring = { .sa_handler = SIG_IGN };

	assert_int_equal(sigaction(SIGHUP, &ignoring, &old), 0);
	fake_site_plan(s, &p, STEP_ASSIGN, 2);
	raise_in(s, "assign", 0, SIGHUP);
	assert_int_equal(fake_site_run(s, &p), 0);
	sigaction(SIGHUP, &old, NULL);
}

/* Two VFs of net0 for web1: two steps that wait for the guest. */
#define BOTH ",\"domain\":[{\"name\":\"web1\",\"devices\":[{\"pf\":\"net0\",\"index\":\"0-1\"}]}]"

/* A guest that does not answer has the run's whole time; who asks the run to end does not wait for
 * that. */
static void assert_ends_soon(struct fake_yard *y, enum yard_command c, unsigned wait)
{
	int64_t begun = monotonic_ms();

	y->signal_at = wait;
	assert_int_equal(fake_yard_run(y, c), -EINTR);
	assert_true(monotonic_ms() - begun < 10000);
	assert_string_equal(y->e.cause, "interrupted by SIGTERM");
}

static void a_signal_ends_a_step_that_waits_and_what_was_done_is_undone(void **state)
{
	struct fake_yard *y = *state;

	yard_topology(y, "3", BOTH);
	for (unsigned wait = 1; wait <= 2; wait++) {
		_cleanup_free_ char *before = fake_yard_snapshot(y), *after = NULL;

		/* The first attach of the second round is undone by a detach, which waits for the
		 * guest although the run was asked to end: it is not cut short. */
		assert_ends_soon(y, YARD_APPLY, wait);
		assert_int_equal(y->waits, wait == 1 ? 1 : 3);
		assert_int_equal(y->e.status, EXIT_FAILED);
		assert_string_equal(y->e.fix, "what was done is undone; run it again");
		after = fake_yard_snapshot(y);
		assert_string_equal(after, before);
	}
	fake_yard_calm(y);
	yard_must(y, YARD_APPLY);
	assert_string_equal(yard_domain_of(y, 0, 1), "web1");
}

static void a_signal_ends_a_detach_that_waits_and_the_guest_keeps_all(void **state)
{
	struct fake_yard *y = *state;

	yard_topology(y, "3", BOTH);
	yard_must(y, YARD_APPLY);
	for (unsigned wait = 1; wait <= 2; wait++) {
		_cleanup_free_ char *before = fake_yard_snapshot(y), *after = NULL;

		assert_ends_soon(y, YARD_RELEASE, wait);
		assert_int_equal(y->e.status, EXIT_FAILED);
		after = fake_yard_snapshot(y);
		assert_string_equal(after, before);
	}
	fake_yard_calm(y);
	yard_must(y, YARD_RELEASE);
	assert_string_equal(yard_domain_of(y, 0, 1), "");
}

/* With on_error = "stop" nothing is undone, and what stands is said. */
static void a_signal_in_a_run_that_stops_leaves_what_was_done(void **state)
{
	struct fake_yard *y = *state;

	fake_yard_topology(y, "{\"version\":1,\"on_error\":\"stop\",\"pf\":[{\"name\":\"net0\","
			      "\"bdf\":\"0000:05:00.0\",\"numvfs\":3}]" BOTH "}");
	y->signal_at = 2;
	assert_int_equal(fake_yard_run(y, YARD_APPLY), -EINTR);
	assert_int_equal(y->e.status, EXIT_LEFT);
	assert_non_null(
		strstr(y->e.cause, "interrupted by SIGTERM; it stopped, and these steps stay: "));
	assert_string_equal(yard_domain_of(y, 0, 0), "web1");
	assert_string_equal(yard_domain_of(y, 0, 1), "");
	fake_yard_calm(y);
	yard_must(y, YARD_APPLY);
	assert_string_equal(yard_domain_of(y, 0, 1), "web1");
}

#define T(f) cmocka_unit_test_setup_teardown(f, fake_site_setup, fake_site_teardown)

/* A signal that comes when nobody asks any more is delivered. */
static int set_up_yard(void **state)
{
	signal(SIGTERM, count);
	return fake_yard_setup(state);
}

static int tear_down_yard(void **state)
{
	signal(SIGTERM, SIG_DFL);
	return fake_yard_teardown(state);
}

#define Y(f) cmocka_unit_test_setup_teardown(f, set_up_yard, tear_down_yard)

/* A background job of a shell inherits SIGINT ignored, and it would stay so. */
static int hear_signals(void **state UNUSED)
{
	for (size_t i = 0; i < ARRAY_SIZE(signals); i++)
		signal(signals[i].number, SIG_DFL);
	return 0;
}

static const struct CMUnitTest tests[] = {
	T(signal_between_steps_undoes_what_was_done),
	T(step_that_was_not_begun_is_not_undone),
	T(undo_that_fails_after_a_signal_is_what_is_left),
	T(signal_in_the_last_step_comes_when_all_is_done),
	T(ignored_signal_stays_ignored),
	Y(a_signal_ends_a_step_that_waits_and_what_was_done_is_undone),
	Y(a_signal_ends_a_detach_that_waits_and_the_guest_keeps_all),
	Y(a_signal_in_a_run_that_stops_leaves_what_was_done),
};

TEST_MAIN_WITH(tests, hear_signals, NULL)
