// SPDX-License-Identifier: GPL-2.0-or-later
/* pci-attach, pci-detach and pci-list as commands. */
#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "cli/cmd_attach.c"
#include "cli/cmd_detach.c"
#include "cli/cmd_pci_list.c"
#include "fake_cli.h"

static int go(struct fake_site *s, const struct cmd *cmd, struct fake_run *run, const char *args)
{
	*run = (struct fake_run){ .json = run->json, .letter = run->letter };
	return fake_cli_run(s, cmd, run, args);
}

static void attach_takes_several_devices_with_their_options(void **state)
{
	struct fake_site *s = *state;
	struct fake_run run = { 0 };

	fake_site_reach(s, STEP_ASSIGN, 4);
	assert_int_equal(go(s, &cmd_attach, &run, "web1 05:10.0,permissive=1 enp5s0f0/1-2"), 0);
	assert_string_equal(run.out, "");
	assert_string_equal(s->backend.calls,
			    "limits web1 3;attach web1 0000:05:10.0;attach web1 0000:05:10.2;"
			    "attach web1 0000:05:10.4;");
	assert_int_equal(fake_backend_device(&s->backend, fake_site_bdf(s, 0))->options.permissive,
			 1);
}

static void last_operand_is_the_slot_of_the_one_device(void **state)
{
	static const struct {
		const char *word;
		int slot;
	} slots[] = { { "5", 5 }, { "1f", 0x1f }, { "0x0a", 10 }, { "0", 0 }, { "1F", 0x1f } };

	for (size_t i = 0; i < ARRAY_SIZE(slots); i++) {
		struct fake_site *s = *state;
		struct fake_run run = { 0 };
		char args[64];

		if (i == 0)
			fake_site_reach(s, STEP_ASSIGN, 1);
		snprintf(args, sizeof(args), "web1 05:10.0 %s", slots[i].word);
		assert_int_equal(go(s, &cmd_attach, &run, args), 0);
		assert_int_equal(
			fake_backend_device(&s->backend, fake_site_bdf(s, 0))->options.vslot,
			slots[i].slot);
		assert_int_equal(go(s, &cmd_detach, &run, "web1 05:10.0"), 0);
	}
}

static void slot_for_several_devices_is_a_usage_error(void **state)
{
	struct fake_site *s = *state;
	struct fake_run run = { 0 };

	fake_site_reach(s, STEP_ASSIGN, 3);
	assert_int_equal(go(s, &cmd_attach, &run, "web1 05:10.0 05:10.2 5"), -EINVAL);
	assert_string_equal(run.e.cause, "VSLOT '5' is for one device, but 2 are named");
	assert_int_equal(run.e.status, EXIT_USAGE);
	assert_int_equal(go(s, &cmd_attach, &run, "web1 enp5s0f0/0-1 5"), -EINVAL);
	assert_int_equal(run.e.status, EXIT_USAGE);
	assert_string_equal(s->backend.calls, "");
}

static void word_that_is_no_slot_is_a_device(void **state)
{
	struct fake_site *s = *state;
	struct fake_run run = { 0 };

	fake_site_reach(s, STEP_ASSIGN, 3);
	assert_int_equal(go(s, &cmd_attach, &run, "web1 05:10.0 20"), -ENODEV);
	assert_string_equal(run.e.object, "20");
	assert_int_equal(go(s, &cmd_attach, &run, "web1 05"), -ENODEV);
	assert_string_equal(run.e.object, "05");
}

static void attach_and_detach_as_json_are_one_document(void **state)
{
	struct fake_site *s = *state;
	struct fake_run run = { .json = true, .dry_run = true };

	fake_site_reach(s, STEP_ASSIGN, 1);
	assert_int_equal(fake_cli_run(s, &cmd_attach, &run, "web1 05:10.0"), 0);
	assert_non_null(strstr(run.out, "\"step\":\"attach\""));
	assert_non_null(strstr(run.out, "\"outcome\":\"planned\"}"));
	assert_null(strstr(run.out, "\"result\""));
	assert_string_equal(s->backend.calls, "limits web1 1;");
	assert_int_equal(go(s, &cmd_attach, &run, "web1 05:10.0"), 0);
	assert_non_null(strstr(run.out, "\"result\":\"done\",\"error\":null}\n"));
	assert_int_equal(go(s, &cmd_detach, &run, "db1 05:10.0"), -EINVAL);
	assert_non_null(strstr(run.out, "\"steps\":[]"));
	assert_non_null(strstr(run.out, "\"result\":\"failed\""));
	assert_int_equal(go(s, &cmd_detach, &run, "web1 05:10.0"), 0);
	assert_non_null(strstr(run.out, "\"step\":\"detach\""));
}

static void detach_f_is_handed_down(void **state)
{
	struct fake_site *s = *state;
	struct fake_run run = { .letter = 'f' };

	fake_site_reach(s, STEP_ASSIGN, 2);
	fake_site_reach(s, STEP_ATTACH, 2);
	assert_int_equal(go(s, &cmd_detach, &run, "web1 05:10.0 05:10.2"), 0);
	assert_string_equal(s->backend.calls,
			    "detach -f web1 0000:05:10.0;detach -f web1 0000:05:10.2;");
}

static void list_shows_guest_address_and_domain(void **state)
{
	struct fake_site *s = *state;
	struct fake_run run = { 0 };

	assert_int_equal(go(s, &cmd_pci_list, &run, ""), 0);
	assert_string_equal(run.out, "");
	fake_site_reach(s, STEP_ASSIGN, 3);
	go(s, &cmd_attach, &run, "web1 05:10.0,permissive=1 05:10.2");
	go(s, &cmd_attach, &run, "db1 05:10.4");
	assert_int_equal(go(s, &cmd_pci_list, &run, ""), 0);
	assert_string_equal(run.out, "Vdev    Device       VF         Options      Domain\n"
				     "00:00.0 0000:05:10.0 enp5s0f0/0 permissive=1 web1\n"
				     "00:01.0 0000:05:10.2 enp5s0f0/1 -            web1\n"
				     "00:02.0 0000:05:10.4 enp5s0f0/2 -            db1\n");
	assert_int_equal(go(s, &cmd_pci_list, &run, "db1"), 0);
	assert_string_equal(run.out, "Vdev    Device       VF         Options Domain\n"
				     "00:00.0 0000:05:10.4 enp5s0f0/2 -       db1\n");
}

static void list_as_json_is_one_document(void **state)
{
	struct fake_site *s = *state;
	struct fake_run run = { .json = true };

	assert_int_equal(go(s, &cmd_pci_list, &run, ""), 0);
	assert_string_equal(run.out, "{\"version\":1,\"hypervisor\":\"fake\",\"attached\":[]}\n");
	fake_site_reach(s, STEP_ASSIGN, 1);
	go(s, &cmd_attach, &run, "web1 05:10.0,permissive=1");
	assert_int_equal(go(s, &cmd_pci_list, &run, "web1"), 0);
	assert_string_equal(
		run.out,
		"{\"version\":1,\"hypervisor\":\"fake\",\"attached\":[{\"bdf\":\"0000:05:10.0\","
		"\"pf\":\"enp5s0f0\",\"pf_bdf\":\"0000:05:00.0\",\"index\":0,\"domain\":\"web1\","
		"\"guest_addr\":\"00:00.0\",\"ready\":true,\"why\":null,\"permissive\":true,"
		"\"msitranslate\":null,\"power_mgmt\":null,\"rdm_policy\":null,\"vslot\":null}]}\n");
}

/* A domain may have functions that are not VFs of this host. */
static void function_that_is_no_vf_is_listed_too(void **state)
{
	struct fake_site *s = *state;
	struct fake_run run = { 0 };

	s->backend.devices[0] = (struct fake_device){ .bdf = { .bus = 9 },
						      .domain = "web1",
						      .options = DEV_OPTIONS_INIT };
	s->backend.n_devices = 1;
	assert_int_equal(go(s, &cmd_pci_list, &run, ""), 0);
	assert_string_equal(run.out, "Vdev    Device       VF Options Domain\n"
				     "00:00.0 0000:09:00.0 -  -       web1\n");
	run.json = true;
	assert_int_equal(go(s, &cmd_pci_list, &run, ""), 0);
	assert_non_null(strstr(run.out, "\"pf\":null,\"pf_bdf\":null,\"index\":null"));
}

static void list_that_fails_says_so(void **state)
{
	struct fake_site *s = *state;
	struct fake_run run = { 0 };

	assert_int_equal(go(s, &cmd_pci_list, &run, "nobody"), -ESRCH);
	assert_string_equal(run.e.object, "nobody");
	fake_backend_fail(&s->backend, (struct fake_op_fault){ "list", 0, EIO, EXIT_FAILED });
	assert_int_equal(go(s, &cmd_pci_list, &run, ""), -EIO);
	assert_string_equal(run.e.step, "list attached devices");
	assert_string_equal(run.out, "");
}

#define T(fn) cmocka_unit_test_setup_teardown(fn, fake_site_setup, fake_site_teardown)

static const struct CMUnitTest tests[] = {
	T(attach_takes_several_devices_with_their_options),
	T(last_operand_is_the_slot_of_the_one_device),
	T(slot_for_several_devices_is_a_usage_error),
	T(word_that_is_no_slot_is_a_device),
	T(attach_and_detach_as_json_are_one_document),
	T(detach_f_is_handed_down),
	T(list_shows_guest_address_and_domain),
	T(list_as_json_is_one_document),
	T(function_that_is_no_vf_is_listed_too),
	T(list_that_fails_says_so),
};

TEST_MAIN(tests)
