// SPDX-License-Identifier: GPL-2.0-or-later
#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "host/pci/bind.h"
#include "fake_kernel.h"

#define VF "0000:05:10.0"

struct env {
	struct fake_root root;
	struct fake_kernel kernel;
	struct host *host;
	struct bdf vf;
	struct err e;
};

static int setup(void **state)
{
	struct env *t = calloc(1, sizeof(*t));

	fake_root_init(&t->root, NULL);
	fake_root_add_pf(&t->root, &(struct fake_pf){ .bdf = "0000:05:00.0",
						      .driver = "igb",
						      .vf_driver = "igbvf",
						      .totalvfs = 7,
						      .numvfs = 2,
						      .offset = 128,
						      .stride = 2,
						      .first_group = -1 });
	fake_kernel_init(&t->kernel, &t->root, "igbvf");
	fake_kernel_add_driver(&t->kernel, "holder");
	t->host = &t->root.host;
	t->host->timeout_ms = 50;
	assert_int_equal(bdf_parse(&t->vf, VF, NULL), 0);
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

static void assert_driver(struct env *t, const char *want)
{
	char driver[DRIVER_MAX];

	assert_int_equal(bind_driver_of(t->host, t->vf, driver, NULL), 0);
	assert_string_equal(driver, want);
}

static void assert_override(struct env *t, const char *want)
{
	char driver[DRIVER_MAX];

	assert_int_equal(bind_override_of(t->host, t->vf, driver, NULL), 0);
	assert_string_equal(driver, want);
}

static void set_autoprobe(struct env *t, char value)
{
	char line[96];

	snprintf(line, sizeof(line), "sys/bus/pci/devices/0000:05:00.0/sriov_drivers_autoprobe=%c",
		 value);
	fake_root_add(&t->root, line);
}

static void function_that_is_gone_is_said_so(void **state)
{
	struct env *t = *state;
	char driver[DRIVER_MAX] = "unchanged";
	struct bdf other = { 0, 9, 0, 0 };

	assert_int_equal(bind_driver_of(t->host, other, driver, &t->e), -ENODEV);
	assert_string_equal(t->e.cause, "function 0000:09:00.0 is not on this host");
	assert_string_equal(driver, "unchanged");
	assert_int_equal(bind_override_of(t->host, other, driver, &t->e), -ENODEV);
	assert_int_equal(bind_unbind(t->host, other, &t->e), -ENODEV);
	assert_int_equal(bind_to(t->host, other, "holder", &t->e), -ENODEV);
}

static void override_that_prints_null_is_none(void **state)
{
	assert_override(*state, "");
}

static void override_is_written_read_back_and_cleared_with_a_newline(void **state)
{
	struct env *t = *state;

	assert_int_equal(bind_set_override(t->host, t->vf, "holder", &t->e), 0);
	assert_override(t, "holder");
	assert_int_equal(bind_set_override(t->host, t->vf, "", &t->e), 0);
	assert_override(t, "");
	assert_int_equal(t->kernel.n_writes, 2);
	assert_string_equal(t->kernel.writes[1].value, "\n");
}

static void override_that_is_so_already_is_not_written(void **state)
{
	struct env *t = *state;

	assert_int_equal(bind_set_override(t->host, t->vf, "", &t->e), 0);
	assert_int_equal(t->kernel.n_writes, 0);
}

static void override_the_kernel_did_not_keep_is_an_error(void **state)
{
	struct env *t = *state;

	fake_kernel_fail(&t->kernel, (struct fake_fault){ .path = "driver_override" });
	assert_int_equal(bind_set_override(t->host, t->vf, "holder", &t->e), -EIO);
	assert_string_equal(t->e.step, "driver_override");
	assert_string_equal(t->e.cause, "wrote 'holder', the kernel kept ''");
}

static void unbind_takes_the_driver_off(void **state)
{
	struct env *t = *state;

	assert_int_equal(bind_unbind(t->host, t->vf, &t->e), 0);
	assert_driver(t, "");
	assert_int_equal(bind_unbind(t->host, t->vf, &t->e), 0);
	assert_int_equal(t->kernel.n_writes, 1);
}

static void unbind_that_did_nothing_is_found_out(void **state)
{
	struct env *t = *state;

	fake_kernel_fail(&t->kernel, (struct fake_fault){ .path = "igbvf/unbind" });
	assert_int_equal(bind_unbind(t->host, t->vf, &t->e), -EIO);
	assert_string_equal(t->e.step, "unbind igbvf");
	assert_string_equal(t->e.cause, "the kernel reports success but igbvf still holds it");
	assert_non_null(strstr(t->e.fix, "dmesg"));
}

static void unbind_that_hangs_says_the_write_goes_on(void **state)
{
	struct env *t = *state;

	fake_kernel_fail(&t->kernel,
			 (struct fake_fault){ .path = "igbvf/unbind", .code = ETIMEDOUT });
	assert_int_equal(bind_unbind(t->host, t->vf, &t->e), -ETIMEDOUT);
	assert_int_equal(t->e.status, EXIT_LEFT);
	assert_non_null(strstr(t->e.cause, "did not answer"));
	assert_non_null(strstr(t->e.fix, "is still running in the kernel"));
}

static void bind_goes_through_the_override_and_never_new_id(void **state)
{
	struct env *t = *state;

	assert_int_equal(bind_unbind(t->host, t->vf, &t->e), 0);
	assert_int_equal(bind_to(t->host, t->vf, "holder", &t->e), 0);
	assert_driver(t, "holder");
	assert_override(t, "holder");
	assert_int_equal(fake_kernel_count(&t->kernel, "new_id"), 0);
	assert_string_equal(t->kernel.writes[1].path, "sys/bus/pci/devices/" VF "/driver_override");
	assert_string_equal(t->kernel.writes[2].path, "sys/bus/pci/drivers/holder/bind");
}

static void bind_works_with_autoprobe_off(void **state)
{
	struct env *t = *state;

	set_autoprobe(t, '0');
	assert_int_equal(bind_unbind(t->host, t->vf, &t->e), 0);
	assert_int_equal(bind_to(t->host, t->vf, "igbvf", &t->e), 0);
	assert_driver(t, "igbvf");
}

static void bind_without_bind_file_asks_for_a_probe(void **state)
{
	struct env *t = *state;

	fake_root_add(&t->root, "sys/bus/pci/drivers/shy/module=");
	assert_int_equal(bind_unbind(t->host, t->vf, &t->e), 0);
	assert_int_equal(bind_to(t->host, t->vf, "shy", &t->e), 0);
	assert_int_equal(fake_kernel_count(&t->kernel, "drivers_probe"), 1);
	assert_driver(t, "shy");
}

static void bind_to_the_driver_it_has_changes_only_the_override(void **state)
{
	struct env *t = *state;

	assert_int_equal(bind_to(t->host, t->vf, "igbvf", &t->e), 0);
	assert_int_equal(t->kernel.n_writes, 1);
	assert_override(t, "igbvf");
}

static void bind_of_a_bound_function_names_its_driver(void **state)
{
	struct env *t = *state;

	assert_int_equal(bind_to(t->host, t->vf, "holder", &t->e), -EBUSY);
	assert_string_equal(t->e.step, "bind holder");
	assert_string_equal(t->e.cause, "driver igbvf holds it");
	assert_int_equal(t->kernel.n_writes, 0);
}

static void bind_to_a_driver_that_is_not_loaded_says_modprobe(void **state)
{
	struct env *t = *state;

	assert_int_equal(bind_unbind(t->host, t->vf, &t->e), 0);
	assert_int_equal(bind_to(t->host, t->vf, "absent", &t->e), -ENOENT);
	assert_string_equal(t->e.cause, "driver 'absent' is not loaded");
	assert_string_equal(t->e.fix, "load it, run: modprobe absent");
	assert_override(t, "");
}

static void bind_the_driver_refuses_takes_the_override_back(void **state)
{
	struct env *t = *state;

	assert_int_equal(bind_unbind(t->host, t->vf, &t->e), 0);
	assert_int_equal(bind_set_override(t->host, t->vf, "other", &t->e), 0);
	fake_kernel_fail(&t->kernel, (struct fake_fault){ .path = "holder/bind", .code = ENODEV });
	assert_int_equal(bind_to(t->host, t->vf, "holder", &t->e), -ENODEV);
	assert_non_null(strstr(t->e.cause, "No such device"));
	assert_non_null(strstr(t->e.fix, "driver 'holder' does not take this function"));
	assert_int_equal(t->e.status, EXIT_FAILED);
	assert_override(t, "other");
	assert_driver(t, "");
}

static void bind_of_a_busy_group_says_who_to_look_for(void **state)
{
	struct env *t = *state;

	assert_int_equal(bind_unbind(t->host, t->vf, &t->e), 0);
	fake_kernel_fail(&t->kernel, (struct fake_fault){ .path = "holder/bind", .code = EBUSY });
	assert_int_equal(bind_to(t->host, t->vf, "holder", &t->e), -EBUSY);
	assert_non_null(strstr(t->e.cause, "Device or resource busy"));
	assert_non_null(strstr(t->e.fix, "IOMMU group"));
}

static void bind_that_did_nothing_is_found_out(void **state)
{
	struct env *t = *state;

	assert_int_equal(bind_unbind(t->host, t->vf, &t->e), 0);
	fake_kernel_fail(&t->kernel, (struct fake_fault){ .path = "holder/bind" });
	assert_int_equal(bind_to(t->host, t->vf, "holder", &t->e), -EIO);
	assert_string_equal(t->e.cause, "the kernel reports success but no driver is bound");
	assert_override(t, "");
}

static void override_that_cannot_be_taken_back_is_what_is_left(void **state)
{
	struct env *t = *state;

	assert_int_equal(bind_unbind(t->host, t->vf, &t->e), 0);
	fake_kernel_fail(&t->kernel, (struct fake_fault){ .path = "holder/bind", .code = EIO });
	fake_kernel_fail(
		&t->kernel,
		(struct fake_fault){ .path = "driver_override", .value = "\n", .code = EIO });
	assert_int_equal(bind_to(t->host, t->vf, "holder", &t->e), -EIO);
	assert_int_equal(t->e.status, EXIT_LEFT);
	assert_override(t, "holder");
}

static void bind_that_hangs_is_not_followed_by_another_write(void **state)
{
	struct env *t = *state;

	assert_int_equal(bind_unbind(t->host, t->vf, &t->e), 0);
	fake_kernel_fail(&t->kernel,
			 (struct fake_fault){ .path = "holder/bind", .code = ETIMEDOUT });
	assert_int_equal(bind_to(t->host, t->vf, "holder", &t->e), -ETIMEDOUT);
	assert_int_equal(t->e.status, EXIT_LEFT);
	assert_string_equal(t->kernel.writes[t->kernel.n_writes - 1].path,
			    "sys/bus/pci/drivers/holder/bind");
}

static void give_back_binds_and_restores_the_override(void **state)
{
	struct env *t = *state;

	set_autoprobe(t, '0');
	assert_int_equal(bind_unbind(t->host, t->vf, &t->e), 0);
	assert_int_equal(bind_give_back(t->host, t->vf, "igbvf", "", &t->e), 0);
	assert_driver(t, "igbvf");
	assert_override(t, "");
	assert_int_equal(bind_give_back(t->host, t->vf, "igbvf", "", &t->e), 0);
	assert_driver(t, "igbvf");
	assert_override(t, "");
}

static void give_back_to_no_driver_leaves_it_without_one(void **state)
{
	struct env *t = *state;

	assert_int_equal(bind_unbind(t->host, t->vf, &t->e), 0);
	assert_int_equal(bind_give_back(t->host, t->vf, "", "holder", &t->e), 0);
	assert_driver(t, "");
	assert_override(t, "holder");
}

static void give_back_to_no_driver_refuses_a_bound_function(void **state)
{
	struct env *t = *state;

	assert_int_equal(bind_give_back(t->host, t->vf, "", "", &t->e), -EBUSY);
	assert_string_equal(t->e.cause, "had no driver before, but now igbvf holds it");
	assert_driver(t, "igbvf");
}

static void fake_kernel_makes_and_removes_vfs_like_the_real_one(void **state)
{
	struct env *t = *state;
	const struct root *r = &t->host->root;
	const char *numvfs = "sys/bus/pci/devices/0000:05:00.0/sriov_numvfs";

	assert_int_equal(root_write(r, "3", 0, &t->e, "%s", numvfs), -EBUSY);
	assert_int_equal(root_write(r, "9", 0, &t->e, "%s", numvfs), -ERANGE);
	assert_int_equal(root_write(r, "0", 0, &t->e, "%s", numvfs), 0);
	assert_false(root_exists(r, "sys/bus/pci/devices/" VF));
	assert_int_equal(root_write(r, "3", 0, &t->e, "%s", numvfs), 0);
	assert_driver(t, "igbvf");
	assert_true(root_exists(r, "sys/bus/pci/devices/0000:05:00.0/virtfn2/device"));
	assert_int_equal(root_write(r, "0", 0, &t->e, "%s", numvfs), 0);
	t->kernel.enable_fewer = 1;
	set_autoprobe(t, '0');
	assert_int_equal(root_write(r, "3", 0, &t->e, "%s", numvfs), 0);
	assert_driver(t, "");
	assert_false(root_exists(r, "sys/bus/pci/devices/0000:05:00.0/virtfn2"));
}

#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

static const struct CMUnitTest tests[] = {
	T(function_that_is_gone_is_said_so),
	T(override_that_prints_null_is_none),
	T(override_is_written_read_back_and_cleared_with_a_newline),
	T(override_that_is_so_already_is_not_written),
	T(override_the_kernel_did_not_keep_is_an_error),
	T(unbind_takes_the_driver_off),
	T(unbind_that_did_nothing_is_found_out),
	T(unbind_that_hangs_says_the_write_goes_on),
	T(bind_goes_through_the_override_and_never_new_id),
	T(bind_works_with_autoprobe_off),
	T(bind_without_bind_file_asks_for_a_probe),
	T(bind_to_the_driver_it_has_changes_only_the_override),
	T(bind_of_a_bound_function_names_its_driver),
	T(bind_to_a_driver_that_is_not_loaded_says_modprobe),
	T(bind_the_driver_refuses_takes_the_override_back),
	T(bind_of_a_busy_group_says_who_to_look_for),
	T(bind_that_did_nothing_is_found_out),
	T(override_that_cannot_be_taken_back_is_what_is_left),
	T(bind_that_hangs_is_not_followed_by_another_write),
	T(give_back_binds_and_restores_the_override),
	T(give_back_to_no_driver_leaves_it_without_one),
	T(give_back_to_no_driver_refuses_a_bound_function),
	T(fake_kernel_makes_and_removes_vfs_like_the_real_one),
};

TEST_MAIN(tests)
