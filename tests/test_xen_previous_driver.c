// SPDX-License-Identifier: GPL-2.0-or-later
/* The way back of a device that xl took. */
#include "fake_libxl_env.h"

static void driver_that_xl_wrote_down_is_known(void **state UNUSED)
{
	char driver[64] = "";

	assert_int_equal(naive_assignable_add(1), 0);
	assert_int_equal(env_state(1), VF_ASSIGNABLE);
	assert_int_equal(xen_backend.previous_driver(env.backend, env_vf(1), driver, &env.e), 0);
	assert_string_equal(driver, "igbvf");
}

static void device_of_the_host_has_none(void **state UNUSED)
{
	char driver[64] = "x";

	assert_int_equal(env_state(1), VF_HOST);
	assert_int_equal(xen_backend.previous_driver(env.backend, env_vf(1), driver, &env.e), 0);
	assert_string_equal(driver, "");
}

#define T(fn) cmocka_unit_test_setup_teardown(fn, env_setup, env_teardown)

static const struct CMUnitTest tests[] = {
	T(driver_that_xl_wrote_down_is_known),
	T(device_of_the_host_has_none),
};

TEST_MAIN(tests)
