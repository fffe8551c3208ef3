// SPDX-License-Identifier: GPL-2.0-or-later
/* Several steps that wait for the kernel at once. */
#include "test.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "engine/run/in_flight.h"
#include "engine/run/journal.h"
#include "host/pci/bind.h"
#include "fake_site.h"

/* Returns the place of the first write to a path that ends so, or that has @value; -1: there is
 * none. */
static int first_write(struct fake_site *s, const char *end, const char *value)
{
	for (unsigned i = 0; i < s->kernel.n_writes; i++) {
		const struct fake_write *w = &s->kernel.writes[i];
		size_t n = strlen(w->path), m = strlen(end);

		if (n >= m && !strcmp(w->path + n - m, end) && (!value || !strcmp(w->value, value)))
			return (int)i;
	}
	return -1;
}

/* What follows the wait comes behind the writes of all that wait. */
static void all_have_begun_before_the_first_is_waited_for(void **state)
{
	struct fake_site *s = *state;
	_cleanup_(fake_plan_done) struct plan p = { 0 };
	char bdf[BDF_STRLEN];
	int last;

	s->backend.keeps_override = true;
	fake_site_plan(s, &p, STEP_ASSIGN, 7);
	assert_int_equal(fake_site_run(s, &p), 0);
	last = first_write(s, FAKE_DRIVER "/bind", bdf_str(bdf, fake_site_bdf(s, 6)));
	assert_true(last > 0);
	assert_true(first_write(s, "/driver_override", "\n") > last);
}

static void devices_given_back_wait_at_once_too(void **state)
{
	struct fake_site *s = *state;
	_cleanup_(fake_plan_done) struct plan p = { 0 };
	char bdf[BDF_STRLEN];
	int last;

	fake_site_reach(s, STEP_ASSIGN, 7);
	fake_site_reach(s, STEP_UNASSIGN, 7);
	fake_kernel_reset(&s->kernel);
	fake_site_plan(s, &p, STEP_RESTORE, 7);
	assert_int_equal(fake_site_run(s, &p), 0);
	last = first_write(s, "igbvf/bind", bdf_str(bdf, fake_site_bdf(s, 6)));
	assert_true(last > 0);
	assert_true(first_write(s, "/driver_override", "\n") > last);
}

static struct {
	unsigned now, most, all;
} waiting;

static int count_start(struct backend *b UNUSED, struct vf_ref vf UNUSED, const char *name UNUSED,
		       struct flight **ret UNUSED, struct err *e UNUSED)
{
	waiting.all++;
	waiting.now++;
	if (waiting.now > waiting.most)
		waiting.most = waiting.now;
	return 1;
}

static int count_go_on(struct backend *b UNUSED, struct flight *f UNUSED, struct err *e UNUSED)
{
	waiting.now--;
	return 0;
}

static void no_more_wait_than_the_bound(void **state)
{
	struct fake_site *s = *state;
	struct backend_ops ops = fake_backend_ops;
	struct plan p = { 0 };

	fake_root_add_pf(&s->root, &(struct fake_pf){ .bdf = "0000:07:00.0",
						      .netdev = "eth7",
						      .driver = "igb",
						      .vf_driver = "igbvf",
						      .totalvfs = 40,
						      .numvfs = 40,
						      .offset = 128,
						      .stride = 2,
						      .first_group = -1 });
	fake_site_reload(s);
	ops.assign_start = count_start;
	ops.go_on = count_go_on;
	s->en.ops = &ops;
	memset(&waiting, 0, sizeof(waiting));
	for (unsigned i = 0; i < 40; i++)
		plan_add(&p,
			 &(struct step){ .kind = STEP_ASSIGN,
					 .vf = { &s->inv->pfs[1], i },
					 .options = DEV_OPTIONS_INIT },
			 NULL);
	assert_int_equal(fake_site_run(s, &p), 0);
	s->en.ops = &fake_backend_ops;
	plan_done(&p);
	assert_int_equal(waiting.all, 40);
	assert_int_equal(waiting.now, 0);
	assert_int_equal(waiting.most, FLIGHTS_MAX);
}

static void fail_bind(struct fake_site *s, unsigned vf, int code, char bdf[BDF_STRLEN])
{
	fake_kernel_fail(&s->kernel,
			 (struct fake_fault){ .path = FAKE_DRIVER "/bind",
					      .value = bdf_str(bdf, fake_site_bdf(s, vf)),
					      .code = code });
}

static void two_failures_are_one_error_and_one_note(void **state)
{
	struct fake_site *s = *state;
	_cleanup_(fake_plan_done) struct plan p = { 0 };
	_cleanup_free_ char *before = fake_site_snapshot(s), *after = NULL;
	char two[BDF_STRLEN], five[BDF_STRLEN];

	fail_bind(s, 2, EIO, two);
	fail_bind(s, 5, EBUSY, five);
	fake_site_plan(s, &p, STEP_ASSIGN, 7);
	assert_int_equal(fake_site_run(s, &p), -EIO);
	assert_string_equal(s->e.object, "net0/2 (0000:05:10.4)");
	assert_int_equal(s->e.status, EXIT_FAILED);
	assert_non_null(strstr(fake_site_notes(s), "net0/5 (0000:05:11.2): write"));
	for (unsigned i = 0; i < 7; i++)
		assert_int_equal(p.v[i].outcome,
				 i == 2 || i == 5 ? OUTCOME_FAILED : OUTCOME_UNDONE);
	after = fake_site_snapshot(s);
	assert_string_equal(before, after);
	assert_false(root_exists(&s->root.host.root, "run/vfyard/journal"));
}

static unsigned writes_about(struct fake_site *s, unsigned vf, unsigned from)
{
	char bdf[BDF_STRLEN];
	unsigned n = 0;

	bdf_str(bdf, fake_site_bdf(s, vf));
	for (unsigned i = from; i < s->kernel.n_writes; i++)
		n += strstr(s->kernel.writes[i].path, bdf) ||
		     !strcmp(s->kernel.writes[i].value, bdf);
	return n;
}

/* Each would hang again; the others are undone, and the next run looks at these two. */
static void what_hangs_is_not_written_to_again(void **state)
{
	struct fake_site *s = *state;
	_cleanup_(fake_plan_done) struct plan p = { 0 };
	struct journal_found f = { 0 };
	char two[BDF_STRLEN], five[BDF_STRLEN], driver[64];

	fake_site_reach(s, STEP_ASSIGN, 7);
	fake_site_reach(s, STEP_UNASSIGN, 7);
	fake_kernel_reset(&s->kernel);
	fake_kernel_fail(&s->kernel,
			 (struct fake_fault){ .path = "igbvf/bind",
					      .value = bdf_str(two, fake_site_bdf(s, 2)),
					      .code = ETIMEDOUT });
	fake_kernel_fail(&s->kernel,
			 (struct fake_fault){ .path = "igbvf/bind",
					      .value = bdf_str(five, fake_site_bdf(s, 5)),
					      .code = ETIMEDOUT });
	fake_site_plan(s, &p, STEP_RESTORE, 7);
	assert_int_equal(fake_site_run(s, &p), -ETIMEDOUT);
	assert_int_equal(s->e.status, EXIT_LEFT);
	assert_int_equal(writes_about(s, 2, (unsigned)first_write(s, "igbvf/bind", two) + 1), 0);
	assert_int_equal(writes_about(s, 5, (unsigned)first_write(s, "igbvf/bind", five) + 1), 0);
	for (unsigned i = 0; i < 7; i++)
		if (i != 2 && i != 5)
			assert_string_equal(fake_site_driver(s, i, driver), "");
	assert_int_equal(journal_find(s->en.host, &f, &s->e), 1);
	assert_int_equal(f.n, 2);
	assert_int_equal(f.v[0].index, 2);
	assert_int_equal(f.v[1].index, 5);
	journal_found_done(&f);
}

static int refused(const struct refusal_ask *a, struct err *e)
{
	return a->vf.index == 5 ? err_refuse(e, EPERM, "not this one") : 0;
}

static void one_that_is_refused_keeps_all_from_beginning(void **state)
{
	static const struct refusal rows[] = { { "five", REFUSAL_OF_DEVICE, false, refused },
					       { 0 } };
	struct fake_site *s = *state;
	_cleanup_(fake_plan_done) struct plan p = { 0 };
	struct backend_ops ops = fake_backend_ops;

	ops.refusals = rows;
	s->en.ops = &ops;
	fake_site_plan(s, &p, STEP_ASSIGN, 7);
	assert_int_equal(fake_site_run(s, &p), -EPERM);
	s->en.ops = &fake_backend_ops;
	assert_int_equal(s->e.status, EXIT_REFUSED);
	assert_string_equal(s->e.object, "net0/5 (0000:05:11.2)");
	assert_int_equal(s->kernel.n_writes, 0);
}

static void on_signal(int number UNUSED)
{
}

/* It has begun, and so it goes on to its end, and is undone as a whole. */
static void a_signal_waits_for_all_that_have_begun(void **state)
{
	struct fake_site *s = *state;
	_cleanup_(fake_plan_done) struct plan p = { 0 };
	_cleanup_free_ char *before = fake_site_snapshot(s), *after = NULL;

	signal(SIGTERM, on_signal);
	fake_site_plan(s, &p, STEP_ASSIGN, 7);
	fake_backend_fail(&s->backend, (struct fake_op_fault){ "assign", 3, -SIGTERM, 0 });
	assert_int_equal(fake_site_run(s, &p), -EINTR);
	signal(SIGTERM, SIG_DFL);
	for (unsigned i = 0; i < 7; i++)
		assert_int_equal(p.v[i].outcome, i <= 3 ? OUTCOME_UNDONE : OUTCOME_NONE);
	after = fake_site_snapshot(s);
	assert_string_equal(before, after);
}

#define T(f) cmocka_unit_test_setup_teardown(f, fake_site_setup, fake_site_teardown)

static const struct CMUnitTest tests[] = {
	T(all_have_begun_before_the_first_is_waited_for),
	T(devices_given_back_wait_at_once_too),
	T(no_more_wait_than_the_bound),
	T(two_failures_are_one_error_and_one_note),
	T(what_hangs_is_not_written_to_again),
	T(one_that_is_refused_keeps_all_from_beginning),
	T(a_signal_waits_for_all_that_have_begun),
};

TEST_MAIN(tests)
