// SPDX-License-Identifier: GPL-2.0-or-later
#include "test.h"

#include <string.h>

#include "host/inventory/sriov.h"
#include "fake_site.h"

/* The site has seven VFs. */
static struct pf *pf_of(struct fake_site *s)
{
	return &s->inv->pfs[0];
}

static int set(struct fake_site *s, unsigned n, unsigned *now)
{
	s->e = (struct err){ 0 };
	return numvfs_set(s->en.host, pf_of(s), n, now, &s->e);
}

static void a_number_is_written_and_read_back(void **state)
{
	struct fake_site *s = *state;
	unsigned now = 99;

	assert_int_equal(set(s, 0, &now), 0);
	assert_int_equal(now, 0);
	assert_int_equal(fake_kernel_count(&s->kernel, "0000:05:00.0/sriov_numvfs"), 1);
	assert_int_equal(set(s, 3, &now), 0);
	assert_int_equal(now, 3);
}

static void fewer_than_asked_is_a_failure_with_both_numbers(void **state)
{
	struct fake_site *s = *state;
	unsigned now = 99;

	assert_int_equal(set(s, 0, &now), 0);
	s->kernel.enable_fewer = 2;
	assert_int_equal(set(s, 7, &now), -EIO);
	assert_int_equal(now, 5);
	assert_non_null(strstr(s->e.cause, "5 VFs instead of 7"));
	assert_non_null(strstr(s->e.fix, "dmesg"));
}

static void a_write_that_did_nothing_is_a_failure(void **state)
{
	struct fake_site *s = *state;
	unsigned now = 99;

	fake_kernel_fail(&s->kernel, (struct fake_fault){ .path = "sriov_numvfs", .code = 0 });
	assert_int_equal(set(s, 0, &now), -EIO);
	assert_int_equal(now, 7);
}

static void every_errno_has_a_cause_and_a_fix(void **state)
{
	static const struct {
		int code;
		const char *cause, *fix;
	} all[] = {
		{ EBUSY, "only through 0", "free its VFs" },
		{ ENOSPC, "no resources left", "MSI-X" },
		{ ENOMEM, "address space", "pci=realloc" },
		{ EPERM, "pass-through driver", "pci-assignable-remove" },
		{ EACCES, "not permitted", "root" },
		{ EIO, "did not enable", "dmesg" },
		{ ENODEV, "not there any more", "vfyard list" },
		{ EINVAL, "refuses this number", "dmesg" },
		{ EROFS, "read-only", "remount" },
		{ ERANGE, "more VFs than", "numvfs=7 or less" },
		{ EOVERFLOW, "", "dmesg" },
	};
	struct fake_site *s = *state;
	unsigned now;

	for (size_t i = 0; i < ARRAY_SIZE(all); i++) {
		fake_kernel_fail(&s->kernel, (struct fake_fault){ .path = "sriov_numvfs",
								  .code = all[i].code });
		assert_int_equal(set(s, 0, &now), -all[i].code);
		assert_non_null(strstr(s->e.cause, all[i].cause));
		assert_non_null(strstr(s->e.cause, strerror(all[i].code)));
		assert_non_null(strstr(s->e.fix, all[i].fix));
		assert_string_equal(s->e.step, "numvfs");
		assert_int_equal(now, 7);
		fake_kernel_reset(&s->kernel);
	}
}

static void a_driver_that_knows_only_the_module_parameter_is_said_so(void **state)
{
	struct fake_site *s = *state;
	unsigned now;

	fake_kernel_fail(&s->kernel, (struct fake_fault){ .path = "sriov_numvfs", .code = ENOENT });
	assert_int_equal(set(s, 4, &now), -ENOENT);
	assert_non_null(strstr(s->e.fix, "with max_vfs=4"));
}

static void other_drivers_without_vfs_and_none_at_all_are_told_apart(void **state)
{
	struct fake_site *s = *state;
	unsigned now;

	pf_of(s)->driver = "e1000e";
	fake_kernel_fail(
		&s->kernel,
		(struct fake_fault){ .path = "sriov_numvfs", .code = ENOENT, .forever = true });
	assert_int_equal(set(s, 4, &now), -ENOENT);
	assert_non_null(strstr(s->e.cause, "driver e1000e makes no VFs"));
	pf_of(s)->driver = NULL;
	assert_int_equal(set(s, 4, &now), -ENOENT);
	assert_non_null(strstr(s->e.cause, "the PF has no driver"));
}

static void a_write_that_hangs_is_left_and_not_read_behind(void **state)
{
	struct fake_site *s = *state;
	unsigned now = 99;

	fake_kernel_fail(&s->kernel,
			 (struct fake_fault){ .path = "sriov_numvfs", .code = ETIMEDOUT });
	/* this is what a read would find */
	fake_root_add(&s->root, "sys/bus/pci/devices/0000:05:00.0/sriov_numvfs=3");
	assert_int_equal(set(s, 0, &now), -ETIMEDOUT);
	assert_int_equal(s->e.status, EXIT_LEFT);
	assert_int_equal(now, 7);
}

static void autoprobe_is_read_back(void **state)
{
	struct fake_site *s = *state;

	assert_int_equal(autoprobe_set(s->en.host, pf_of(s), false, &s->e), 0);
	fake_kernel_fail(&s->kernel,
			 (struct fake_fault){ .path = "sriov_drivers_autoprobe", .code = 0 });
	assert_int_equal(autoprobe_set(s->en.host, pf_of(s), true, &s->e), -EIO);
	assert_non_null(strstr(s->e.cause, "wrote 1, the kernel kept 0"));
}

static void a_kernel_without_autoprobe_is_said_so(void **state)
{
	struct fake_site *s = *state;

	fake_kernel_fail(&s->kernel,
			 (struct fake_fault){ .path = "sriov_drivers_autoprobe", .code = ENOENT });
	assert_int_equal(autoprobe_set(s->en.host, pf_of(s), false, &s->e), -ENOENT);
	assert_non_null(strstr(s->e.fix, "4.12"));
}

#define T(f) cmocka_unit_test_setup_teardown(f, fake_site_setup, fake_site_teardown)

static const struct CMUnitTest tests[] = {
	T(a_number_is_written_and_read_back),
	T(fewer_than_asked_is_a_failure_with_both_numbers),
	T(a_write_that_did_nothing_is_a_failure),
	T(every_errno_has_a_cause_and_a_fix),
	T(a_driver_that_knows_only_the_module_parameter_is_said_so),
	T(other_drivers_without_vfs_and_none_at_all_are_told_apart),
	T(a_write_that_hangs_is_left_and_not_read_behind),
	T(autoprobe_is_read_back),
	T(a_kernel_without_autoprobe_is_said_so),
};

TEST_MAIN(tests)
