// SPDX-License-Identifier: GPL-2.0-or-later
/* apply is done when the look of status says so, and not before. */
#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "host/pci/bind.h"
#include "fake_yard_check.h"

#define VLAN ",\"vf\":[{\"pf\":\"net0\",\"index\":\"*\",\"vlan\":5}]"

/* Asserts status 1 with these words in the error, and that the steps of the apply stay done. */
static void differs(struct fake_yard *y, const char *object, const char *words)
{
	assert_true(fake_yard_run(y, YARD_APPLY) < 0);
	assert_int_equal(y->e.status, EXIT_FAILED);
	assert_string_equal(y->e.step, "look again");
	assert_string_equal(y->e.object, object);
	if (!strstr(y->e.cause, words))
		print_error("'%s' is not in: %s\n", words, y->e.cause);
	assert_non_null(strstr(y->e.cause, words));
	assert_true(y->e.fix[0] != '\0');
	assert_int_equal(yard_number(y, "0000:05:00.0", "sriov_numvfs"), 2);
	assert_int_equal(root_exists(&y->root.host.root, "run/vfyard/journal"), false);
}

static void change_one(struct fake_yard *y)
{
	fake_netvf_vf(&y->netvf, "eth0", 1)->vlan = 9;
}

static void change_both(struct fake_yard *y)
{
	fake_netvf_vf(&y->netvf, "eth0", 0)->vlan = 8;
	change_one(y);
}

static void what_changed_meanwhile_is_no_success(void **state)
{
	struct fake_yard *y = *state;

	yard_topology(y, "2", VLAN);
	y->meanwhile = change_one;
	differs(y, "net0/1 (0000:05:10.2)", "vlan is 9, wanted 5");
	y->meanwhile = NULL;
	yard_must(y, YARD_STATUS);
	assert_false(y->in_sync);
	yard_must(y, YARD_APPLY);
	yard_must(y, YARD_STATUS);
	assert_true(y->in_sync);
}

static void several_differences_are_counted_and_each_is_said(void **state)
{
	struct fake_yard *y = *state;
	char object[256];

	yard_topology(y, "2", VLAN);
	y->meanwhile = change_both;
	snprintf(object, sizeof(object), "%s/etc/vfyard/topology.cfg", y->root.dir);
	differs(y, object, "but 2 things differ from the topology");
	assert_non_null(
		strstr(fake_yard_notes(y),
		       "net0/0 (0000:05:10.0): look again: after all steps vlan is 8, wanted 5; "));
	assert_non_null(
		strstr(fake_yard_notes(y),
		       "net0/1 (0000:05:10.2): look again: after all steps vlan is 9, wanted 5; "));
	assert_non_null(strstr(y->e.fix, "vfyard status"));
}

static void take_driver(struct fake_yard *y)
{
	bind_unbind(&y->root.host, fake_yard_bdf(0, 0), NULL);
}

static void a_driver_that_went_is_a_difference(void **state)
{
	struct fake_yard *y = *state;

	yard_topology(y, "2", ",\"vf\":[{\"pf\":\"net0\",\"index\":\"0\",\"driver\":\"assign\"}]");
	y->meanwhile = take_driver;
	differs(y, "net0/0 (0000:05:10.0)", "driver is none, wanted assignable");
}

static void report_no_trust(struct fake_yard *y)
{
	fake_netvf_vf(&y->netvf, "eth0", 0)->given &= ~(unsigned)VF_ATTR_TRUST;
}

/* It never converges, and apply says so, each time. */
static void a_setting_that_is_not_reported_is_said_to_be_so(void **state)
{
	struct fake_yard *y = *state;

	yard_topology(y, "2", ",\"vf\":[{\"pf\":\"net0\",\"index\":\"0\",\"trust\":true}]");
	y->meanwhile = report_no_trust;
	for (unsigned i = 0; i < 2; i++) {
		differs(y, "net0/0 (0000:05:10.0)",
			"trust was set to on, but driver igb does not report it");
		assert_non_null(strstr(y->e.fix, "remove trust from the topology"));
	}
}

static void hide_domains(struct fake_yard *y)
{
	fake_backend_fail(&y->backend, (struct fake_op_fault){ .op = "survey", .code = EIO });
}

static void domains_that_are_not_seen_any_more_are_no_success(void **state)
{
	struct fake_yard *y = *state;

	yard_topology(y, "2", WEB1);
	y->meanwhile = hide_domains;
	differs(y, "host", "survey told to fail");
}

static void hang(struct fake_yard *y)
{
	y->netvf.hang_at = y->netvf.reads + 1;
}

static void a_look_that_hangs_is_no_success(void **state)
{
	struct fake_yard *y = *state;

	yard_topology(y, "2", VLAN);
	y->meanwhile = hang;
	assert_true(fake_yard_run(y, YARD_APPLY) < 0);
	assert_int_equal(y->e.status, EXIT_FAILED);
	assert_non_null(strstr(y->e.step, "read attributes"));
	assert_int_equal(yard_number(y, "0000:05:00.0", "sriov_numvfs"), 2);
}

static void end_domains(struct fake_yard *y)
{
	y->backend.n_domains = 0;
}

static void a_domain_that_ended_meanwhile_is_no_difference(void **state)
{
	struct fake_yard *y = *state;

	yard_topology(y, "2", WEB1);
	y->meanwhile = end_domains;
	yard_must(y, YARD_APPLY);
}

/* It costs only one read of each PF. */
static void a_run_that_had_nothing_to_do_looks_once(void **state)
{
	struct fake_yard *y = *state;
	unsigned first;

	yard_topology(y, "2", VLAN);
	yard_must(y, YARD_APPLY);
	first = y->netvf.reads;
	yard_must(y, YARD_APPLY);
	assert_int_equal(y->netvf.reads - first, 1);
	assert_int_equal(y->n_steps, 0);
}

#define T(f) cmocka_unit_test_setup_teardown(f, fake_yard_setup, fake_yard_teardown)

static const struct CMUnitTest tests[] = {
	T(what_changed_meanwhile_is_no_success),
	T(several_differences_are_counted_and_each_is_said),
	T(a_driver_that_went_is_a_difference),
	T(a_setting_that_is_not_reported_is_said_to_be_so),
	T(domains_that_are_not_seen_any_more_are_no_success),
	T(a_look_that_hangs_is_no_success),
	T(a_domain_that_ended_meanwhile_is_no_difference),
	T(a_run_that_had_nothing_to_do_looks_once),
};

TEST_MAIN(tests)
