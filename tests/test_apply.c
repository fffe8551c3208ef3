// SPDX-License-Identifier: GPL-2.0-or-later
/* apply and status on a whole fake host: the topology is reached, drift found and repaired. */
#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "host/pci/bind.h"
#include "fake_yard_check.h"

static void apply_reaches_the_topology(void **state)
{
	struct fake_yard *y = *state;
	const struct vf_attrs *a;

	yard_must(y, YARD_APPLY);
	assert_int_equal(yard_number(y, "0000:05:00.0", "sriov_numvfs"), 5);
	assert_int_equal(yard_number(y, "0000:06:00.0", "sriov_numvfs"), 4);
	assert_int_equal(yard_number(y, "0000:05:00.0", "sriov_drivers_autoprobe"), 1);
	assert_int_equal(yard_number(y, "0000:06:00.0", "sriov_drivers_autoprobe"), 0);
	yard_driver_is(y, 0, 0, FAKE_DRIVER);
	yard_driver_is(y, 0, 2, FAKE_DRIVER);
	yard_driver_is(y, 0, 3, "igbvf");
	yard_driver_is(y, 0, 4, FAKE_DRIVER);
	yard_driver_is(y, 1, 1, "");
	yard_driver_is(y, 1, 3, "");
	assert_string_equal(yard_domain_of(y, 0, 1), "web1");
	assert_string_equal(yard_domain_of(y, 1, 0), "web1");
	assert_string_equal(yard_domain_of(y, 0, 2), "");
	a = fake_netvf_vf(&y->netvf, "eth0", 2);
	assert_int_equal(a->vlan, 100);
	assert_int_equal(a->qos, 2);
	assert_true(fake_netvf_vf(&y->netvf, "eth0", 4)->trust);
	assert_int_equal(fake_netvf_vf(&y->netvf, "eth0", 4)->max_tx_rate, 100);
	assert_false(fake_netvf_vf(&y->netvf, "eth1", 0)->spoofchk);
	assert_int_equal(fake_netvf_vf(&y->netvf, "eth1", 0)->link, VF_LINK_ON);
}

static void of_one_pf_the_rest_of_the_host_is_left_alone(void **state)
{
	struct fake_yard *y = *state;
	_cleanup_free_ char *whole = NULL, *again = NULL;

	yard_must(y, YARD_APPLY);
	whole = fake_yard_snapshot(y);
	yard_must(y, YARD_RELEASE);
	y->only = "06:00.0";
	yard_must(y, YARD_APPLY);
	assert_int_equal(yard_number(y, "0000:05:00.0", "sriov_numvfs"), 0);
	assert_int_equal(yard_number(y, "0000:06:00.0", "sriov_numvfs"), 4);
	assert_string_equal(yard_domain_of(y, 1, 0), "web1");
	assert_false(fake_netvf_vf(&y->netvf, "eth1", 0)->spoofchk);
	y->only = "net0";
	yard_must(y, YARD_APPLY);
	again = fake_yard_snapshot(y);
	assert_string_equal(again, whole);
	y->only = "eth0";
	yard_must(y, YARD_PLAN);
	assert_int_equal(y->n_steps, 0);
	y->only = "eth9";
	assert_int_equal(fake_yard_run(y, YARD_APPLY), -ENODEV);
}

static void a_second_apply_does_nothing(void **state)
{
	struct fake_yard *y = *state;
	_cleanup_free_ char *first = NULL, *second = NULL;

	yard_must(y, YARD_APPLY);
	first = fake_yard_snapshot(y);
	yard_must(y, YARD_APPLY);
	assert_int_equal(y->n_steps, 0);
	assert_int_equal(y->changes, 0);
	second = fake_yard_snapshot(y);
	assert_string_equal(first, second);
}

static void plan_and_status_change_nothing(void **state)
{
	struct fake_yard *y = *state;
	_cleanup_free_ char *before = fake_yard_snapshot(y), *after = NULL;

	yard_must(y, YARD_PLAN);
	assert_true(y->n_steps >= 20);
	yard_must(y, YARD_STATUS);
	assert_int_equal(y->changes, 0);
	after = fake_yard_snapshot(y);
	assert_string_equal(before, after);
}

static void auto_addresses_differ_and_come_again(void **state)
{
	struct fake_yard *y = *state;
	uint8_t mac[5][6];

	yard_must(y, YARD_APPLY);
	for (unsigned i = 0; i < 5; i++) {
		memcpy(mac[i], fake_netvf_vf(&y->netvf, "eth0", i)->mac, 6);
		assert_int_equal(mac[i][0] & 3, 2);
		for (unsigned k = 0; k < i; k++)
			assert_memory_not_equal(mac[i], mac[k], 6);
	}
	yard_must(y, YARD_RELEASE);
	yard_must(y, YARD_APPLY);
	for (unsigned i = 0; i < 5; i++)
		assert_memory_equal(mac[i], fake_netvf_vf(&y->netvf, "eth0", i)->mac, 6);
}

static void a_driver_unbound_by_hand_is_one_step_of_drift(void **state)
{
	struct fake_yard *y = *state;

	yard_must(y, YARD_APPLY);
	assert_int_equal(bind_unbind(&y->root.host, fake_yard_bdf(0, 4), &y->e), 0);
	yard_must(y, YARD_STATUS);
	assert_int_equal(y->n_steps, 1);
	yard_must(y, YARD_APPLY);
	yard_driver_is(y, 0, 4, FAKE_DRIVER);
}

static void an_address_set_by_hand_is_one_step_of_drift(void **state)
{
	struct fake_yard *y = *state;

	yard_must(y, YARD_APPLY);
	fake_netvf_vf(&y->netvf, "eth0", 4)->mac[5] ^= 1;
	yard_must(y, YARD_STATUS);
	assert_int_equal(y->n_steps, 1);
	yard_must(y, YARD_APPLY);
	yard_must(y, YARD_STATUS);
	assert_int_equal(y->n_steps, 0);
}

static void a_vf_detached_by_hand_is_attached_again(void **state)
{
	struct fake_yard *y = *state;

	yard_must(y, YARD_APPLY);
	fake_backend_device(&y->backend, fake_yard_bdf(0, 0))->domain[0] = '\0';
	yard_must(y, YARD_STATUS);
	assert_int_equal(y->n_steps, 1);
	yard_must(y, YARD_APPLY);
	assert_string_equal(yard_domain_of(y, 0, 0), "web1");
}

/* It costs only its own devices, and those are prepared nevertheless. */
static void a_domain_that_does_not_answer_keeps_nothing_else_waiting(void **state)
{
	struct fake_yard *y = *state;

	fake_backend_add_domain(&y->backend, "db1");
	y->backend.mute = "db1";
	fake_yard_topology(y,
			   "{\"version\":1,\"pf\":[{\"name\":\"net0\",\"bdf\":\"0000:05:00.0\","
			   "\"numvfs\":2}],\"domain\":["
			   "{\"name\":\"db1\",\"devices\":[{\"pf\":\"net0\",\"index\":\"0\"}]},"
			   "{\"name\":\"web1\",\"devices\":[{\"pf\":\"net0\",\"index\":\"1\"}]}]}");
	yard_must(y, YARD_APPLY);
	assert_int_equal(y->n_problems, 1);
	assert_non_null(strstr(fake_yard_notes(y), "db1: db1 does not answer"));
	assert_string_equal(yard_domain_of(y, 0, 1), "web1");
	assert_string_equal(yard_domain_of(y, 0, 0), "");
	yard_driver_is(y, 0, 0, FAKE_DRIVER);
	/* The host is not in sync, but everything that can be done is done. */
	yard_must(y, YARD_PLAN);
	assert_int_equal(y->n_steps, 0);
	assert_false(y->in_sync);
	y->backend.mute = NULL;
	yard_must(y, YARD_APPLY);
	assert_int_equal(y->n_problems, 0);
	assert_string_equal(yard_domain_of(y, 0, 0), "db1");
}

/* It was detached behind our back, which cannot be seen then. */
static void a_host_whose_domains_are_not_seen_is_not_in_sync(void **state)
{
	struct fake_yard *y = *state;

	yard_must(y, YARD_APPLY);
	yard_must(y, YARD_STATUS);
	assert_true(y->in_sync);
	y->no_survey = true;
	yard_must(y, YARD_STATUS);
	assert_false(y->in_sync);
	assert_true(fake_yard_run(y, YARD_APPLY) < 0);
	assert_string_equal(y->e.cause, "told to fail");
}

static void other_vfs_of_a_running_guest_are_not_touched(void **state)
{
	struct fake_yard *y = *state;

	yard_must(y, YARD_APPLY);
	fake_netvf_vf(&y->netvf, "eth0", 4)->trust = false;
	y->backend.calls[0] = '\0';
	yard_must(y, YARD_APPLY);
	assert_null(strstr(y->backend.calls, "tach"));
	assert_null(strstr(y->backend.calls, "assign"));
	assert_int_equal(y->changes, 1);
}

static void a_number_changes_by_way_of_zero(void **state)
{
	struct fake_yard *y = *state;

	yard_topology(y, "2", "");
	yard_must(y, YARD_APPLY);
	yard_topology(y, "5", "");
	fake_kernel_reset(&y->kernel);
	yard_must(y, YARD_APPLY);
	assert_int_equal(fake_kernel_count(&y->kernel, "/sriov_numvfs"), 2);
	assert_int_equal(yard_number(y, "0000:05:00.0", "sriov_numvfs"), 5);
	yard_must(y, YARD_RELEASE);
	assert_int_equal(yard_number(y, "0000:05:00.0", "sriov_numvfs"), 0);
}

/* udev renames it between our first look and the request. */
static void settings_go_to_the_pf_under_its_new_name(void **state)
{
	struct fake_yard *y = *state;
	char from[512], to[512];

	fake_yard_topology(y,
			   "{\"version\":1,\"pf\":[{\"name\":\"net1\",\"bdf\":\"0000:06:00.0\"}],"
			   "\"vf\":[{\"pf\":\"net1\",\"index\":\"0\",\"vlan\":5}]}");
	snprintf(from, sizeof(from), "%s/sys/bus/pci/devices/0000:06:00.0/net/eth1", y->root.dir);
	snprintf(to, sizeof(to), "%s/sys/bus/pci/devices/0000:06:00.0/net/enp6s0", y->root.dir);
	assert_int_equal(rename(from, to), 0);
	yard_must(y, YARD_APPLY);
	assert_int_equal(fake_netvf_vf(&y->netvf, "enp6s0", 0)->vlan, 5);
	assert_int_equal(fake_netvf_vf(&y->netvf, "eth1", 0)->vlan, 0);
}

static unsigned reads_of_an_apply_of(struct fake_yard *y, unsigned n)
{
	char text[512];

	snprintf(
		text, sizeof(text),
		"{\"version\":1,\"pf\":[{\"name\":\"net0\",\"bdf\":\"0000:05:00.0\",\"numvfs\":%u}],"
		"\"vf\":[{\"pf\":\"net0\",\"index\":\"*\",\"mac\":\"auto\",\"driver\":\"assign\"}]}",
		n);
	fake_yard_topology(y, text);
	y->netvf.reads = 0;
	yard_must(y, YARD_APPLY);
	n = y->netvf.reads;
	yard_must(y, YARD_RELEASE);
	return n;
}

/* Some drivers ask their firmware for each VF of each read. */
static void the_driver_is_not_asked_more_often_for_more_vfs(void **state)
{
	struct fake_yard *y = *state;

	assert_int_equal(reads_of_an_apply_of(y, 2), reads_of_an_apply_of(y, 7));
}

#define T(f) cmocka_unit_test_setup_teardown(f, fake_yard_setup, fake_yard_teardown)

static const struct CMUnitTest tests[] = {
	T(apply_reaches_the_topology),
	T(of_one_pf_the_rest_of_the_host_is_left_alone),
	T(a_second_apply_does_nothing),
	T(plan_and_status_change_nothing),
	T(auto_addresses_differ_and_come_again),
	T(a_driver_unbound_by_hand_is_one_step_of_drift),
	T(an_address_set_by_hand_is_one_step_of_drift),
	T(a_vf_detached_by_hand_is_attached_again),
	T(a_domain_that_does_not_answer_keeps_nothing_else_waiting),
	T(a_host_whose_domains_are_not_seen_is_not_in_sync),
	T(other_vfs_of_a_running_guest_are_not_touched),
	T(a_number_changes_by_way_of_zero),
	T(settings_go_to_the_pf_under_its_new_name),
	T(the_driver_is_not_asked_more_often_for_more_vfs),
};

TEST_MAIN(tests)
