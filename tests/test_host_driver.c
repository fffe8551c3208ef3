// SPDX-License-Identifier: GPL-2.0-or-later
/* VFs for the host that another driver takes, because somebody wrote their ID to its new_id. */
#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "host/pci/bind.h"
#include "fake_yard_check.h"

#define HOST	 ",\"vf\":[{\"pf\":\"net0\",\"index\":\"1\",\"driver\":\"host\"}]"
#define ALL_HOST ",\"vf\":[{\"pf\":\"net0\",\"index\":\"*\",\"driver\":\"host\"}]"
#define NET1_HOST                                                                                  \
	"{\"version\":1,\"pf\":[{\"name\":\"net1\",\"bdf\":\"0000:06:00.0\",\"numvfs\":3}],"       \
	"\"vf\":[{\"pf\":\"net1\",\"index\":\"0\",\"driver\":\"host\"}]}"
#define REMOVE_ID "run: echo \"8086 10ca\" > /sys/bus/pci/drivers/%s/remove_id"

/* No sibling has the right driver, and @driver takes VFs that nobody asks for. */
static void make(struct fake_yard *y, const char *driver, const char *rest)
{
	for (unsigned i = 0; i < 3; i++)
		assert_int_equal(bind_unbind(&y->root.host, fake_yard_bdf(1, i), &y->e), 0);
	fake_kernel_new_id(&y->kernel, driver);
	yard_topology(y, "3", rest);
}

static void says_remove_id(const char *text, const char *driver)
{
	char want[128];

	snprintf(want, sizeof(want), REMOVE_ID, driver);
	if (!strstr(text, want))
		print_error("'%s' is not in: %s\n", want, text);
	assert_non_null(strstr(text, want));
}

static void override_is(struct fake_yard *y, unsigned pf, unsigned i, const char *want)
{
	char override[DRIVER_MAX];

	assert_int_equal(bind_override_of(&y->root.host, fake_yard_bdf(pf, i), override, NULL), 0);
	assert_string_equal(override, want);
}

static void in_sync(struct fake_yard *y)
{
	yard_must(y, YARD_STATUS);
	assert_true(y->in_sync);
}

static void goes_to_the_driver_of_the_table(struct fake_yard *y, const char *took)
{
	make(y, took, WEB1 HOST);
	fake_kernel_add_module(&y->kernel, "igbvf", "igbvf");
	yard_must(y, YARD_APPLY);
	yard_driver_is(y, 0, 1, "igbvf");
	override_is(y, 0, 1, "");
	says_remove_id(fake_yard_notes(y), took);
	in_sync(y);
	assert_int_equal(fake_kernel_count(&y->kernel, "remove_id"), 0);
}

static void one_that_the_backends_driver_takes_goes_to_the_hosts(void **state)
{
	goes_to_the_driver_of_the_table(*state, FAKE_DRIVER);
}

static void one_that_another_driver_of_the_kind_takes_goes_to_the_hosts(void **state)
{
	struct fake_yard *y = *state;

	goes_to_the_driver_of_the_table(y, FAKE_OTHER_DRIVER);
	assert_non_null(strstr(y->backend.calls, "unassign 0000:05:10.2;"));
}

static void one_that_dpdks_driver_takes_goes_to_the_hosts(void **state)
{
	goes_to_the_driver_of_the_table(*state, "uio_pci_generic");
}

/* The kernel bound them when it made them. */
static void new_ones_of_a_pf_that_is_all_the_hosts_go_to_it(void **state)
{
	struct fake_yard *y = *state;

	make(y, FAKE_DRIVER, ALL_HOST);
	fake_kernel_add_module(&y->kernel, "igbvf", "igbvf");
	yard_must(y, YARD_APPLY);
	for (unsigned i = 0; i < 3; i++) {
		yard_driver_is(y, 0, i, "igbvf");
		override_is(y, 0, i, "");
	}
	in_sync(y);
}

static void the_driver_of_a_sibling_is_the_right_one(void **state)
{
	struct fake_yard *y = *state;

	make(y, FAKE_DRIVER, HOST);
	assert_int_equal(bind_to(&y->root.host, fake_yard_bdf(1, 2), "igbvf", &y->e), 0);
	yard_must(y, YARD_APPLY);
	yard_driver_is(y, 0, 1, "igbvf");
	in_sync(y);
}

static void of_one_whose_driver_is_not_known_the_command_is_said(void **state)
{
	struct fake_yard *y = *state;

	make(y, FAKE_DRIVER, WEB1 HOST);
	yard_fails(y, YARD_APPLY, EXIT_FAILED, "driver " FAKE_DRIVER " takes it");
	says_remove_id(y->e.fix, FAKE_DRIVER);
	assert_non_null(strstr(y->e.fix, "modprobe"));
	assert_int_equal(root_write(&y->root.host.root, "8086 10ca", 0, &y->e,
				    "sys/bus/pci/drivers/" FAKE_DRIVER "/remove_id"),
			 0);
	yard_must(y, YARD_APPLY);
	yard_driver_is(y, 0, 1, "igbvf");
	in_sync(y);
}

static void unbind(struct fake_yard *y, unsigned pf, unsigned i)
{
	assert_int_equal(bind_unbind(&y->root.host, fake_yard_bdf(pf, i), &y->e), 0);
}

static void set_override(struct fake_yard *y, unsigned pf, unsigned i, const char *driver)
{
	assert_int_equal(bind_set_override(&y->root.host, fake_yard_bdf(pf, i), driver, &y->e), 0);
}

static void an_override_of_the_backends_driver_does_not_pull_it_back(void **state)
{
	struct fake_yard *y = *state;

	fake_yard_topology(y, NET1_HOST);
	unbind(y, 1, 0);
	set_override(y, 1, 0, FAKE_DRIVER);
	yard_must(y, YARD_APPLY);
	yard_driver_is(y, 1, 0, "igbvf");
	override_is(y, 1, 0, "");
}

/* This is: driverctl set-override BDF none */
static void an_override_of_somebody_elses_is_named(void **state)
{
	struct fake_yard *y = *state;

	fake_yard_topology(y, NET1_HOST);
	unbind(y, 1, 0);
	set_override(y, 1, 0, "none");
	yard_fails(y, YARD_APPLY, EXIT_FAILED, "driver_override 'none'");
	assert_non_null(strstr(y->e.fix, "echo > /sys/bus/pci/devices/0000:06:10.0/"));
	assert_int_equal(root_write(&y->root.host.root, "\n", 0, &y->e,
				    "sys/bus/pci/devices/0000:06:10.0/driver_override"),
			 0);
	yard_must(y, YARD_APPLY);
	yard_driver_is(y, 1, 0, "igbvf");
}

/* It is drift, and the memory does not mention it, because it was there before vfyard. */
static void one_that_was_assignable_before_goes_to_the_host(void **state)
{
	struct fake_yard *y = *state;

	fake_yard_topology(y, NET1_HOST);
	fake_kernel_new_id(&y->kernel, FAKE_DRIVER);
	unbind(y, 1, 0);
	assert_int_equal(root_write(&y->root.host.root, "0000:06:10.0", 0, &y->e,
				    "sys/bus/pci/drivers_probe"),
			 0);
	yard_driver_is(y, 1, 0, FAKE_DRIVER);
	yard_must(y, YARD_APPLY);
	yard_driver_is(y, 1, 0, "igbvf");
	in_sync(y);
}

/* Whatever the change, the next run repairs it, and leaves no override. */
static void a_run_that_is_killed_on_the_way_is_finished_by_the_next(void **state)
{
	bool was_killed = true;

	for (unsigned n = 1; was_killed; n++) {
		struct fake_yard *y;
		int r;

		fake_yard_setup(state);
		y = *state;
		make(y, FAKE_DRIVER, WEB1 HOST);
		fake_kernel_add_module(&y->kernel, "igbvf", "igbvf");
		y->kill_at = n;
		was_killed = fake_yard_run_killed(y, YARD_APPLY, &r);
		fake_yard_calm(y);
		yard_must(y, YARD_APPLY);
		yard_driver_is(y, 0, 1, "igbvf");
		override_is(y, 0, 1, "");
		in_sync(y);
		assert_true(was_killed || n > 10);
		fake_yard_teardown(state);
	}
}

#define T(f) cmocka_unit_test_setup_teardown(f, fake_yard_setup, fake_yard_teardown)

static const struct CMUnitTest tests[] = {
	T(one_that_the_backends_driver_takes_goes_to_the_hosts),
	T(one_that_another_driver_of_the_kind_takes_goes_to_the_hosts),
	T(one_that_dpdks_driver_takes_goes_to_the_hosts),
	T(new_ones_of_a_pf_that_is_all_the_hosts_go_to_it),
	T(the_driver_of_a_sibling_is_the_right_one),
	T(of_one_whose_driver_is_not_known_the_command_is_said),
	T(an_override_of_the_backends_driver_does_not_pull_it_back),
	T(an_override_of_somebody_elses_is_named),
	T(one_that_was_assignable_before_goes_to_the_host),
	cmocka_unit_test(a_run_that_is_killed_on_the_way_is_finished_by_the_next),
};

TEST_MAIN(tests)
