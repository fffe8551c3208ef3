// SPDX-License-Identifier: GPL-2.0-or-later
/* VFs that vfyard made assignable, and that nobody has, do not block another number of VFs; those
 * of others do. On a whole fake host. */
#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "host/pci/bind.h"
#include "fake_yard_check.h"

#define ASSIGN(index) ",\"vf\":[{\"pf\":\"net0\",\"index\":\"" index "\",\"driver\":\"assign\"}]"

/* net0 gets five VFs; vfyard makes 1, 2 and 4 assignable. */
static void make_five(struct fake_yard *y)
{
	yard_topology(y, "5",
		      ",\"vf\":[{\"pf\":\"net0\",\"index\":\"1-2\",\"driver\":\"assign\"},"
		      "{\"pf\":\"net0\",\"index\":\"4\",\"driver\":\"assign\"}]");
	yard_must(y, YARD_APPLY);
	yard_driver_is(y, 0, 1, FAKE_DRIVER);
	yard_driver_is(y, 0, 4, FAKE_DRIVER);
}

/* plan, status and apply all know the refusal. */
static void all_refuse(struct fake_yard *y, const char *words)
{
	static const enum yard_command commands[] = { YARD_PLAN, YARD_STATUS };

	for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
		fake_yard_run(y, commands[i]);
		assert_int_equal(y->n_problems, 1);
	}
	yard_fails(y, YARD_APPLY, EXIT_REFUSED, words);
	assert_int_equal(yard_number(y, "0000:05:00.0", "sriov_numvfs"), 5);
}

static void fewer_and_more_vfs_need_no_other_command(void **state)
{
	struct fake_yard *y = *state;

	make_five(y);
	yard_topology(y, "3", ASSIGN("1-2"));
	yard_must(y, YARD_PLAN);
	assert_int_equal(y->n_problems, 0);
	yard_must(y, YARD_APPLY);
	assert_int_equal(yard_number(y, "0000:05:00.0", "sriov_numvfs"), 3);
	yard_driver_is(y, 0, 1, FAKE_DRIVER);
	yard_driver_is(y, 0, 2, FAKE_DRIVER);
	yard_topology(y, "7", ASSIGN("1-2"));
	yard_must(y, YARD_APPLY);
	assert_int_equal(yard_number(y, "0000:05:00.0", "sriov_numvfs"), 7);
	yard_driver_is(y, 0, 2, FAKE_DRIVER);
	yard_must(y, YARD_STATUS);
	assert_true(y->in_sync);
	/* release goes back to what the first apply remembered. */
	yard_must(y, YARD_RELEASE);
	assert_int_equal(yard_number(y, "0000:05:00.0", "sriov_numvfs"), 0);
}

static void one_that_a_domain_has_is_in_the_way(void **state)
{
	struct fake_yard *y = *state;

	make_five(y);
	fake_yard_calm(y);
	snprintf(fake_backend_device(&y->backend, fake_yard_bdf(0, 2))->domain, 16, "web1");
	yard_topology(y, "3", ASSIGN("1"));
	all_refuse(y, "these are held: net0/");
}

/* Its settings are remembered, because the topology had some; another tool took its driver. */
static void one_that_another_tool_made_assignable_is_in_the_way(void **state)
{
	struct fake_yard *y = *state;
	struct bdf dev;

	make_five(y);
	yard_topology(y, "5",
		      ",\"vf\":[{\"pf\":\"net0\",\"index\":\"3\",\"trust\":true},{\"pf\":\"net0\","
		      "\"index\":\"3\",\"driver\":\"host\"}]");
	yard_must(y, YARD_APPLY);
	yard_driver_is(y, 0, 3, "igbvf");
	dev = fake_yard_bdf(0, 3);
	assert_int_equal(bind_unbind(&y->root.host, dev, &y->e), 0);
	assert_int_equal(bind_set_override(&y->root.host, dev, FAKE_DRIVER, &y->e), 0);
	assert_int_equal(bind_to(&y->root.host, dev, FAKE_DRIVER, &y->e), 0);
	yard_topology(y, "7", "");
	all_refuse(y, "these are held: net0/");
	yard_driver_is(y, 0, 3, FAKE_DRIVER);
}

/* The topology gave it back to the host, and afterwards another tool took it. */
static void one_that_was_released_is_no_longer_ours(void **state)
{
	struct fake_yard *y = *state;
	struct bdf dev;

	make_five(y);
	yard_topology(y, "5", ",\"vf\":[{\"pf\":\"net0\",\"index\":\"*\",\"driver\":\"none\"}]");
	yard_must(y, YARD_APPLY);
	dev = fake_yard_bdf(0, 2);
	assert_int_equal(bind_set_override(&y->root.host, dev, FAKE_DRIVER, &y->e), 0);
	assert_int_equal(bind_to(&y->root.host, dev, FAKE_DRIVER, &y->e), 0);
	yard_topology(y, "7", "");
	all_refuse(y, "these are held: net0/");
}

/* The memory is from before that was remembered, so nobody else is assumed. */
static void a_memory_that_does_not_say_who_is_no_obstacle(void **state)
{
	struct fake_yard *y = *state;
	char text[8192], path[256], *at;
	FILE *f;

	make_five(y);
	snprintf(path, sizeof(path), "%s/var/lib/vfyard/state.json", y->root.dir);
	assert_true(root_read(&y->root.host.root, text, sizeof(text), "var/lib/vfyard/state.json") >
		    0);
	assert_non_null(strstr(text, "\"assigned\": true"));
	while ((at = strstr(text, "\"assigned\"")))
		memcpy(at, "\"unknown_\"", strlen("\"unknown_\""));
	f = fopen(path, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
	yard_topology(y, "3", ASSIGN("1-2"));
	yard_must(y, YARD_APPLY);
	yard_driver_is(y, 0, 2, FAKE_DRIVER);
}

/* Wherever it fails, all that were assignable are assignable again. */
static void a_failure_anywhere_leaves_the_host_as_it_was(void **state)
{
	struct fake_yard *y = *state;
	_cleanup_free_ char *before = NULL;
	unsigned n;

	make_five(y);
	yard_topology(y, "3", ASSIGN("1"));
	before = fake_yard_snapshot(y);
	for (n = 1;; n++) {
		_cleanup_free_ char *after = NULL;

		fake_yard_calm(y);
		y->fail_at = n;
		y->fail_code = EIO;
		if (fake_yard_run(y, YARD_APPLY) == 0 && !y->failed)
			break;
		fake_yard_calm(y);
		if (y->e.status == EXIT_LEFT)
			continue;
		after = fake_yard_snapshot(y);
		assert_string_equal(before, after);
	}
	assert_true(n > 5);
	assert_int_equal(yard_number(y, "0000:05:00.0", "sriov_numvfs"), 3);
}

/* A VF that is made anew and is as it should be is no drift; only the number is. */
static void status_tells_the_number_and_nothing_else(void **state)
{
	struct fake_yard *y = *state;

	make_five(y);
	yard_topology(y, "4", ASSIGN("1-2"));
	yard_must(y, YARD_STATUS);
	assert_false(y->in_sync);
	assert_int_equal(y->n_drift, 1);
}

/* Somebody got one that nobody is seen to have: the write of sriov_numvfs would wait for him in the
 * kernel, and keep the host lock. */
static void is_held_unseen(struct fake_yard *y)
{
	fake_yard_calm(y);
	fake_backend_fail(&y->backend,
			  (struct fake_op_fault){ "may_unmake", 2, EBUSY, EXIT_REFUSED });
}

static void vfs_of_which_one_is_held_unseen_are_not_unmade(void **state)
{
	static const enum yard_command commands[] = { YARD_APPLY, YARD_RELEASE };
	static const char *const forced[] = { "net0/2", "0000:05:10.4", "net0" };
	struct fake_yard *y = *state;

	make_five(y);
	yard_topology(y, "3", ASSIGN("1-2"));
	for (size_t i = 0; i < 2 * ARRAY_SIZE(commands); i++) {
		/* No --force helps. */
		y->root.host.forced = forced;
		y->root.host.n_forced = i < 2 ? 0 : ARRAY_SIZE(forced);
		is_held_unseen(y);
		yard_fails(y, commands[i % 2], EXIT_REFUSED, "may_unmake told to fail");
		assert_string_equal(y->e.object, "net0/2 (0000:05:10.4)");
		assert_string_equal(y->e.step, "numvfs");
		assert_int_equal(fake_kernel_count(&y->kernel, "sriov_numvfs"), 0);
	}
	y->root.host.n_forced = 0;
	fake_yard_calm(y);
	yard_must(y, YARD_APPLY);
	assert_int_equal(yard_number(y, "0000:05:00.0", "sriov_numvfs"), 3);
}

/* What undoes does not hang either: it says what it left. */
static void vfs_that_a_failed_run_made_are_not_unmade_under_somebody(void **state)
{
	struct fake_yard *y = *state;

	yard_topology(y, "5", ASSIGN("1"));
	fake_backend_fail(&y->backend, (struct fake_op_fault){ "assign", 0, EIO, EXIT_FAILED });
	is_held_unseen(y);
	assert_true(fake_yard_run(y, YARD_APPLY) < 0);
	assert_int_equal(y->e.status, EXIT_LEFT);
	assert_non_null(strstr(y->e.cause, "stays as numvfs left it (may_unmake told to fail)"));
	assert_int_equal(yard_number(y, "0000:05:00.0", "sriov_numvfs"), 5);
}

#define T(name) cmocka_unit_test_setup_teardown(name, fake_yard_setup, fake_yard_teardown)

static const struct CMUnitTest tests[] = {
	T(fewer_and_more_vfs_need_no_other_command),
	T(one_that_a_domain_has_is_in_the_way),
	T(one_that_another_tool_made_assignable_is_in_the_way),
	T(one_that_was_released_is_no_longer_ours),
	T(a_memory_that_does_not_say_who_is_no_obstacle),
	T(a_failure_anywhere_leaves_the_host_as_it_was),
	T(status_tells_the_number_and_nothing_else),
	T(vfs_of_which_one_is_held_unseen_are_not_unmade),
	T(vfs_that_a_failed_run_made_are_not_unmade_under_somebody),
};

TEST_MAIN(tests)
