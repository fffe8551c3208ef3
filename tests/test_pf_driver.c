// SPDX-License-Identifier: GPL-2.0-or-later
#include "test.h"

#include <string.h>

#include "host/inventory/pf_driver.h"
#include "fake_check.h"

static struct pf pf_with(const char *driver)
{
	return (struct pf){ .driver = driver, .netdev = "eth0", .totalvfs = 16 };
}

static int may(struct fake_check *t, const struct pf *pf, unsigned n, bool brings_up, struct err *e)
{
	*e = (struct err){ 0 };
	return pf_driver_may_change(&t->root.host, pf, n, brings_up, e);
}

static void a_driver_nobody_knows_may_all(void **state)
{
	struct pf pf = pf_with("new_nic");
	struct err e;

	assert_int_equal(may(*state, &pf, 4, false, &e), 0);
	pf.driver = NULL;
	assert_int_equal(may(*state, &pf, 4, false, &e), 0);
	assert_null(pf_driver_find(NULL)->vf_driver);
}

static void what_only_the_module_makes_is_refused_with_its_parameter(void **state)
{
	struct pf pf = pf_with("mlx4_core");
	struct err e;

	assert_int_equal(may(*state, &pf, 8, false, &e), -ENOENT);
	assert_int_equal(e.status, EXIT_REFUSED);
	assert_non_null(strstr(e.cause, "num_vfs=8"));
	assert_non_null(strstr(e.fix, "vfyard render modprobe"));
	pf.driver = "enic";
	assert_int_equal(may(*state, &pf, 8, false, &e), -ENOENT);
	assert_non_null(strstr(e.cause, "makes no VFs"));
}

static void all_or_none_takes_all_and_none(void **state)
{
	static const char *const qat[] = { "c6xx", "c3xxx", "dh895xcc", "4xxx", "420xx", "6xxx" };
	struct err e;

	for (size_t i = 0; i < ARRAY_SIZE(qat); i++) {
		struct pf pf = pf_with(qat[i]);

		assert_int_equal(may(*state, &pf, 0, false, &e), 0);
		assert_int_equal(may(*state, &pf, 16, false, &e), 0);
		assert_int_equal(may(*state, &pf, 4, false, &e), -EINVAL);
		assert_non_null(strstr(e.cause, "all 16 VFs or none"));
		assert_non_null(strstr(e.fix, "numvfs=16, or numvfs=0"));
	}
}

static void a_driver_that_needs_its_netdev_up_is_refused_while_it_is_down(void **state)
{
	static const char *const names[] = { "bnxt_en", "bnx2x" };
	struct fake_check *t = *state;
	struct err e;

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		struct pf pf = pf_with(names[i]);

		fake_root_add(&t->root, "sys/class/net/eth0/flags=0x1002");
		assert_int_equal(may(t, &pf, 4, false, &e), -ENETDOWN);
		assert_non_null(strstr(e.cause, "only while network device eth0 is up"));
		assert_non_null(strstr(e.fix, "ip link set eth0 up"));
		/* This is needed to unmake them, too. */
		assert_int_equal(may(t, &pf, 0, false, &e), -ENETDOWN);
		assert_int_equal(may(t, &pf, 4, true, &e), 0);
		fake_root_add(&t->root, "sys/class/net/eth0/flags=0x1003");
		assert_int_equal(may(t, &pf, 4, false, &e), 0);
	}
}

static void a_host_that_does_not_say_is_not_refused(void **state)
{
	struct pf pf = pf_with("bnxt_en");
	struct err e;

	pf.netdev = "nowhere0";
	assert_int_equal(pf_is_up(&((struct fake_check *)*state)->root.host, &pf), UNKNOWN);
	assert_int_equal(may(*state, &pf, 4, false, &e), 0);
}

static void a_build_of_i915_without_sriov_is_told_by_its_parameters(void **state)
{
	struct fake_check *t = *state;
	struct pf pf = pf_with("i915");
	struct err e;

	assert_int_equal(may(t, &pf, 4, false, &e), 0);
	fake_root_add(&t->root, "sys/module/i915/parameters/enable_guc=3");
	assert_int_equal(may(t, &pf, 4, false, &e), -ENOENT);
	assert_non_null(strstr(e.cause, "i915 of this kernel makes no VFs"));
	fake_root_add(&t->root, "sys/module/i915/parameters/max_vfs=7");
	assert_int_equal(may(t, &pf, 4, false, &e), 0);
}

static const char *limit_of(const char *driver, unsigned totalvfs, struct err *e)
{
	struct pf pf = { .driver = driver, .totalvfs = (uint16_t)totalvfs };

	*e = (struct err){ 0 };
	pf_driver_fix_limit(&pf, 0, e);
	return e->fix;
}

static void the_limit_says_who_sets_it(void **state UNUSED)
{
	struct err e;

	assert_non_null(strstr(limit_of("mlx5_core", 16, &e), "NUM_OF_VFS"));
	assert_non_null(strstr(e.fix, "numvfs=16 or less"));
	assert_non_null(strstr(limit_of("xe", 0, &e), "xe.max_vfs"));
	assert_non_null(strstr(limit_of("new_nic", 8, &e), "firmware"));
	assert_string_equal(limit_of("igb", 7, &e), "write numvfs=7 or less");
	assert_non_null(strstr(limit_of(NULL, 0, &e), "firmware"));
}

static void check_says_what_the_driver_cannot_do(void **state)
{
	static const struct fake_pf cx3 = {
		"0000:08:00.0", NULL, "mlx4_core", NULL, 8, 0, 1, 1, -1
	};
	struct fake_check *t = *state;

	fake_root_add_pf(&t->root, &cx3);
	fake_check_load(t, "{'version':1,'pf':[{'name':'x','bdf':'0000:08:00.0','numvfs':8}]}");
	fake_check_run(t);
	assert_int_equal(t->problems.n_errors, 1);
	assert_non_null(strstr(t->problems.v[0].err.cause, "num_vfs=8"));
}

static void check_has_nothing_against_vfs_the_module_made(void **state)
{
	static const struct fake_pf cx3 = {
		"0000:08:00.0", NULL, "mlx4_core", NULL, 8, 8, 1, 1, -1
	};
	struct fake_check *t = *state;

	fake_root_add_pf(&t->root, &cx3);
	fake_check_load(t, "{'version':1,'pf':[{'name':'x','bdf':'0000:08:00.0','numvfs':8}]}");
	fake_check_run(t);
	fake_check_none(t);
}

#define T(name) cmocka_unit_test_setup_teardown(name, fake_check_setup, fake_check_teardown)

static const struct CMUnitTest tests[] = {
	T(a_driver_nobody_knows_may_all),
	T(what_only_the_module_makes_is_refused_with_its_parameter),
	T(all_or_none_takes_all_and_none),
	T(a_driver_that_needs_its_netdev_up_is_refused_while_it_is_down),
	T(a_host_that_does_not_say_is_not_refused),
	T(a_build_of_i915_without_sriov_is_told_by_its_parameters),
	T(the_limit_says_who_sets_it),
	T(check_says_what_the_driver_cannot_do),
	T(check_has_nothing_against_vfs_the_module_made),
};

TEST_MAIN(tests)
