// SPDX-License-Identifier: GPL-2.0-or-later
/* Steps that begin together: which, how many, and what a run does with them. */
#include "test.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "engine/run/batch.h"
#include "engine/run/journal.h"
#include "fake_site.h"
#include "fake_yard.h"

static struct pf pfs[3];

static void add(struct plan *p, enum step_kind kind, unsigned pf, unsigned index)
{
	assert_int_equal(
		plan_add(p, &(struct step){ .kind = kind, .vf = { &pfs[pf], index } }, NULL), 0);
}

static void steps_of_one_kind_on_different_functions_go_together(void **state UNUSED)
{
	static const enum step_kind kinds[] = { STEP_UNBIND, STEP_PROBE, STEP_ASSIGN, STEP_UNASSIGN,
						STEP_RESTORE };

	for (size_t k = 0; k < ARRAY_SIZE(kinds); k++) {
		struct plan p = { 0 };

		add(&p, kinds[k], 0, 0);
		add(&p, kinds[k], 0, 1);
		add(&p, kinds[k], 1, 0);
		add(&p, kinds[k], 0, 1); /* once more */
		add(&p, STEP_SET, 1, 0);
		assert_int_equal(batch_end(&p, 0), 3);
		assert_int_equal(batch_end(&p, 2), 4);
		assert_int_equal(batch_end(&p, 3), 4);
		assert_int_equal(batch_end(&p, 4), 5);
		plan_done(&p);
	}
}

static void a_domain_gets_one_device_at_a_time(void **state UNUSED)
{
	static const enum step_kind kinds[] = { STEP_ATTACH, STEP_DETACH, STEP_PERMISSIVE,
						STEP_DEFINE, STEP_UNDEFINE };

	for (size_t k = 0; k < ARRAY_SIZE(kinds); k++) {
		struct plan p = { 0 };

		add(&p, kinds[k], 0, 0);
		add(&p, kinds[k], 0, 1);
		assert_int_equal(batch_end(&p, 0), 1);
		plan_done(&p);
	}
}

/* They are read back when the last of a PF is done. */
static void settings_of_one_pf_go_together(void **state UNUSED)
{
	struct plan p = { 0 };

	add(&p, STEP_SET, 0, 0);
	add(&p, STEP_SET, 0, 0);
	add(&p, STEP_SET, 0, 1);
	add(&p, STEP_SET, 1, 0);
	assert_int_equal(batch_end(&p, 0), 3);
	plan_done(&p);
}

static void numbers_of_different_pfs_change_at_once(void **state UNUSED)
{
	struct plan p = { 0 };

	add(&p, STEP_NUMVFS, 0, NO_VF);
	add(&p, STEP_NUMVFS, 1, NO_VF);
	add(&p, STEP_NUMVFS, 0, NO_VF);
	add(&p, STEP_NUMVFS, 2, NO_VF);
	assert_int_equal(batch_end(&p, 0), 2);
	assert_int_equal(batch_end(&p, 2), 4);
	plan_done(&p);
}

static void a_batch_has_an_end(void **state UNUSED)
{
	struct plan p = { 0 };

	for (unsigned i = 0; i < BATCH_MAX + 10; i++)
		add(&p, STEP_ASSIGN, 0, i);
	assert_int_equal(batch_end(&p, 0), BATCH_MAX);
	assert_int_equal(batch_end(&p, BATCH_MAX), BATCH_MAX + 10);
	plan_done(&p);
}

/* Counts those of an apply that makes VFs 0..@last of net1 assignable, and takes it back. */
static unsigned syncs_of(struct fake_yard *y, unsigned last)
{
	char text[512];
	unsigned n;

	snprintf(text, sizeof(text),
		 "{\"version\":1,\"pf\":[{\"name\":\"net1\",\"bdf\":\"0000:06:00.0\"}],"
		 "\"vf\":[{\"pf\":\"net1\",\"index\":\"0-%u\",\"driver\":\"assign\"}]}",
		 last);
	fake_yard_topology(y, text);
	fake_yard_calm(y);
	assert_int_equal(fake_yard_run(y, YARD_APPLY), 0);
	assert_int_equal(y->n_steps, last + 1);
	n = y->syncs;
	assert_int_equal(fake_yard_run(y, YARD_RELEASE), 0);
	return n;
}

static void three_cost_as_many_fsyncs_as_one(void **state)
{
	unsigned one = syncs_of(*state, 0);

	assert_true(one > 0);
	assert_int_equal(syncs_of(*state, 2), one);
}

static void what_had_not_begun_does_not_begin_after_a_failure(void **state)
{
	struct fake_site *s = *state;
	_cleanup_free_ char *before = fake_site_snapshot(s), *after = NULL;
	struct plan p = { 0 };

	fake_site_plan(s, &p, STEP_ASSIGN, 7);
	fake_backend_fail(&s->backend, (struct fake_op_fault){ "assign", 3, EIO, EXIT_FAILED });
	assert_int_equal(fake_site_run(s, &p), -EIO);
	for (unsigned i = 0; i < 7; i++)
		assert_int_equal(p.v[i].outcome, i < 3	  ? OUTCOME_UNDONE
						 : i == 3 ? OUTCOME_FAILED
							  : OUTCOME_NONE);
	fake_plan_done(&p);
	after = fake_site_snapshot(s);
	assert_string_equal(before, after);
	assert_null(strstr(s->backend.calls, "assign 0000:05:11.0"));
	assert_false(root_exists(&s->root.host.root, "run/vfyard/journal"));
}

/* The step that times out is left to the kernel and to the next run, and it alone. */
static void only_what_hangs_stays_in_the_journal(void **state)
{
	struct fake_site *s = *state;
	struct journal_found f = { 0 };
	struct plan p = { 0 };

	fake_site_plan(s, &p, STEP_ASSIGN, 7);
	fake_backend_fail(&s->backend, (struct fake_op_fault){ "assign", 3, ETIMEDOUT, EXIT_LEFT });
	assert_int_equal(fake_site_run(s, &p), -ETIMEDOUT);
	fake_plan_done(&p);
	assert_int_equal(journal_find(s->en.host, &f, &s->e), 1);
	assert_true(f.has_ended);
	assert_int_equal(f.n, 1);
	assert_int_equal(f.v[0].index, 3);
	journal_found_done(&f);
}

static void on_signal(int number UNUSED)
{
}

static void a_signal_ends_a_batch_behind_the_step_in_which_it_came(void **state)
{
	struct fake_site *s = *state;
	_cleanup_free_ char *before = fake_site_snapshot(s), *after = NULL;
	struct plan p = { 0 };

	signal(SIGTERM, on_signal);
	fake_site_plan(s, &p, STEP_ASSIGN, 7);
	fake_backend_fail(&s->backend, (struct fake_op_fault){ "assign", 3, -SIGTERM, 0 });
	assert_int_equal(fake_site_run(s, &p), -EINTR);
	assert_int_equal(p.v[3].outcome, OUTCOME_UNDONE);
	assert_int_equal(p.v[4].outcome, OUTCOME_NONE);
	fake_plan_done(&p);
	signal(SIGTERM, SIG_DFL);
	after = fake_site_snapshot(s);
	assert_string_equal(before, after);
	assert_false(root_exists(&s->root.host.root, "run/vfyard/journal"));
}

#define T(f) cmocka_unit_test_setup_teardown(f, fake_site_setup, fake_site_teardown)

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(steps_of_one_kind_on_different_functions_go_together),
	cmocka_unit_test(a_domain_gets_one_device_at_a_time),
	cmocka_unit_test(settings_of_one_pf_go_together),
	cmocka_unit_test(numbers_of_different_pfs_change_at_once),
	cmocka_unit_test(a_batch_has_an_end),
	cmocka_unit_test_setup_teardown(three_cost_as_many_fsyncs_as_one, fake_yard_setup,
					fake_yard_teardown),
	T(what_had_not_begun_does_not_begin_after_a_failure),
	T(only_what_hangs_stays_in_the_journal),
	T(a_signal_ends_a_batch_behind_the_step_in_which_it_came),
};

TEST_MAIN(tests)
