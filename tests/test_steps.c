// SPDX-License-Identifier: GPL-2.0-or-later
#include "test.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "host/pci/bind.h"
#include "fake_site.h"

#define NEW_FILE "var/lib/vfyard/state.json.new"

static void assert_driver(struct fake_site *s, unsigned i, const char *want)
{
	char driver[DRIVER_MAX];

	assert_string_equal(fake_site_driver(s, i, driver), want);
}

static void each_step_has_its_line(void **state)
{
	struct fake_site *s = *state;
	_cleanup_(fake_plan_done) struct plan p = { 0 };
	_cleanup_free_ char *text = NULL;
	struct vf_saved o = { .driver = "igbvf", .driver_override = "mine" };
	struct step step = { .kind = STEP_ASSIGN,
			     .vf = fake_site_vf(s, 3),
			     .domain = &fake_web1,
			     .options = DEV_OPTIONS_INIT,
			     .saved = &o };
	size_t size;
	FILE *out = open_memstream(&text, &size);

	plan_add(&p, &step, NULL);
	snprintf(step.options.name, sizeof(step.options.name), "db");
	step.why = "seize=1";
	plan_add(&p, &step, NULL);
	step.options = (struct dev_options)DEV_OPTIONS_INIT;
	step.why = NULL;
	step.kind = STEP_UNASSIGN;
	plan_add(&p, &step, NULL);
	step.kind = STEP_RESTORE;
	plan_add(&p, &step, NULL);
	step.kind = STEP_ATTACH;
	step.options.permissive = 1;
	plan_add(&p, &step, NULL);
	step.kind = STEP_DETACH;
	step.force = true;
	plan_add(&p, &step, NULL);
	plan_print(&p, out);
	fclose(out);
	assert_string_equal(text,
			    "assign net0/3 (0000:05:10.6): driver igbvf\n"
			    "assign net0/3 (0000:05:10.6): driver igbvf, name db (seize=1)\n"
			    "unassign net0/3 (0000:05:10.6): driver igbvf\n"
			    "restore net0/3 (0000:05:10.6): driver igbvf, driver_override mine\n"
			    "attach net0/3 (0000:05:10.6): domain web1,permissive=1\n"
			    "detach net0/3 (0000:05:10.6): domain web1, by force\n");
}

static void empty_plan_does_nothing(void **state)
{
	struct plan p = { 0 };

	assert_int_equal(fake_site_run(*state, &p), 0);
}

static void assign_remembers_what_was_before(void **state)
{
	struct fake_site *s = *state;
	const struct vf_saved *o;

	assert_int_equal(bind_set_override(&s->root.host, fake_site_bdf(s, 1), "igbvf", NULL), 0);
	fake_site_reach(s, STEP_ASSIGN, 2);
	assert_driver(s, 0, FAKE_DRIVER);
	o = state_find(s->saved, s->inv->pfs[0].bdf, 0);
	assert_string_equal(o->driver, "igbvf");
	assert_string_equal(o->driver_override, "");
	assert_int_equal(o->vendor, s->inv->pfs[0].vendor);
	assert_int_equal(o->device, s->inv->pfs[0].vf_device);
	o = state_find(s->saved, s->inv->pfs[0].bdf, 1);
	assert_string_equal(o->driver_override, "igbvf");
}

static void memory_that_cannot_be_written_leaves_the_host_alone(void **state)
{
	struct fake_site *s = *state;
	_cleanup_(fake_plan_done) struct plan p = { 0 };

	fake_root_add(&s->root, "var/lib/vfyard/");
	assert_int_equal(symlinkat("/dev/full", s->root.host.root.fd, NEW_FILE), 0);
	fake_site_plan(s, &p, STEP_ASSIGN, 3);
	assert_int_equal(fake_site_run(s, &p), -ENOSPC);
	assert_int_equal(s->e.status, EXIT_FAILED);
	assert_int_equal(s->kernel.n_writes, 0);
	assert_string_equal(s->backend.calls, "");
	assert_null(state_find(s->saved, s->inv->pfs[0].bdf, 0));
}

static void first_memory_wins(void **state)
{
	struct fake_site *s = *state;

	fake_site_reach(s, STEP_ASSIGN, 1);
	fake_site_reach(s, STEP_UNASSIGN, 1);
	fake_kernel_add_driver(&s->kernel, "other");
	assert_int_equal(bind_to(&s->root.host, fake_site_bdf(s, 0), "other", NULL), 0);
	fake_site_reach(s, STEP_ASSIGN, 1);
	assert_string_equal(state_find(s->saved, s->inv->pfs[0].bdf, 0)->driver, "igbvf");
}

static void memory_of_another_card_is_replaced(void **state)
{
	struct fake_site *s = *state;
	struct vf_saved o = {
		.pf = s->inv->pfs[0].bdf, .vendor = 0x15b3, .device = 0x101e, .driver = "mlx5_core"
	};

	state_put(s->saved, &o, NULL);
	assert_int_equal(state_commit(s->saved, NULL), 0);
	fake_site_reach(s, STEP_ASSIGN, 1);
	assert_string_equal(state_find(s->saved, s->inv->pfs[0].bdf, 0)->driver, "igbvf");
}

static void what_was_assignable_already_has_no_driver_to_remember(void **state)
{
	struct fake_site *s = *state;
	_cleanup_(fake_plan_done) struct plan p = { 0 };

	fake_site_reach(s, STEP_ASSIGN, 1);
	state_forget(s->saved, s->inv->pfs[0].bdf, 0);
	fake_site_plan(s, &p, STEP_ASSIGN, 1);
	snprintf(p.v[0].options.name, sizeof(p.v[0].options.name), "db");
	assert_int_equal(fake_site_run(s, &p), 0);
	assert_true(state_find_name(s->saved, "db")->is_name_only);
	fake_site_reach(s, STEP_UNASSIGN, 1);
	assert_null(state_find(s->saved, s->inv->pfs[0].bdf, 0));
}

static void give_back_restores_driver_and_override_and_forgets(void **state)
{
	struct fake_site *s = *state;
	_cleanup_(fake_plan_done) struct plan p = { 0 };
	_cleanup_free_ char *before = NULL, *after = NULL;

	fake_root_add(&s->root, "sys/bus/pci/devices/0000:05:00.0/sriov_drivers_autoprobe=0");
	assert_int_equal(bind_set_override(&s->root.host, fake_site_bdf(s, 1), "igbvf", NULL), 0);
	assert_int_equal(bind_unbind(&s->root.host, fake_site_bdf(s, 2), NULL), 0);
	before = fake_site_snapshot(s);
	fake_site_reach(s, STEP_ASSIGN, 4);
	fake_site_plan_returns(s, &p, 4);
	assert_int_equal(fake_site_run(s, &p), 0);
	after = fake_site_snapshot(s);
	assert_string_equal(before, after);
}

static void release_keeps_the_memory_and_drops_the_name(void **state)
{
	struct fake_site *s = *state;
	_cleanup_(fake_plan_done) struct plan p = { 0 };
	char override[DRIVER_MAX];

	fake_site_plan(s, &p, STEP_ASSIGN, 1);
	snprintf(p.v[0].options.name, sizeof(p.v[0].options.name), "db");
	assert_int_equal(fake_site_run(s, &p), 0);
	fake_site_reload(s);
	assert_non_null(state_find_name(s->saved, "db"));
	fake_site_reach(s, STEP_UNASSIGN, 1);
	assert_driver(s, 0, "");
	assert_int_equal(bind_override_of(&s->root.host, fake_site_bdf(s, 0), override, NULL), 0);
	assert_string_equal(override, "");
	assert_null(state_find_name(s->saved, "db"));
	assert_string_equal(state_find(s->saved, s->inv->pfs[0].bdf, 0)->driver, "igbvf");
}

static void steps_are_said_at_verbose(void **state)
{
	struct fake_site *s = *state;
	_cleanup_(fake_plan_done) struct plan p = { 0 };

	s->root.host.log.level = LOG_INFO;
	fake_site_plan(s, &p, STEP_ASSIGN, 2);
	assert_int_equal(fake_site_run(s, &p), 0);
	assert_non_null(strstr(fake_site_notes(s),
			       "vfyard: 2/2 assign net0/1 (0000:05:10.2): driver igbvf\n"));
}

/* To the next run, a crash before the last commit looks the same. */
static void memory_that_cannot_be_cleared_is_repaired_by_a_second_run(void **state)
{
	struct fake_site *s = *state;
	_cleanup_(fake_plan_done) struct plan p = { 0 }, again = { 0 };

	fake_site_reach(s, STEP_ASSIGN, 1);
	assert_int_equal(symlinkat("/dev/full", s->root.host.root.fd, NEW_FILE), 0);
	fake_site_plan_returns(s, &p, 1);
	assert_int_equal(fake_site_run(s, &p), -ENOSPC);
	assert_int_equal(s->e.status, EXIT_LEFT);
	assert_non_null(strstr(s->e.fix, "run the same command again"));
	assert_driver(s, 0, "igbvf");
	fake_site_reload(s);
	assert_non_null(state_find(s->saved, s->inv->pfs[0].bdf, 0));
	fake_site_plan(s, &again, STEP_RESTORE, 1);
	assert_int_equal(fake_site_run(s, &again), 0);
	fake_site_reload(s);
	assert_null(state_find(s->saved, s->inv->pfs[0].bdf, 0));
	assert_driver(s, 0, "igbvf");
}

#define T(fn) cmocka_unit_test_setup_teardown(fn, fake_site_setup, fake_site_teardown)

static const struct CMUnitTest tests[] = {
	T(each_step_has_its_line),
	T(empty_plan_does_nothing),
	T(assign_remembers_what_was_before),
	T(memory_that_cannot_be_written_leaves_the_host_alone),
	T(first_memory_wins),
	T(memory_of_another_card_is_replaced),
	T(what_was_assignable_already_has_no_driver_to_remember),
	T(give_back_restores_driver_and_override_and_forgets),
	T(release_keeps_the_memory_and_drops_the_name),
	T(steps_are_said_at_verbose),
	T(memory_that_cannot_be_cleared_is_repaired_by_a_second_run),
};

TEST_MAIN(tests)
