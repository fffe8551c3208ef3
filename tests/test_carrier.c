// SPDX-License-Identifier: GPL-2.0-or-later
/* What the files of a network device say about its link. */
#include "test.h"

#include <stdio.h>
#include <stdlib.h>

#include "host/net/carrier.h"
#include "fake_root.h"

static int setup(void **state)
{
	struct fake_root *t = calloc(1, sizeof(*t));

	fake_root_init(t, NULL);
	*state = t;
	return 0;
}

static int teardown(void **state)
{
	fake_root_done(*state);
	free(*state);
	return 0;
}

static enum netdev_link link_of(struct fake_root *t, const char *flags, const char *operstate)
{
	char line[64];

	snprintf(line, sizeof(line), "sys/class/net/eth0/flags=%s", flags);
	fake_root_add(t, line);
	snprintf(line, sizeof(line), "sys/class/net/eth0/operstate=%s", operstate);
	fake_root_add(t, line);
	return netdev_link(&t->host, "eth0");
}

static void a_device_that_is_not_there_is_down(void **state)
{
	struct fake_root *t = *state;

	assert_int_equal(netdev_link(&t->host, "eth0"), LINK_DOWN);
}

static void a_device_that_nobody_brought_up_is_down(void **state)
{
	assert_int_equal(link_of(*state, "0x1002", "down"), LINK_DOWN);
	assert_int_equal(link_of(*state, "0x1002", "unknown"), LINK_DOWN);
}

static void a_device_without_a_carrier_may_get_one(void **state)
{
	assert_int_equal(link_of(*state, "0x1003", "down"), LINK_COMING);
	assert_int_equal(link_of(*state, "0x1003", "dormant"), LINK_COMING);
	assert_int_equal(link_of(*state, "0x1003", "lowerlayerdown"), LINK_COMING);
}

static void a_device_with_a_carrier_or_that_does_not_tell_is_up(void **state)
{
	assert_int_equal(link_of(*state, "0x1003", "up"), LINK_UP);
	assert_int_equal(link_of(*state, "0x1103", "unknown"), LINK_UP);
}

static void igb_and_ixgbe_need_a_link_for_rates(void **state UNUSED)
{
	assert_true(netdev_rates_need_link("igb"));
	assert_true(netdev_rates_need_link("ixgbe"));
	assert_false(netdev_rates_need_link("igbvf"));
	assert_false(netdev_rates_need_link("i40e"));
	assert_false(netdev_rates_need_link(NULL));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

static const struct CMUnitTest tests[] = {
	TEST(a_device_that_is_not_there_is_down),
	TEST(a_device_that_nobody_brought_up_is_down),
	TEST(a_device_without_a_carrier_may_get_one),
	cmocka_unit_test(igb_and_ixgbe_need_a_link_for_rates),
	TEST(a_device_with_a_carrier_or_that_does_not_tell_is_up),
};

TEST_MAIN(tests)
