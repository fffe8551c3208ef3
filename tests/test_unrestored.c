// SPDX-License-Identifier: GPL-2.0-or-later
/* Old settings that a PF's driver does not take back: the VF goes back to its driver
 * nevertheless. */
#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "fake_yard_check.h"

#define NET1                                                                                       \
	"{\"version\":1,\"pf\":[{\"name\":\"net1\",\"bdf\":\"0000:06:00.0\"}],\"vf\":[" VF("0",    \
											   "69")
#define VF(index, last)                                                                            \
	"{\"pf\":\"net1\",\"index\":\"" index "\",\"mac\":\"02:00:00:00:00:" last                  \
	"\",\"vlan\":100,"                                                                         \
	"\"spoofchk\":false,\"trust\":true,\"link\":\"on\",\"max_tx_rate\":50,"                    \
	"\"driver\":\"assign\"}"

static const uint8_t set_mac[] = { 2, 0, 0, 0, 0, 0x69 };

static struct vf_attrs *vf0(struct fake_yard *y)
{
	return fake_netvf_vf(&y->netvf, "eth1", 0);
}

static void refuses(struct fake_yard *y, enum vf_setting s, int code, unsigned skip)
{
	fake_netvf_fail(&y->netvf, (struct fake_netvf_fault){ .netdev = "eth1",
							      .setting = s,
							      .code = code,
							      .skip = skip,
							      .forever = true });
}

static void notes_have(struct fake_yard *y, const char *words)
{
	if (!strstr(fake_yard_notes(y), words))
		print_error("'%s' is not in: %s\n", words, fake_yard_notes(y));
	assert_non_null(strstr(fake_yard_notes(y), words));
}

static void all_else_is_as_it_was(struct fake_yard *y, enum vf_setting but)
{
	const struct vf_attrs *a = vf0(y);

	yard_driver_is(y, 1, 0, "igbvf");
	assert_int_equal(a->vlan, but == VF_SET_VLAN ? 100 : 7);
	assert_int_equal(a->trust, but == VF_SET_TRUST);
	assert_int_equal(a->spoofchk, but != VF_SET_SPOOFCHK);
	assert_int_equal(a->link, but == VF_SET_LINK ? VF_LINK_ON : VF_LINK_AUTO);
	assert_int_equal(a->max_tx_rate, but == VF_SET_RATE ? 50 : 0);
}

static void takes_no_zero_address(struct fake_yard *y, int code)
{
	vf0(y)->vlan = 7;
	fake_yard_topology(y, NET1 "]}");
	yard_must(y, YARD_APPLY);
	refuses(y, VF_SET_MAC, code, 0);
	yard_must(y, YARD_RELEASE);
	all_else_is_as_it_was(y, VF_SET_MAC);
	assert_memory_equal(vf0(y)->mac, set_mac, sizeof(set_mac));
	notes_have(y, "net1/0 (0000:06:10.0): mac: was mac=00:00:00:00:00:00, which the PF's "
		      "driver does not take back (");
	notes_have(y, "; it stays mac=02:00:00:00:00:69, the address that its driver uses");
	/* Nothing is left to do, and it will be given back with what it is now. */
	yard_must(y, YARD_RELEASE);
	assert_int_equal(y->n_steps, 0);
	yard_must(y, YARD_APPLY);
	yard_must(y, YARD_RELEASE);
	yard_driver_is(y, 1, 0, "igbvf");
}

static void without_a_zero_address_the_vf_keeps_the_one_it_has(void **state)
{
	takes_no_zero_address(*state, EINVAL);
}

static void an_address_that_is_not_available_is_a_refusal(void **state)
{
	takes_no_zero_address(*state, EADDRNOTAVAIL);
}

static void a_driver_that_lies_about_the_zero_address_is_one_that_refuses(void **state)
{
	takes_no_zero_address(*state, 0);
}

/* It is not done, but it is not in the way: it is said again until the driver takes it. */
static void left_until_the_driver_takes_it(struct fake_yard *y, enum vf_setting s, int code)
{
	_cleanup_free_ char *before = NULL, *after = NULL;

	vf0(y)->vlan = 7;
	memcpy(vf0(y)->mac, "\x02\x11\x22\x33\x44\x55", 6);
	before = fake_yard_snapshot(y);
	fake_yard_topology(y, NET1 "]}");
	yard_must(y, YARD_APPLY);
	refuses(y, s, code, 0);
	for (unsigned i = 0; i < 2; i++) {
		assert_true(fake_yard_run(y, YARD_RELEASE) < 0);
		assert_int_equal(y->e.status, EXIT_LEFT);
		assert_string_equal(y->e.object, "net1/0 (0000:06:10.0)");
		assert_string_equal(y->e.step, vf_setting_name(s));
		assert_non_null(strstr(y->e.cause, "the PF's driver does not take back"));
		assert_non_null(strstr(y->e.fix, "run: vfyard release net1/0"));
		notes_have(y, "the PF's driver does not take back");
		all_else_is_as_it_was(y, s);
	}
	y->netvf.n_faults = 0;
	yard_must(y, YARD_RELEASE);
	after = fake_yard_snapshot(y);
	assert_string_equal(after, before);
	yard_must(y, YARD_RELEASE);
	assert_int_equal(y->n_steps, 0);
}

static void any_other_value_is_left_and_remembered(void **state)
{
	static const enum vf_setting settings[] = { VF_SET_MAC,	  VF_SET_VLAN, VF_SET_SPOOFCHK,
						    VF_SET_TRUST, VF_SET_LINK, VF_SET_RATE };
	static const int codes[] = { EINVAL, EOPNOTSUPP, EPERM, ERANGE, 0 };

	for (unsigned s = 0; s < ARRAY_SIZE(settings); s++)
		for (unsigned c = 0; c < ARRAY_SIZE(codes); c++)
			left_until_the_driver_takes_it(*state, settings[s], codes[c]);
}

static void the_sentence_names_all_that_is_left(void **state)
{
	struct fake_yard *y = *state;

	vf0(y)->vlan = 7;
	fake_yard_topology(y, NET1 "," VF("1", "6a") "]}");
	yard_must(y, YARD_APPLY);
	refuses(y, VF_SET_VLAN, EINVAL, 0);
	refuses(y, VF_SET_TRUST, 0, 0);
	fake_netvf_fail(&y->netvf,
			(struct fake_netvf_fault){ "eth1", 1, VF_SET_LINK, EPERM, 0, true });
	assert_true(fake_yard_run(y, YARD_RELEASE) < 0);
	assert_int_equal(y->e.status, EXIT_LEFT);
	assert_non_null(strstr(y->e.cause, "was vlan=7, which"));
	assert_non_null(strstr(y->e.cause, "it stays vlan=100"));
	assert_non_null(strstr(y->e.cause, ", and so trust of net1/0"));
	assert_non_null(strstr(y->e.cause, ", and so link of net1/1"));
	yard_driver_is(y, 1, 0, "igbvf");
	yard_driver_is(y, 1, 1, "igbvf");
}

/* A hang, or a device that is gone, says nothing about the value. */
static void no_answer_is_no_refusal(void **state)
{
	static const int codes[] = { ETIMEDOUT, ENODEV, EIO, EBUSY };
	struct fake_yard *y = *state;

	fake_yard_topology(y, NET1 "]}");
	for (unsigned c = 0; c < ARRAY_SIZE(codes); c++) {
		yard_must(y, YARD_APPLY);
		fake_netvf_fail(&y->netvf, (struct fake_netvf_fault){ .netdev = "eth1",
								      .setting = VF_SET_MAC,
								      .code = codes[c] });
		assert_true(fake_yard_run(y, YARD_RELEASE) < 0);
		assert_null(strstr(y->e.cause, "does not take back"));
		yard_driver_is(y, 1, 0, c == 0 ? "" : FAKE_DRIVER);
		yard_must(y, YARD_RELEASE);
		yard_driver_is(y, 1, 0, "igbvf");
	}
}

/* Wherever a release is killed, the next one finishes it. */
static void a_release_that_was_killed_is_not_stuck_either(void **state)
{
	struct fake_yard *y = *state;
	bool was_killed = true;
	int r;

	vf0(y)->vlan = 7;
	fake_yard_topology(y, NET1 "]}");
	for (unsigned n = 1; was_killed; n++) {
		yard_must(y, YARD_APPLY);
		refuses(y, VF_SET_MAC, EINVAL, 0);
		y->changes = 0;
		y->kill_at = n;
		was_killed = fake_yard_run_killed(y, YARD_RELEASE, &r);
		fake_yard_calm(y);
		yard_must(y, YARD_RELEASE);
		all_else_is_as_it_was(y, VF_SET_MAC);
		y->netvf.n_faults = 0;
		assert_true(n < 100);
	}
	assert_int_equal(r, 0);
}

static const char with_numvfs[] =
	"{\"version\":1,\"pf\":[{\"name\":\"net1\",\"bdf\":\"0000:06:00.0\",\"numvfs\":5}],\"vf\":["
	"{\"pf\":\"net1\",\"index\":\"3\",\"trust\":true}]}";

/* An apply that fails takes back its settings, including the address. */
static void a_rollback_keeps_the_address_and_is_whole(void **state)
{
	struct fake_yard *y = *state;

	fake_yard_topology(y, NET1 "]}");
	vf0(y)->vlan = 7;
	refuses(y, VF_SET_MAC, EINVAL, 1);
	refuses(y, VF_SET_RATE, EIO, 0);
	assert_true(fake_yard_run(y, YARD_APPLY) < 0);
	assert_int_equal(y->e.status, EXIT_FAILED);
	assert_null(strstr(y->e.cause, "rollback incomplete"));
	notes_have(y, "net1/0 (0000:06:10.0): mac: was mac=00:00:00:00:00:00, which");
	all_else_is_as_it_was(y, VF_SET_MAC);
	y->netvf.n_faults = 0;
	yard_must(y, YARD_RELEASE);
	assert_int_equal(y->n_steps, 0);
}

static void a_rollback_that_leaves_another_value_says_so(void **state)
{
	struct fake_yard *y = *state;

	fake_yard_topology(y, NET1 "]}");
	vf0(y)->vlan = 7;
	refuses(y, VF_SET_VLAN, EINVAL, 1);
	refuses(y, VF_SET_RATE, EIO, 0);
	assert_true(fake_yard_run(y, YARD_APPLY) < 0);
	assert_int_equal(y->e.status, EXIT_LEFT);
	assert_non_null(strstr(y->e.cause, "rollback incomplete"));
	all_else_is_as_it_was(y, VF_SET_VLAN);
	y->netvf.n_faults = 0;
	yard_must(y, YARD_RELEASE);
	assert_int_equal(vf0(y)->vlan, 7);
}

/* A rollback makes VFs again: one with a setting that is refused holds up none of them. */
static void vfs_made_again_get_their_drivers(void **state)
{
	struct fake_yard *y = *state;

	vf0(y)->vlan = 7;
	vf0(y)->max_tx_rate = 9;
	fake_netvf_vf(&y->netvf, "eth1", 1)->vlan = 8;
	fake_yard_topology(y, with_numvfs);
	fake_netvf_fail(&y->netvf,
			(struct fake_netvf_fault){ "eth1", 3, VF_SET_TRUST, EIO, 0, true });
	refuses(y, VF_SET_VLAN, EINVAL, 0);
	assert_true(fake_yard_run(y, YARD_APPLY) < 0);
	assert_int_equal(y->e.status, EXIT_LEFT);
	assert_non_null(strstr(y->e.cause, "rollback incomplete"));
	assert_int_equal(yard_number(y, "0000:06:00.0", "sriov_numvfs"), 3);
	for (unsigned i = 0; i < 3; i++)
		yard_driver_is(y, 1, i, "igbvf");
	assert_int_equal(vf0(y)->max_tx_rate, 9);
	assert_int_equal(fake_netvf_vf(&y->netvf, "eth1", 1)->vlan, 8);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, fake_yard_setup, fake_yard_teardown)

static const struct CMUnitTest tests[] = {
	TEST(without_a_zero_address_the_vf_keeps_the_one_it_has),
	TEST(an_address_that_is_not_available_is_a_refusal),
	TEST(a_driver_that_lies_about_the_zero_address_is_one_that_refuses),
	TEST(any_other_value_is_left_and_remembered),
	TEST(the_sentence_names_all_that_is_left),
	TEST(no_answer_is_no_refusal),
	TEST(a_release_that_was_killed_is_not_stuck_either),
	TEST(a_rollback_keeps_the_address_and_is_whole),
	TEST(a_rollback_that_leaves_another_value_says_so),
	TEST(vfs_made_again_get_their_drivers),
};

TEST_MAIN(tests)
