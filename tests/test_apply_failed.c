// SPDX-License-Identifier: GPL-2.0-or-later
/* What an apply that fails leaves, and what it says about that. */
#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "host/pci/bind.h"
#include "fake_yard_check.h"

#define STOP "\"on_error\":\"stop\","

/* The kernel asks its drivers when it makes a VF, and says nothing when none takes it. */
/* Not even for a while: the kernel finds a VF no driver then, and the apply says why. */
static void autoprobe_of_a_pf_without_numvfs_is_left_alone(void **state)
{
	struct fake_yard *y = *state;

	fake_yard_topology(y,
			   "{\"version\":1,\"pf\":[{\"name\":\"net1\",\"bdf\":\"0000:06:00.0\"}],"
			   "\"vf\":[{\"pf\":\"net1\",\"index\":\"0\",\"driver\":\"host\"}]}");
	fake_root_add(&y->root, "sys/bus/pci/devices/0000:06:00.0/sriov_drivers_autoprobe=0");
	assert_int_equal(bind_unbind(&y->root.host, fake_yard_bdf(1, 0), &y->e), 0);
	yard_fails(y, YARD_APPLY, EXIT_REFUSED, "sriov_drivers_autoprobe 0");
	assert_non_null(strstr(fake_yard_notes(y), "write numvfs=3 for net1"));
	assert_int_equal(y->changes, 0);
}

static void a_new_vf_for_the_host_has_a_driver_or_the_apply_fails(void **state)
{
	struct fake_yard *y = *state;

	fake_yard_topology(y, "{\"version\":1,\"pf\":[{\"name\":\"net0\",\"bdf\":\"0000:05:00.0\","
			      "\"numvfs\":2}],\"vf\":[{\"pf\":\"net0\",\"index\":\"*\","
			      "\"driver\":\"host\"}]}");
	y->kernel.native = "not-loaded";
	y->root.host.timeout_ms = 20;
	yard_fails(y, YARD_APPLY, EXIT_FAILED, "no driver of the host takes it");
	y->kernel.native = "igbvf";
	yard_must(y, YARD_APPLY);
	yard_driver_is(y, 0, 1, "igbvf");
	yard_must(y, YARD_STATUS);
	assert_true(y->in_sync);
}

static void on_error_stop_leaves_what_was_done_and_says_so(void **state)
{
	struct fake_yard *y = *state;
	char text[2048];

	snprintf(text, sizeof(text), "{" STOP "%s", fake_yard_example + 1);
	fake_yard_topology(y, text);
	fake_netvf_fail(&y->netvf, (struct fake_netvf_fault){ .netdev = "eth0",
							      .index = 4,
							      .setting = VF_SET_TRUST,
							      .code = EIO });
	assert_true(fake_yard_run(y, YARD_APPLY) < 0);
	assert_int_equal(y->e.status, EXIT_LEFT);
	assert_non_null(strstr(y->e.cause, "these steps stay: up net0"));
	assert_non_null(strstr(y->e.cause, "more"));
	assert_non_null(strstr(y->e.fix, "vfyard release"));
	assert_int_equal(yard_number(y, "0000:05:00.0", "sriov_numvfs"), 5);
	yard_must(y, YARD_APPLY);
	yard_must(y, YARD_STATUS);
	assert_int_equal(y->n_steps, 0);
}

/* Nothing was set, so there is nothing to undo, even if nobody knows what it was. */
static void a_setting_the_driver_does_not_have_is_no_incomplete_rollback(void **state)
{
	struct fake_yard *y = *state;
	_cleanup_free_ char *before = NULL, *after = NULL;

	fake_yard_topology(y, "{\"version\":1,\"pf\":[{\"name\":\"net1\",\"bdf\":\"0000:06:00.0\","
			      "\"numvfs\":3}],\"vf\":[{\"pf\":\"net1\",\"index\":\"0\","
			      "\"vlan\":5,\"trust\":true}]}");
	fake_netvf_vf(&y->netvf, "eth1", 0)->given &= ~(unsigned)VF_ATTR_TRUST;
	before = fake_yard_snapshot(y);
	fake_netvf_fail(&y->netvf, (struct fake_netvf_fault){ .netdev = "eth1",
							      .setting = VF_SET_TRUST,
							      .code = EOPNOTSUPP });
	assert_true(fake_yard_run(y, YARD_APPLY) < 0);
	assert_int_equal(y->e.status, EXIT_FAILED);
	assert_null(strstr(y->e.cause, "rollback"));
	after = fake_yard_snapshot(y);
	assert_string_equal(after, before);
}

/* The driver has the setting, but not in this mode. */
static void a_setting_refused_in_switchdev_mode_is_the_representors(void **state)
{
	struct fake_yard *y = *state;

	fake_root_add(&y->root,
		      "sys/devices/pci0000:06/0000:06:00.0/net/rep0/phys_port_name=pf0vf0");
	fake_root_add(&y->root, "sys/class/net/rep0 -> "
				"../../devices/pci0000:06/0000:06:00.0/net/rep0");
	fake_yard_topology(y, "{\"version\":1,\"pf\":[{\"name\":\"net1\",\"bdf\":\"0000:06:00.0\","
			      "\"numvfs\":3}],\"vf\":[{\"pf\":\"net1\",\"index\":\"0\","
			      "\"trust\":true}]}");
	fake_netvf_fail(&y->netvf, (struct fake_netvf_fault){ .netdev = "eth1",
							      .setting = VF_SET_TRUST,
							      .code = EOPNOTSUPP });
	assert_true(fake_yard_run(y, YARD_APPLY) < 0);
	assert_string_equal(y->e.fix,
			    "the PF is in switchdev mode: set it on the VF's representor, "
			    "and leave trust out here");
}

static unsigned sets_of_an_apply_that_ends_with(struct fake_yard *y, int code)
{
	y->netvf.sets = 0;
	fake_netvf_fail(&y->netvf, (struct fake_netvf_fault){ .netdev = "eth0",
							      .index = 4,
							      .setting = VF_SET_TRUST,
							      .code = code });
	assert_true(fake_yard_run(y, YARD_APPLY) < 0);
	return y->netvf.sets;
}

/* All settings wait for one lock, so each undo would wait as long as the one that hung. */
static void settings_are_not_undone_behind_one_that_hangs(void **state)
{
	struct fake_yard *y = *state;
	unsigned undone = sets_of_an_apply_that_ends_with(y, EIO);

	assert_int_equal(y->e.status, EXIT_FAILED);
	assert_true(sets_of_an_apply_that_ends_with(y, ETIMEDOUT) < undone);
	assert_int_equal(y->e.status, EXIT_LEFT);
	assert_non_null(strstr(y->e.cause, "; not undone after it: "));
	assert_non_null(strstr(y->e.fix, "vfyard release"));
}

/* It is done, and nobody could look at it, so the rollback is not clean, and it stays
 * remembered. */
static void a_setting_whose_look_hangs_is_left_and_remembered(void **state)
{
	struct fake_yard *y = *state;
	_cleanup_free_ char *before = fake_yard_snapshot(y), *after = NULL;

	fake_yard_topology(y,
			   "{\"version\":1,\"pf\":[{\"name\":\"net1\",\"bdf\":\"0000:06:00.0\"}],"
			   "\"vf\":[{\"pf\":\"net1\",\"index\":\"0\",\"vlan\":5}]}");
	y->netvf.reads = 0;
	yard_must(y, YARD_APPLY);
	/* The last read is the look at the result of everything. */
	y->netvf.hang_at = y->netvf.reads - 1;
	yard_must(y, YARD_RELEASE);
	y->netvf.reads = 0;
	assert_true(fake_yard_run(y, YARD_APPLY) < 0);
	assert_int_equal(y->e.status, EXIT_LEFT);
	assert_int_equal(fake_netvf_vf(&y->netvf, "eth1", 0)->vlan, 5);
	y->netvf.hang_at = 0;
	yard_must(y, YARD_RELEASE);
	after = fake_yard_snapshot(y);
	assert_string_equal(after, before);
}

static void an_undo_that_fails_is_named(void **state)
{
	struct fake_yard *y = *state;

	fake_netvf_fail(&y->netvf, (struct fake_netvf_fault){ .netdev = "eth0",
							      .index = 4,
							      .setting = VF_SET_TRUST,
							      .code = EIO });
	/* twice on the way there, and then not on the way back */
	fake_kernel_fail(&y->kernel, (struct fake_fault){ .path = "0000:05:00.0/sriov_numvfs",
							  .value = "0",
							  .code = EBUSY,
							  .forever = true });
	assert_true(fake_yard_run(y, YARD_APPLY) < 0);
	assert_int_equal(y->e.status, EXIT_LEFT);
	assert_non_null(strstr(y->e.cause, "rollback incomplete: net0 (0000:05:00.0)"));
	assert_non_null(strstr(y->e.fix, "vfyard release"));
	fake_kernel_reset(&y->kernel);
	yard_must(y, YARD_RELEASE);
	assert_int_equal(yard_number(y, "0000:05:00.0", "sriov_numvfs"), 0);
}

#define T(f) cmocka_unit_test_setup_teardown(f, fake_yard_setup, fake_yard_teardown)

static const struct CMUnitTest tests[] = {
	T(autoprobe_of_a_pf_without_numvfs_is_left_alone),
	T(a_new_vf_for_the_host_has_a_driver_or_the_apply_fails),
	T(on_error_stop_leaves_what_was_done_and_says_so),
	T(a_setting_the_driver_does_not_have_is_no_incomplete_rollback),
	T(a_setting_refused_in_switchdev_mode_is_the_representors),
	T(settings_are_not_undone_behind_one_that_hangs),
	T(a_setting_whose_look_hangs_is_left_and_remembered),
	T(an_undo_that_fails_is_named),
};

TEST_MAIN(tests)
