// SPDX-License-Identifier: GPL-2.0-or-later
#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "host/pci/bind.h"
#include "engine/run/journal.h"
#include "fake_site.h"

static void assert_driver(struct fake_site *s, unsigned i, const char *want)
{
	char driver[DRIVER_MAX];

	assert_string_equal(fake_site_driver(s, i, driver), want);
}

/* Makes @op fail in step @k of @p, and wants everything as before. */
static void assert_rolls_back(struct fake_site *s, struct plan *p, const char *op, unsigned k,
			      unsigned vf)
{
	_cleanup_free_ char *before = fake_site_snapshot(s), *after = NULL;
	char cause[64], label[VF_LABEL_MAX];

	fake_backend_fail(&s->backend, (struct fake_op_fault){ op, k, EIO, EXIT_FAILED });
	assert_int_equal(fake_site_run(s, p), -EIO);
	s->backend.n_faults = 0;
	snprintf(cause, sizeof(cause), "%s told to fail", op);
	assert_string_equal(s->e.cause, cause);
	assert_string_equal(s->e.object, vf_label(label, fake_site_vf(s, vf)));
	assert_string_equal(s->e.step, op);
	assert_int_equal(s->e.status, EXIT_FAILED);
	after = fake_site_snapshot(s);
	assert_string_equal(before, after);
}

static void assign_rolls_back_from_every_step(void **state)
{
	struct fake_site *s = *state;

	assert_int_equal(bind_unbind(&s->root.host, fake_site_bdf(s, 0), NULL), 0);
	assert_int_equal(bind_set_override(&s->root.host, fake_site_bdf(s, 1), "igbvf", NULL), 0);
	for (unsigned k = 0; k < 4; k++) {
		_cleanup_(fake_plan_done) struct plan p = { 0 };

		fake_site_plan(s, &p, STEP_ASSIGN, 4);
		assert_rolls_back(s, &p, "assign", k, k);
		fake_site_reload(s);
	}
}

static void release_and_give_back_roll_back_from_every_step(void **state)
{
	struct fake_site *s = *state;

	fake_site_reach(s, STEP_ASSIGN, 4);
	for (unsigned k = 0; k < 4; k++) {
		_cleanup_(fake_plan_done) struct plan p = { 0 };

		fake_site_plan_returns(s, &p, 4);
		assert_rolls_back(s, &p, "unassign", k, k);
		fake_site_reload(s);
	}
}

/* The user's own override stays in place under the backend. */
static void override_of_the_user_survives_release_and_rollback(void **state)
{
	struct fake_site *s = *state;
	_cleanup_(fake_plan_done) struct plan p = { 0 };
	char override[DRIVER_MAX];

	s->backend.keeps_override = true;
	assert_int_equal(bind_set_override(&s->root.host, fake_site_bdf(s, 0), "igbvf", NULL), 0);
	fake_site_reach(s, STEP_ASSIGN, 2);
	fake_site_plan_returns(s, &p, 2);
	assert_rolls_back(s, &p, "unassign", 1, 1);
	fake_site_reach(s, STEP_UNASSIGN, 2);
	assert_int_equal(bind_override_of(&s->root.host, fake_site_bdf(s, 0), override, NULL), 0);
	assert_string_equal(override, "igbvf");
}

static void give_back_the_driver_refuses_rolls_back(void **state)
{
	struct fake_site *s = *state;

	fake_site_reach(s, STEP_ASSIGN, 3);
	for (unsigned k = 0; k < 3; k++) {
		_cleanup_(fake_plan_done) struct plan p = { 0 };
		_cleanup_free_ char *before = fake_site_snapshot(s), *after = NULL;

		fake_site_plan_returns(s, &p, 3);
		fake_kernel_fail(
			&s->kernel,
			(struct fake_fault){ .path = "igbvf/bind", .code = ENOMEM, .skip = k });
		assert_int_equal(fake_site_run(s, &p), -ENOMEM);
		assert_string_equal(s->e.step, "bind igbvf");
		assert_int_equal(s->e.status, EXIT_FAILED);
		after = fake_site_snapshot(s);
		assert_string_equal(before, after);
		fake_site_reload(s);
	}
}

/* It is bound again, but its override cannot be restored: half a restore is taken back, too. */
static void give_back_that_fails_half_way_is_undone(void **state)
{
	struct fake_site *s = *state;
	_cleanup_(fake_plan_done) struct plan p = { 0 };
	_cleanup_free_ char *before = NULL, *after = NULL;

	fake_site_reach(s, STEP_ASSIGN, 1);
	before = fake_site_snapshot(s);
	fake_site_plan_returns(s, &p, 1);
	/* the first newline is the unassign's */
	fake_kernel_fail(&s->kernel, (struct fake_fault){ .path = "driver_override",
							  .value = "\n",
							  .code = EIO,
							  .skip = 1 });
	assert_int_equal(fake_site_run(s, &p), -EIO);
	assert_int_equal(s->e.status, EXIT_FAILED);
	after = fake_site_snapshot(s);
	assert_string_equal(before, after);
}

/* Without an unassign before it, nothing else undoes what it did. */
static void give_back_alone_that_fails_half_way_is_undone(void **state)
{
	struct fake_site *s = *state;
	_cleanup_(fake_plan_done) struct plan p = { 0 };
	_cleanup_free_ char *before = NULL, *after = NULL;

	fake_site_reach(s, STEP_ASSIGN, 1);
	fake_site_reach(s, STEP_UNASSIGN, 1);
	before = fake_site_snapshot(s);
	fake_site_plan(s, &p, STEP_RESTORE, 1);
	fake_kernel_fail(
		&s->kernel,
		(struct fake_fault){ .path = "driver_override", .value = "\n", .code = EIO });
	assert_int_equal(fake_site_run(s, &p), -EIO);
	assert_int_equal(s->e.status, EXIT_FAILED);
	after = fake_site_snapshot(s);
	assert_string_equal(before, after);
}

static void attach_rolls_back_from_every_step(void **state)
{
	struct fake_site *s = *state;

	fake_site_reach(s, STEP_ASSIGN, 4);
	for (unsigned k = 0; k < 4; k++) {
		_cleanup_(fake_plan_done) struct plan p = { 0 };

		fake_site_plan(s, &p, STEP_ATTACH, 4);
		assert_rolls_back(s, &p, "attach", k, k);
		fake_site_reload(s);
	}
}

static void detach_rolls_back_with_the_options_it_had(void **state)
{
	struct fake_site *s = *state;

	fake_site_reach(s, STEP_ASSIGN, 4);
	fake_site_reach(s, STEP_ATTACH, 4);
	fake_backend_device(&s->backend, fake_site_bdf(s, 0))->options.permissive = 1;
	for (unsigned k = 0; k < 4; k++) {
		_cleanup_(fake_plan_done) struct plan p = { 0 };

		fake_site_plan(s, &p, STEP_DETACH, 4);
		p.v[0].options.permissive = 1;
		assert_rolls_back(s, &p, "detach", k, k);
		fake_site_reload(s);
	}
}

static void seized_and_attached_roll_back_to_the_host(void **state)
{
	struct fake_site *s = *state;
	_cleanup_(fake_plan_done) struct plan p = { 0 };

	fake_site_plan(s, &p, STEP_ASSIGN, 2);
	fake_site_plan(s, &p, STEP_ATTACH, 2);
	assert_rolls_back(s, &p, "attach", 1, 1);
}

static void naming_rolls_back_to_the_old_name(void **state)
{
	struct fake_site *s = *state;
	_cleanup_(fake_plan_done) struct plan p = { 0 };

	fake_site_reach(s, STEP_ASSIGN, 1);
	fake_site_plan(s, &p, STEP_ASSIGN, 2);
	snprintf(p.v[0].options.name, sizeof(p.v[0].options.name), "db");
	assert_rolls_back(s, &p, "assign", 1, 1);
}

static void undo_that_fails_is_what_is_left(void **state)
{
	struct fake_site *s = *state;
	_cleanup_(fake_plan_done) struct plan p = { 0 };

	fake_site_plan(s, &p, STEP_ASSIGN, 3);
	fake_backend_fail(&s->backend, (struct fake_op_fault){ "assign", 2, EIO, EXIT_FAILED });
	fake_backend_fail(&s->backend, (struct fake_op_fault){ "unassign", 0, EBUSY, EXIT_FAILED });
	assert_int_equal(fake_site_run(s, &p), -EIO);
	assert_int_equal(s->e.status, EXIT_LEFT);
	assert_string_equal(s->e.object, "net0/2 (0000:05:10.4)");
	assert_string_equal(s->e.cause,
			    "assign told to fail; rollback incomplete: net0/1 (0000:05:10.2) "
			    "stays as assign left it (unassign told to fail)");
	assert_string_equal(s->e.fix, "fix the cause, then run: vfyard pci-assignable-remove "
				      "-r net0/1");
	assert_non_null(strstr(fake_site_notes(s),
			       "net0/1 (0000:05:10.2): undo assign: unassign told to fail"));
	/* the others are back, and what is left is still remembered */
	assert_driver(s, 0, "igbvf");
	assert_driver(s, 1, FAKE_DRIVER);
	fake_site_reload(s);
	assert_string_equal(state_find(s->saved, s->inv->pfs[0].bdf, 1)->driver, "igbvf");
}

static void every_undo_that_fails_is_named(void **state)
{
	struct fake_site *s = *state;
	_cleanup_(fake_plan_done) struct plan p = { 0 };

	fake_site_reach(s, STEP_ASSIGN, 3);
	fake_site_plan(s, &p, STEP_ATTACH, 3);
	fake_backend_fail(&s->backend, (struct fake_op_fault){ "attach", 2, EIO, EXIT_FAILED });
	fake_backend_fail(&s->backend, (struct fake_op_fault){ "detach", 0, EIO, EXIT_FAILED });
	fake_backend_fail(&s->backend, (struct fake_op_fault){ "detach", 0, EIO, EXIT_FAILED });
	assert_int_equal(fake_site_run(s, &p), -EIO);
	assert_int_equal(s->e.status, EXIT_LEFT);
	assert_non_null(strstr(s->e.cause, "net0/1 (0000:05:10.2) stays as attach left it"));
	assert_non_null(strstr(s->e.cause, "net0/0 (0000:05:10.0) stays as attach left it"));
	assert_string_equal(s->e.fix, "fix the cause, then run: vfyard pci-detach web1 net0/1");
}

static void step_that_leaves_something_keeps_that_status(void **state)
{
	struct fake_site *s = *state;
	_cleanup_(fake_plan_done) struct plan p = { 0 };

	fake_site_reach(s, STEP_ASSIGN, 2);
	fake_site_plan(s, &p, STEP_ATTACH, 2);
	fake_backend_fail(&s->backend, (struct fake_op_fault){ "attach", 1, EIO, EXIT_LEFT });
	assert_int_equal(fake_site_run(s, &p), -EIO);
	assert_int_equal(s->e.status, EXIT_LEFT);
	assert_string_equal(s->e.cause, "attach told to fail");
	assert_string_equal(fake_backend_device(&s->backend, fake_site_bdf(s, 0))->domain, "");
}

static void refusal_of_a_step_stays_a_refusal_when_all_is_undone(void **state)
{
	struct fake_site *s = *state;
	_cleanup_(fake_plan_done) struct plan p = { 0 };

	fake_site_plan(s, &p, STEP_ASSIGN, 2);
	fake_backend_fail(&s->backend, (struct fake_op_fault){ "assign", 1, EBUSY, EXIT_REFUSED });
	assert_int_equal(fake_site_run(s, &p), -EBUSY);
	assert_int_equal(s->e.status, EXIT_REFUSED);
	assert_driver(s, 0, "igbvf");
}

/* The kernel says that the bind worked, but the link did not move. */
static void lying_kernel_is_found_out_and_rolled_back(void **state)
{
	static const char *const lies[] = { "igbvf/unbind", FAKE_DRIVER "/bind" };

	for (size_t i = 0; i < ARRAY_SIZE(lies); i++) {
		struct fake_site *s = *state;
		_cleanup_(fake_plan_done) struct plan p = { 0 };
		_cleanup_free_ char *before = fake_site_snapshot(s), *after = NULL;

		fake_site_plan(s, &p, STEP_ASSIGN, 3);
		fake_kernel_fail(&s->kernel, (struct fake_fault){ .path = lies[i], .skip = 2 });
		assert_int_equal(fake_site_run(s, &p), -EIO);
		assert_non_null(strstr(s->e.cause, "the kernel reports success but"));
		assert_string_equal(s->e.object, "net0/2 (0000:05:10.4)");
		after = fake_site_snapshot(s);
		assert_string_equal(before, after);
		fake_kernel_reset(&s->kernel);
		fake_site_reload(s);
	}
}

static void function_stuck_in_the_kernel_is_not_written_to_again(void **state)
{
	struct fake_site *s = *state;
	_cleanup_(fake_plan_done) struct plan p = { 0 };
	const struct fake_write *last;

	fake_site_reach(s, STEP_ASSIGN, 2);
	fake_site_plan_returns(s, &p, 2);
	fake_kernel_fail(&s->kernel,
			 (struct fake_fault){ .path = "igbvf/bind", .code = ETIMEDOUT, .skip = 1 });
	assert_int_equal(fake_site_run(s, &p), -ETIMEDOUT);
	assert_int_equal(s->e.status, EXIT_LEFT);
	assert_string_equal(s->e.object, "net0/1 (0000:05:10.2)");
	last = &s->kernel.writes[s->kernel.n_writes - 1];
	for (const struct fake_write *w = last; strcmp(w->path, "sys/bus/pci/drivers/igbvf/bind");
	     w--)
		if (strstr(w->path, "0000:05:10.2") || !strcmp(w->value, "0000:05:10.2"))
			fail_msg("'%s' written to %s", w->value, w->path);
	/* the other one is back where it was */
	assert_driver(s, 0, FAKE_DRIVER);
	fake_site_reload(s);
	assert_non_null(state_find(s->saved, s->inv->pfs[0].bdf, 1));
}

static bool is_journal_there(struct fake_site *s)
{
	return root_exists(&s->root.host.root, "run/vfyard/journal");
}

static void attach_that_times_out(struct fake_site *s, enum exit_status status)
{
	_cleanup_(fake_plan_done) struct plan p = { 0 };

	fake_site_reach(s, STEP_ASSIGN, 2);
	fake_site_plan(s, &p, STEP_ATTACH, 2);
	fake_backend_fail(&s->backend,
			  (struct fake_op_fault){
				  .op = "attach", .skip = 1, .code = ETIMEDOUT, .status = status });
	assert_int_equal(fake_site_run(s, &p), -ETIMEDOUT);
	assert_int_equal(s->e.status, status);
}

/* It ended, and everything is as before, so there is nothing for the next run to make whole. */
static void guest_that_did_not_answer_leaves_no_journal(void **state)
{
	struct fake_site *s = *state;

	attach_that_times_out(s, EXIT_FAILED);
	assert_false(is_journal_there(s));
}

static void what_could_not_be_taken_back_is_for_the_next_run_of_one_that_ended(void **state)
{
	struct fake_site *s = *state;
	struct journal_found f = { 0 };

	attach_that_times_out(s, EXIT_LEFT);
	assert_int_equal(journal_find(s->en.host, &f, &s->e), 1);
	assert_true(f.has_ended);
	assert_int_equal(f.n, 1);
	assert_int_equal(f.v[0].kind, STEP_ATTACH);
	assert_int_equal(f.v[0].index, 1);
	journal_found_done(&f);
}

#define T(fn) cmocka_unit_test_setup_teardown(fn, fake_site_setup, fake_site_teardown)

static int op_permissive(struct backend *b UNUSED, const struct domain *d UNUSED,
			 struct vf_ref vf UNUSED, struct err *e UNUSED)
{
	return 0;
}

/* The guest works with it, as the topology wants, so nobody is told to take the VF from it. */
static void permissive_that_stays_is_for_apply_to_go_on(void **state)
{
	_cleanup_(fake_plan_done) struct plan p = { 0 };
	struct fake_site *s = *state;

	struct backend_ops ops = fake_backend_ops;

	ops.permissive = op_permissive;
	fake_site_reach(s, STEP_ASSIGN, 1);
	fake_site_reach(s, STEP_ATTACH, 1);
	s->en.ops = &ops;
	fake_site_plan(s, &p, STEP_PERMISSIVE, 1);
	fake_site_plan(s, &p, STEP_ASSIGN, 3);
	fake_backend_fail(&s->backend, (struct fake_op_fault){ "assign", 0, EIO, EXIT_FAILED });
	p.v[1] = p.v[3];
	p.n = 2;
	assert_int_equal(fake_site_run(s, &p), -EIO);
	assert_int_equal(s->e.status, EXIT_LEFT);
	assert_non_null(strstr(s->e.cause, "permissive"));
	assert_string_equal(s->e.fix, "fix the cause, then run: vfyard apply");
	s->en.ops = &fake_backend_ops;
}

static const struct CMUnitTest tests[] = {
	T(permissive_that_stays_is_for_apply_to_go_on),
	T(assign_rolls_back_from_every_step),
	T(release_and_give_back_roll_back_from_every_step),
	T(override_of_the_user_survives_release_and_rollback),
	T(give_back_the_driver_refuses_rolls_back),
	T(give_back_that_fails_half_way_is_undone),
	T(give_back_alone_that_fails_half_way_is_undone),
	T(attach_rolls_back_from_every_step),
	T(detach_rolls_back_with_the_options_it_had),
	T(seized_and_attached_roll_back_to_the_host),
	T(naming_rolls_back_to_the_old_name),
	T(undo_that_fails_is_what_is_left),
	T(every_undo_that_fails_is_named),
	T(step_that_leaves_something_keeps_that_status),
	T(refusal_of_a_step_stays_a_refusal_when_all_is_undone),
	T(lying_kernel_is_found_out_and_rolled_back),
	T(guest_that_did_not_answer_leaves_no_journal),
	T(what_could_not_be_taken_back_is_for_the_next_run_of_one_that_ended),
	T(function_stuck_in_the_kernel_is_not_written_to_again),
};

TEST_MAIN(tests)
