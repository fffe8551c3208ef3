// SPDX-License-Identifier: GPL-2.0-or-later
/* The next run makes whole what a killed run was in the middle of. */
#include "test.h"

#include <string.h>

#include "host/pci/bind.h"
#include "engine/run/recover.h"
#include "fake_site.h"

static struct {
	unsigned n;
	char domain[128];
	unsigned index;
	int code;
} settled;

static int op_settle(struct backend *b UNUSED, const struct domain *d, struct vf_ref vf,
		     struct err *e)
{
	settled.n++;
	snprintf(settled.domain, sizeof(settled.domain), "%s", d ? d->name : "(gone)");
	settled.index = vf.index;
	return settled.code ? err_set(e, settled.code, "told to fail") : 0;
}

static void journal(struct fake_site *s, const char *line)
{
	char text[512];

	snprintf(text, sizeof(text),
		 "run/vfyard/journal=vfyard journal 1\\nboot -\\nrun 12 vfyard apply\\n%s", line);
	fake_root_add(&s->root, text);
}

static int run_with(struct fake_site *s, int code)
{
	struct backend_ops ops = fake_backend_ops;
	const struct backend_ops *was = s->en.ops;
	int r;

	ops.recover = op_settle;
	s->en.ops = &ops;
	memset(&settled, 0, sizeof(settled));
	settled.code = code;
	r = recover(&s->en, &s->e);
	s->en.ops = was;
	return r;
}

static int run(struct fake_site *s)
{
	return run_with(s, 0);
}

static bool journal_is_there(struct fake_site *s)
{
	return root_exists(&s->root.host.root, "run/vfyard/journal");
}

static void nothing_to_recover_is_nothing_done(void **state)
{
	struct fake_site *s = *state;

	assert_int_equal(run(s), 0);
	assert_int_equal(s->kernel.n_writes, 0);
}

static void a_vf_between_two_drivers_goes_back_to_the_first(void **state)
{
	struct fake_site *s = *state;
	char text[64];

	assert_int_equal(bind_unbind(s->en.host, fake_site_bdf(s, 2), &s->e), 0);
	assert_int_equal(bind_set_override(s->en.host, fake_site_bdf(s, 2), FAKE_DRIVER, &s->e), 0);
	fake_site_reload(s);
	journal(s, "do 0 assign pf=0000:05:00.0 vf=2 at=0000:05:10.4 driver=igbvf override=-");
	assert_int_equal(run(s), 1);
	assert_string_equal(fake_site_driver(s, 2, text), "igbvf");
	assert_int_equal(bind_override_of(s->en.host, fake_site_bdf(s, 2), text, &s->e), 0);
	assert_string_equal(text, "");
	assert_false(journal_is_there(s));
	assert_non_null(
		strstr(fake_site_notes(s), "(12 vfyard apply) was killed in the middle of assign"));
}

static void a_run_that_ended_was_not_killed(void **state)
{
	struct fake_site *s = *state;

	journal(s, "do 0 assign pf=0000:05:00.0 vf=2 at=0000:05:10.4 driver=igbvf override=-\\n"
		   "ended");
	assert_int_equal(run(s), 1);
	assert_null(strstr(fake_site_notes(s), "killed"));
	assert_non_null(strstr(fake_site_notes(s), "0000:05:00.0/2: an earlier run (12 vfyard "
						   "apply) ended without finishing assign"));
}

static void a_vf_on_its_way_to_the_host_loses_the_override_only(void **state)
{
	struct fake_site *s = *state;
	char text[64];

	assert_int_equal(bind_unbind(s->en.host, fake_site_bdf(s, 2), &s->e), 0);
	assert_int_equal(bind_set_override(s->en.host, fake_site_bdf(s, 2), FAKE_DRIVER, &s->e), 0);
	fake_site_reload(s);
	journal(s, "do 0 unassign pf=0000:05:00.0 vf=2 at=0000:05:10.4 driver=" FAKE_DRIVER
		   " override=-");
	assert_int_equal(run(s), 1);
	assert_string_equal(fake_site_driver(s, 2, text), "");
	assert_int_equal(bind_override_of(s->en.host, fake_site_bdf(s, 2), text, &s->e), 0);
	assert_string_equal(text, "");
}

/* Hours later the host may depend on it: the driver came with the step ... */
static void a_vf_that_has_a_driver_of_the_host_keeps_it(void **state)
{
	struct fake_site *s = *state;
	char text[64];

	journal(s, "do 0 restore pf=0000:05:00.0 vf=2 at=0000:05:10.4 driver=- override=-");
	assert_int_equal(run(s), 1);
	assert_string_equal(fake_site_driver(s, 2, text), "igbvf");
}

/* ... or by hand. */
static void a_vf_that_has_another_driver_loses_our_override_only(void **state)
{
	struct fake_site *s = *state;
	char text[64];

	assert_int_equal(bind_set_override(s->en.host, fake_site_bdf(s, 3), FAKE_DRIVER, &s->e), 0);
	journal(s, "do 1 assign pf=0000:05:00.0 vf=3 at=0000:05:10.6 driver=other override=-");
	assert_int_equal(run(s), 1);
	assert_string_equal(fake_site_driver(s, 3, text), "igbvf");
	assert_int_equal(bind_override_of(s->en.host, fake_site_bdf(s, 3), text, &s->e), 0);
	assert_string_equal(text, "");
}

static void a_step_that_had_ended_stands(void **state)
{
	struct fake_site *s = *state;
	char text[64];

	fake_site_reach(s, STEP_ASSIGN, 1);
	journal(s, "do 0 assign pf=0000:05:00.0 vf=0 at=0000:05:10.0 driver=igbvf override=-\\n"
		   "done 0");
	assert_int_equal(run(s), 1);
	assert_string_equal(fake_site_driver(s, 0, text), FAKE_DRIVER);
	assert_int_equal(s->kernel.n_writes, 0);
}

static void a_step_that_arrived_stands_also_without_its_end(void **state)
{
	struct fake_site *s = *state;
	char text[64];

	fake_site_reach(s, STEP_ASSIGN, 1);
	journal(s, "do 0 assign pf=0000:05:00.0 vf=0 at=0000:05:10.0 driver=igbvf override=-");
	assert_int_equal(run(s), 1);
	assert_string_equal(fake_site_driver(s, 0, text), FAKE_DRIVER);
}

#define ATTACH "do 3 attach pf=0000:05:00.0 vf=4 at=0000:05:11.0 driver=- override=- domain="

static void an_attach_is_settled_by_the_hypervisor(void **state)
{
	struct fake_site *s = *state;

	journal(s, ATTACH "web1");
	assert_int_equal(run(s), 1);
	assert_int_equal(settled.n, 1);
	assert_string_equal(settled.domain, "web1");
	assert_int_equal(settled.index, 4);
}

static void a_domain_that_is_gone_is_said_to_be(void **state)
{
	struct fake_site *s = *state;

	journal(s, ATTACH "nobody");
	assert_int_equal(run(s), 1);
	assert_string_equal(settled.domain, "(gone)");
}

static void what_cannot_be_settled_keeps_the_journal(void **state)
{
	struct fake_site *s = *state;

	journal(s, ATTACH "web1");
	assert_int_equal(run_with(s, EIO), -EIO);
	assert_int_equal(s->e.status, EXIT_LEFT);
	assert_string_equal(s->e.step, "recover");
	assert_true(s->e.fix[0]);
	assert_true(journal_is_there(s));
}

static void a_vf_that_is_gone_needs_nothing(void **state)
{
	struct fake_site *s = *state;

	journal(s, "do 0 assign pf=0000:05:00.0 vf=40 at=0000:05:10.0 driver=igbvf override=-\\n"
		   "do 1 attach pf=0000:77:00.0 vf=0 at=0000:77:10.0 driver=- override=- "
		   "domain=web1");
	assert_int_equal(run(s), 1);
	assert_int_equal(settled.n, 0);
	assert_false(journal_is_there(s));
}

/* A batch: one was done, one was on its way, one had not begun, and there is one note. */
static void each_of_a_batch_is_looked_at(void **state)
{
	struct fake_site *s = *state;
	const char *notes;
	char text[64];

	fake_site_reach(s, STEP_ASSIGN, 1);
	assert_int_equal(bind_unbind(s->en.host, fake_site_bdf(s, 1), &s->e), 0);
	assert_int_equal(bind_set_override(s->en.host, fake_site_bdf(s, 1), FAKE_DRIVER, &s->e), 0);
	fake_site_reload(s);
	fake_kernel_reset(&s->kernel);
	journal(s, "do 0 assign pf=0000:05:00.0 vf=0 at=0000:05:10.0 driver=igbvf override=-\\n"
		   "do 1 assign pf=0000:05:00.0 vf=1 at=0000:05:10.2 driver=igbvf override=-\\n"
		   "do 2 assign pf=0000:05:00.0 vf=2 at=0000:05:10.4 driver=igbvf override=-");
	assert_int_equal(run(s), 1);
	assert_string_equal(fake_site_driver(s, 0, text), FAKE_DRIVER);
	assert_string_equal(fake_site_driver(s, 1, text), "igbvf");
	assert_string_equal(fake_site_driver(s, 2, text), "igbvf");
	for (unsigned i = 0; i < s->kernel.n_writes; i++)
		assert_null(strstr(s->kernel.writes[i].path, "0000:05:10.4"));
	notes = fake_site_notes(s);
	assert_non_null(strstr(notes, "0000:05:00.0/0: a run (12 vfyard apply) was killed in the "
				      "middle of assign, and perhaps of 2 more"));
	assert_null(strstr(notes, "0000:05:00.0/1"));
}

static void autoprobe_is_put_back(void **state)
{
	struct fake_site *s = *state;
	uint64_t now = 9;

	fake_root_add(&s->root, "sys/bus/pci/devices/0000:05:00.0/sriov_drivers_autoprobe=0");
	fake_site_reload(s);
	journal(s, "do 0 autoprobe pf=0000:05:00.0 numvfs=7 autoprobe=1");
	assert_int_equal(run(s), 1);
	root_read_u64(&s->root.host.root, &now,
		      "sys/bus/pci/devices/0000:05:00.0/sriov_drivers_autoprobe");
	assert_int_equal(now, 1);
}

#define T(f) cmocka_unit_test_setup_teardown(f, fake_site_setup, fake_site_teardown)

static const struct CMUnitTest tests[] = {
	T(nothing_to_recover_is_nothing_done),
	T(a_vf_between_two_drivers_goes_back_to_the_first),
	T(a_vf_on_its_way_to_the_host_loses_the_override_only),
	T(a_vf_that_has_a_driver_of_the_host_keeps_it),
	T(a_vf_that_has_another_driver_loses_our_override_only),
	T(a_step_that_had_ended_stands),
	T(a_step_that_arrived_stands_also_without_its_end),
	T(an_attach_is_settled_by_the_hypervisor),
	T(a_domain_that_is_gone_is_said_to_be),
	T(what_cannot_be_settled_keeps_the_journal),
	T(a_vf_that_is_gone_needs_nothing),
	T(each_of_a_batch_is_looked_at),
	T(autoprobe_is_put_back),
	T(a_run_that_ended_was_not_killed),
};

TEST_MAIN(tests)
