// SPDX-License-Identifier: GPL-2.0-or-later
/* pci-assignable-list, -add and -remove as commands: operands, options, output, exit status. */
#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "host/lock.h"
#include "cli/cmd_assignable_add.c"
#include "cli/cmd_assignable_list.c"
#include "cli/cmd_assignable_remove.c"
#include "cli/cmd_release.c"
#include "fake_cli.h"

/* Runs it, and wants silent success. */
static void done(struct fake_site *s, const struct cmd *cmd, const char *args)
{
	struct fake_run run = { 0 };

	if (fake_cli_run(s, cmd, &run, args) < 0)
		fail_msg("%s %s: %s", cmd->name, args, run.e.cause);
	assert_string_equal(run.out, "");
	assert_string_equal(fake_site_notes(s), "");
}

static void list_is_one_address_a_line_as_with_xl(void **state)
{
	struct fake_site *s = *state;
	struct fake_run run = { 0 };

	done(s, &cmd_assignable_list, "");
	done(s, &cmd_assignable_add, "enp5s0f0/0-1 05:10.6");
	assert_int_equal(fake_cli_run(s, &cmd_assignable_list, &run, ""), 0);
	assert_string_equal(run.out, "0000:05:10.0\n0000:05:10.2\n0000:05:10.6\n");
}

static void name_stands_behind_the_address_where_it_is_asked_for(void **state)
{
	struct fake_site *s = *state;
	struct fake_run run = { .letter = 'n', .value = "database" }, plain = { 0 };

	assert_int_equal(fake_cli_run(s, &cmd_assignable_add, &run, "05:10.2"), 0);
	assert_int_equal(fake_cli_run(s, &cmd_assignable_list, &run, ""), 0);
	assert_string_equal(run.out, "0000:05:10.2 database\n");
	assert_int_equal(fake_cli_run(s, &cmd_assignable_list, &plain, ""), 0);
	assert_string_equal(plain.out, "0000:05:10.2\n");
	done(s, &cmd_assignable_remove, "database");
}

static void list_as_json_is_one_document(void **state)
{
	struct fake_site *s = *state;
	struct fake_run run = { .letter = 'n', .value = "database", .json = true };

	assert_int_equal(fake_cli_run(s, &cmd_assignable_add, &run, "05:10.2"), 0);
	assert_int_equal(fake_cli_run(s, &cmd_assignable_list, &run, ""), 0);
	assert_string_equal(
		run.out,
		"{\"version\":1,\"hypervisor\":\"fake\",\"assignable\":[{\"bdf\":\"0000:05:10.2\","
		"\"pf\":\"enp5s0f0\",\"pf_bdf\":\"0000:05:00.0\",\"index\":1,"
		"\"name\":\"database\",\"driver\":\"fakeback\",\"iommu_group\":null}]}\n");
}

static void list_fails_when_the_driver_is_not_loaded(void **state)
{
	struct fake_site *s = *state;
	struct fake_run run = { 0 };
	char cmd[160];

	snprintf(cmd, sizeof(cmd), "%s/sys/bus/pci/drivers/" FAKE_DRIVER, s->root.dir);
	unlinkat(s->root.host.root.fd, "sys/bus/pci/drivers/" FAKE_DRIVER "/bind", 0);
	unlinkat(s->root.host.root.fd, "sys/bus/pci/drivers/" FAKE_DRIVER "/unbind", 0);
	assert_int_equal(rmdir(cmd), 0);
	assert_int_equal(fake_cli_run(s, &cmd_assignable_list, &run, ""), -ENOENT);
	assert_string_equal(run.e.cause, "driver fakeback is not loaded");
	assert_string_equal(run.e.fix, "run: modprobe fakeback");
	assert_int_equal(run.e.status, EXIT_FAILED);
	assert_string_equal(run.out, "");
}

static void list_that_would_only_guess_fails(void **state)
{
	struct fake_site *s = *state;
	struct fake_run run = { 0 };

	done(s, &cmd_assignable_add, "05:10.2");
	fake_backend_fail(&s->backend, (struct fake_op_fault){ "survey", 0, EIO, EXIT_FAILED });
	assert_int_equal(fake_cli_run(s, &cmd_assignable_list, &run, ""), -EACCES);
	assert_string_equal(run.e.cause, "the domains could not be seen");
	assert_string_equal(run.out, "");
}

static void list_without_hypervisor_fails(void **state)
{
	struct fake_run run = { .no_backend = true };

	assert_int_equal(fake_cli_run(*state, &cmd_assignable_list, &run, ""), -ENODEV);
	assert_int_equal(run.e.status, EXIT_FAILED);
}

static void list_with_a_damaged_memory_fails(void **state)
{
	struct fake_site *s = *state;
	struct fake_run run = { 0 };

	fake_root_add(&s->root, "var/lib/vfyard/state.json=junk");
	assert_true(fake_cli_run(s, &cmd_assignable_list, &run, "") < 0);
	assert_non_null(strstr(run.e.cause, "damaged"));
}

static void add_and_remove_r_bring_the_host_back(void **state)
{
	struct fake_site *s = *state;
	_cleanup_free_ char *before = fake_site_snapshot(s), *after = NULL;
	struct fake_run run = { .letter = 'r' };

	done(s, &cmd_assignable_add, "enp5s0f0/*");
	done(s, &cmd_assignable_add, "enp5s0f0/*");
	assert_int_equal(fake_cli_run(s, &cmd_assignable_remove, &run, "enp5s0f0/*"), 0);
	after = fake_site_snapshot(s);
	assert_string_equal(before, after);
	assert_string_equal(fake_site_notes(s), "");
}

static void dry_run_says_the_steps_and_takes_no_lock(void **state)
{
	struct fake_site *s = *state;
	struct fake_run run = { .dry_run = true };

	assert_int_equal(fake_cli_run(s, &cmd_assignable_add, &run, "05:10.0"), 0);
	assert_string_equal(run.out, "assign enp5s0f0/0 (0000:05:10.0): driver igbvf\n");
	assert_false(root_exists(&s->root.host.root, "run"));
	assert_false(root_exists(&s->root.host.root, "var"));
	assert_int_equal(s->kernel.n_writes, 0);
}

/* Returns the document of a command, with its "result", which a dry run does not have. */
static json_t *document(struct fake_site *s, const struct cmd *cmd, const char *args, bool dry_run,
			int want, const char *result)
{
	struct fake_run run = { .dry_run = dry_run, .json = true };
	json_error_t why;
	json_t *doc;

	assert_int_equal(fake_cli_run(s, cmd, &run, args), want);
	doc = json_loads(run.out, 0, &why);
	if (!doc)
		fail_msg("%s %s: no document, %s: %s", cmd->name, args, why.text, run.out);
	assert_int_equal(json_integer_value(json_object_get(doc, "version")), 1);
	if (result)
		assert_string_equal(json_string_value(json_object_get(doc, "result")), result);
	else
		assert_null(json_object_get(doc, "result"));
	return doc;
}

static void assert_step(json_t *doc, size_t i, const char *step, const char *outcome)
{
	const json_t *s = json_array_get(json_object_get(doc, "steps"), i);

	assert_string_equal(json_string_value(json_object_get(s, "step")), step);
	assert_string_equal(json_string_value(json_object_get(s, "outcome")), outcome);
	json_decref(doc);
}

static void json_is_one_document_of_the_plan_the_run_and_the_failure(void **state)
{
	struct fake_site *s = *state;
	json_t *doc;

	assert_step(document(s, &cmd_assignable_add, "05:10.0", true, 0, NULL), 0, "assign",
		    "planned");
	assert_int_equal(s->kernel.n_writes, 0);
	assert_step(document(s, &cmd_assignable_add, "05:10.0", false, 0, "done"), 0, "assign",
		    "done");
	doc = document(s, &cmd_assignable_add, "05:10.0", false, 0, "done");
	assert_int_equal(json_array_size(json_object_get(doc, "steps")), 0);
	json_decref(doc);
	doc = document(s, &cmd_assignable_add, "05:10.7", false, -ENODEV, "failed");
	assert_non_null(json_object_get(json_object_get(doc, "error"), "cause"));
	json_decref(doc);
	assert_step(document(s, &cmd_assignable_remove, "05:10.0", true, 0, NULL), 0, "unassign",
		    "planned");
	assert_step(document(s, &cmd_assignable_remove, "05:10.0", false, 0, "done"), 0, "unassign",
		    "done");
}

static void release_says_how_much_was_done_and_when_there_is_nothing(void **state)
{
	struct fake_site *s = *state;
	struct fake_run run = { 0 };

	done(s, &cmd_assignable_add, "05:10.0");
	assert_int_equal(fake_cli_run(s, &cmd_release, &run, ""), 0);
	assert_string_equal(run.out, "2 steps done\n");
	run = (struct fake_run){ 0 };
	assert_int_equal(fake_cli_run(s, &cmd_release, &run, ""), 0);
	assert_string_equal(run.out, "nothing to do\n");
	run = (struct fake_run){ .dry_run = true };
	assert_int_equal(fake_cli_run(s, &cmd_release, &run, ""), 0);
	assert_string_equal(run.out, "");
}

static void second_run_is_told_who_holds_the_lock(void **state)
{
	struct fake_site *s = *state;
	struct fake_run run = { 0 };
	int fd = lock_take(&s->root.host, "vfyard apply", NULL);

	assert_true(fd >= 0);
	assert_int_equal(fake_cli_run(s, &cmd_assignable_add, &run, "05:10.0"), -EBUSY);
	assert_int_equal(run.e.status, EXIT_LOCKED);
	assert_non_null(strstr(run.e.cause, "(vfyard apply)"));
	lock_release(fd);
	done(s, &cmd_assignable_add, "05:10.0");
}

static void bad_operand_changes_nothing_for_the_good_ones(void **state)
{
	struct fake_site *s = *state;
	struct fake_run run = { 0 };

	assert_int_equal(fake_cli_run(s, &cmd_assignable_add, &run, "05:10.0 05:1f.9"), -EINVAL);
	assert_int_equal(run.e.status, EXIT_USAGE);
	assert_string_equal(run.e.object, "05:1f.9");
	assert_string_equal(s->backend.calls, "");
}

static void commands_that_change_something_say_so(void **state UNUSED)
{
	assert_int_equal(cmd_assignable_list.flags, 0);
	assert_int_equal(cmd_assignable_add.flags, CMD_MUTATES);
	assert_int_equal(cmd_assignable_remove.flags, CMD_MUTATES);
}

#define T(fn) cmocka_unit_test_setup_teardown(fn, fake_site_setup, fake_site_teardown)

static const struct CMUnitTest tests[] = {
	T(list_is_one_address_a_line_as_with_xl),
	T(name_stands_behind_the_address_where_it_is_asked_for),
	T(list_as_json_is_one_document),
	T(list_fails_when_the_driver_is_not_loaded),
	T(list_that_would_only_guess_fails),
	T(list_without_hypervisor_fails),
	T(list_with_a_damaged_memory_fails),
	T(add_and_remove_r_bring_the_host_back),
	T(dry_run_says_the_steps_and_takes_no_lock),
	T(json_is_one_document_of_the_plan_the_run_and_the_failure),
	T(release_says_how_much_was_done_and_when_there_is_nothing),
	T(second_run_is_told_who_holds_the_lock),
	T(bad_operand_changes_nothing_for_the_good_ones),
	T(commands_that_change_something_say_so),
};

TEST_MAIN(tests)
