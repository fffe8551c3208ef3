// SPDX-License-Identifier: GPL-2.0-or-later
/* What is made of the kernel's answers to a setting; the kernel is a list of answers. */
#include "test.h"

#include <stdlib.h>
#include <string.h>
#include <linux/if_ether.h>

#include "host/net/vf_link_parts.h"
#include "fake_root.h"
#include "fake_vf_message.h"

#define PF "enp5s0f0"

struct env {
	struct fake_vf_message m;
	int codes[4];	  /* positive errnos; the last one stays */
	unsigned asked;	  /* number of requests so far */
	unsigned link_at; /* the request that finds the PF with a link; 0: none does */
	struct fake_root root;
	struct host host;
	struct err e;
};

static int setup(void **state)
{
	struct env *t = calloc(1, sizeof(*t));

	fake_root_init(&t->root, NULL);
	t->host = t->root.host;
	t->host.timeout_ms = 60000;
	*state = t;
	return 0;
}

static int teardown(void **state)
{
	struct env *t = *state;

	fake_root_done(&t->root);
	free(t);
	return 0;
}

/* Makes the PF up, with or without a link. */
static void set_link(struct env *t, const char *operstate)
{
	char line[64];

	fake_root_add(&t->root, "sys/class/net/" PF "/flags=0x1003");
	snprintf(line, sizeof(line), "sys/class/net/" PF "/operstate=%s", operstate);
	fake_root_add(&t->root, line);
}

static int answer(void *arg, struct nl_msg *msg UNUSED, unsigned timeout_ms UNUSED,
		  struct rtnl_answer *ret)
{
	struct env *t = arg;
	unsigned i = t->asked++;

	if (t->asked == t->link_at)
		set_link(t, "up");
	fake_vf_message_error(&t->m, t->codes[i < 4 ? i : 3]);
	*ret = (struct rtnl_answer){ malloc(t->m.len), t->m.len };
	memcpy(ret->bytes, t->m.bytes, t->m.len);
	return 0;
}

static int no_answer(void *arg UNUSED, struct nl_msg *msg UNUSED, unsigned timeout_ms UNUSED,
		     struct rtnl_answer *ret UNUSED)
{
	return -ETIMEDOUT;
}

static int set(struct env *t, enum vf_setting s, struct vf_attrs a)
{
	return vf_link_set_by(answer, t, &t->host, PF, 3, s, &a, &t->e);
}

/* Sets with a driver that answers only this. */
static int set_with(struct env *t, int code, enum vf_setting s, struct vf_attrs a)
{
	for (unsigned i = 0; i < ARRAY_SIZE(t->codes); i++)
		t->codes[i] = code;
	return set(t, s, a);
}

static const struct vf_attrs some_vlan = {
	.given = VF_ATTR_VLAN | VF_ATTR_QOS | VF_ATTR_PROTO,
	.vlan = 100,
	.qos = 2,
	.proto = ETH_P_8021AD,
};

static void an_acknowledgement_is_success(void **state)
{
	struct env *t = *state;

	assert_int_equal(set_with(t, 0, VF_SET_VLAN, some_vlan), 0);
	assert_int_equal(t->asked, 1);
	assert_int_equal(t->e.code, 0);
}

static void a_setting_the_driver_does_not_have_is_named_with_its_words(void **state)
{
	struct env *t = *state;

	assert_int_equal(set_with(t, EOPNOTSUPP, VF_SET_VLAN, some_vlan), -EOPNOTSUPP);
	assert_string_equal(t->e.cause, "set vlan=100, qos=2, proto=802.1ad of VF 3 through " PF
					": Operation not supported");
	assert_string_equal(t->e.fix, "the driver of " PF " has no such setting; leave vlan=, "
				      "qos=, proto= out");
	assert_int_equal(t->e.code, EOPNOTSUPP);
}

static void a_vlan_protocol_the_driver_does_not_know_can_be_left_out(void **state)
{
	struct env *t = *state;

	assert_int_equal(set_with(t, EPROTONOSUPPORT, VF_SET_VLAN, some_vlan), -EPROTONOSUPPORT);
	assert_string_equal(t->e.fix, PF " knows only 802.1q; leave proto= out");
}

static void each_errno_of_the_kernel_comes_back_with_a_fix(void **state)
{
	static const struct {
		int code;
		const char *fix;
	} cases[] = {
		{ EPERM, "run as root" },
		{ EINVAL, "the driver refuses the value" },
		{ ERANGE, "the driver's range" },
		{ ENODEV, "see: ip link" },
		{ EPROTONOSUPPORT, "leave trust= out" },
		{ EIO, "see: dmesg | tail" },
	};
	const struct vf_attrs a = { .given = VF_ATTR_TRUST, .trust = true };
	struct env *t = *state;

	for (unsigned i = 0; i < ARRAY_SIZE(cases); i++) {
		assert_int_equal(set_with(t, cases[i].code, VF_SET_TRUST, a), -cases[i].code);
		assert_non_null(strstr(t->e.fix, cases[i].fix));
		assert_non_null(strstr(t->e.cause, strerror(cases[i].code)));
	}
}

static const struct vf_attrs some_rate = { .given = VF_ATTR_MAX_TX_RATE, .max_tx_rate = 100 };

/* As igb does after it made VFs: the link comes back after the request that is refused. */
static void a_rate_waits_for_the_link(void **state)
{
	struct env *t = *state;

	set_link(t, "down");
	t->codes[0] = t->codes[1] = EINVAL;
	t->link_at = 2;
	assert_int_equal(set(t, VF_SET_RATE, some_rate), 0);
	assert_int_equal(t->asked, 3);
}

/* operstate may still be the one from before the VFs were made. */
static void a_rate_is_tried_again_for_a_link_that_was_lost_just_now(void **state)
{
	struct env *t = *state;

	set_link(t, "up");
	t->codes[0] = EINVAL;
	assert_int_equal(set(t, VF_SET_RATE, some_rate), 0);
	assert_int_equal(t->asked, 2);
}

static void a_rate_that_is_refused_with_a_link_is_not_waited_for(void **state)
{
	struct env *t = *state;

	set_link(t, "up");
	assert_int_equal(set_with(t, EINVAL, VF_SET_RATE, some_rate), -EINVAL);
	assert_non_null(strstr(t->e.fix, "the driver refuses the value"));
}

/* The drivers that need a link have no lower limit, with or without one. */
static void a_lower_limit_does_not_wait_for_a_link(void **state)
{
	const struct vf_attrs a = { .given = VF_ATTR_MIN_TX_RATE | VF_ATTR_MAX_TX_RATE,
				    .min_tx_rate = 10,
				    .max_tx_rate = 100 };
	struct env *t = *state;

	set_link(t, "down");
	assert_int_equal(set_with(t, EINVAL, VF_SET_RATE, a), -EINVAL);
	assert_int_equal(t->asked, 1);
	assert_non_null(strstr(t->e.fix, "the driver refuses the value"));
}

static void a_lower_limit_of_zero_waits_as_none_does(void **state)
{
	struct vf_attrs a = some_rate;
	struct env *t = *state;

	a.given |= VF_ATTR_MIN_TX_RATE;
	set_link(t, "down");
	t->codes[0] = EINVAL;
	assert_int_equal(set(t, VF_SET_RATE, a), 0);
	assert_int_equal(t->asked, 2);
}

/* Only a user brings it up. */
static void a_rate_does_not_wait_for_a_device_that_is_down(void **state)
{
	struct env *t = *state;

	fake_root_add(&t->root, "sys/class/net/" PF "/flags=0x1002");
	fake_root_add(&t->root, "sys/class/net/" PF "/operstate=down");
	assert_int_equal(set_with(t, EINVAL, VF_SET_RATE, some_rate), -EINVAL);
	assert_int_equal(t->asked, 1);
	assert_string_equal(t->e.fix, PF " has no link, without which its driver may refuse rates: "
					 "check its cable, or run: ip link set " PF " up");
}

static void a_link_that_does_not_come_is_waited_for_until_the_deadline(void **state)
{
	struct env *t = *state;

	t->host.timeout_ms = 20;
	set_link(t, "down");
	assert_int_equal(set_with(t, EINVAL, VF_SET_RATE, some_rate), -EINVAL);
	assert_true(t->asked > 1);
	assert_non_null(strstr(t->e.fix, PF " has no link"));
}

static void other_settings_do_not_wait_for_a_link(void **state)
{
	struct env *t = *state;

	set_link(t, "down");
	assert_int_equal(set_with(t, EINVAL, VF_SET_VLAN, some_vlan), -EINVAL);
	assert_int_equal(t->asked, 1);
}

static void a_vf_in_reset_is_asked_again(void **state)
{
	struct env *t = *state;

	t->codes[0] = EAGAIN;
	t->codes[1] = EBUSY;
	assert_int_equal(set(t, VF_SET_VLAN, some_vlan), 0);
	assert_int_equal(t->asked, 3);
}

static void a_vf_that_stays_in_reset_is_an_error_after_the_deadline(void **state)
{
	struct env *t = *state;

	t->host.timeout_ms = 1;
	assert_int_equal(set_with(t, EAGAIN, VF_SET_VLAN, some_vlan), -EAGAIN);
	assert_non_null(strstr(t->e.fix, "--timeout SEC"));
}

static void no_answer_is_said_in_words(void **state)
{
	struct env *t = *state;

	assert_int_equal(
		vf_link_set_by(no_answer, t, &t->host, PF, 3, VF_SET_VLAN, &some_vlan, &t->e),
		-ETIMEDOUT);
	assert_non_null(strstr(t->e.cause, "the driver did not answer in time"));
}

static void a_setting_without_a_value_is_not_sent(void **state)
{
	const struct vf_attrs a = { .given = VF_ATTR_VLAN };
	struct env *t = *state;

	assert_int_equal(set(t, VF_SET_MAC, a), -EINVAL);
	assert_int_equal(t->asked, 0);
}

static void below_a_root_nothing_is_set(void **state)
{
	struct env *t = *state;

	assert_int_equal(vf_link_set(&t->host, "lo", 0, VF_SET_VLAN, &some_vlan, &t->e), -EROFS);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

static const struct CMUnitTest tests[] = {
	TEST(an_acknowledgement_is_success),
	TEST(a_setting_the_driver_does_not_have_is_named_with_its_words),
	TEST(a_vlan_protocol_the_driver_does_not_know_can_be_left_out),
	TEST(each_errno_of_the_kernel_comes_back_with_a_fix),
	TEST(a_vf_in_reset_is_asked_again),
	TEST(a_vf_that_stays_in_reset_is_an_error_after_the_deadline),
	TEST(a_rate_waits_for_the_link),
	TEST(a_rate_is_tried_again_for_a_link_that_was_lost_just_now),
	TEST(a_rate_that_is_refused_with_a_link_is_not_waited_for),
	TEST(a_lower_limit_does_not_wait_for_a_link),
	TEST(a_lower_limit_of_zero_waits_as_none_does),
	TEST(a_rate_does_not_wait_for_a_device_that_is_down),
	TEST(a_link_that_does_not_come_is_waited_for_until_the_deadline),
	TEST(other_settings_do_not_wait_for_a_link),
	TEST(no_answer_is_said_in_words),
	TEST(a_setting_without_a_value_is_not_sent),
	TEST(below_a_root_nothing_is_set),
};

TEST_MAIN(tests)
