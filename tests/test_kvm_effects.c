// SPDX-License-Identifier: GPL-2.0-or-later
/* -vv shows each command to QEMU's monitor, and what came of it. */
#include "fake_kvm.h"

static int setup(void **state)
{
	int r = env_setup(state);

	env.root.host.log.level = LOG_DEBUG;
	return r;
}

/* Returns the names of the commands that the log shows with an answer: "qom-list,device_add,";
 * free() it. */
static char *commands_shown(void)
{
	static const char before[] = "vfyard: qmp /run/web1.qmp ";
	char *text = strdup(env_notes()), *ret = calloc(1, strlen(text) + 1), *save = NULL;

	for (char *s = strtok_r(text, "\n", &save); s; s = strtok_r(NULL, "\n", &save))
		if (!strncmp(s, before, strlen(before)))
			strcat(strncat(ret, s + strlen(before), strcspn(s + strlen(before), " ")),
			       ",");
	free(text);
	return ret;
}

static void each_command_is_shown_in_order(void **state UNUSED)
{
	_cleanup_free_ char *shown = NULL;

	env_give(3);
	assert_int_equal(env_detach("web1", 3), 0);
	shown = commands_shown();
	assert_string_equal(shown, env.qmp.commands);
	assert_non_null(strstr(shown, "device_add,"));
	assert_non_null(strstr(shown, "device_del,"));
}

static void a_command_has_its_arguments_and_the_answer(void **state UNUSED)
{
	env_give(3);
	assert_non_null(strstr(env_notes(),
			       "vfyard: qmp /run/web1.qmp device_add "
			       "{\"addr\":\"0x0\",\"bus\":\"vfrp0\",\"driver\":\"vfio-pci\","
			       "\"host\":\"0000:05:10.6\",\"id\":\"vf-0000-05-10.6\""));
	assert_non_null(strstr(env_notes(), "\"id\":\"vf-0000-05-10.6\"} {\"return\":{}"));
}

static void a_refusal_is_an_answer(void **state UNUSED)
{
	assert_int_equal(env_assign(3), 0);
	fake_qmp_fail(&env.qmp, (struct fake_qmp_rule){ .command = "device_add",
							.act = FAKE_QMP_ERROR,
							.class = "GenericError",
							.text = "no such bus" });
	assert_true(env_attach("web1", 3) < 0);
	assert_non_null(strstr(env_notes(), "\"desc\":\"no such bus\""));
}

/* Nor is it in the form in which a capture keeps answers. */
static void a_command_without_an_answer_is_shown_too(void **state UNUSED)
{
	const char *line;

	assert_int_equal(env_assign(3), 0);
	fake_qmp_fail(&env.qmp,
		      (struct fake_qmp_rule){ .command = "device_add", .act = FAKE_QMP_HANGUP });
	assert_true(env_attach("web1", 3) < 0);
	line = strstr(env_notes(), "vfyard: no answer to qmp /run/web1.qmp device_add {");
	assert_non_null(line);
	assert_non_null(strstr(line, "}: Broken pipe\n"));
	assert_null(strstr(env_notes(), "vfyard: qmp /run/web1.qmp device_add"));
}

static void the_driver_is_moved_in_writes(void **state UNUSED)
{
	char *at[3];

	assert_int_equal(env_assign(3), 0);
	at[0] = strstr(env_notes(), "write 'vfio-pci' to "
				    "/sys/bus/pci/devices/0000:05:10.6/driver_override: done\n");
	at[1] = strstr(env_notes(),
		       "write '0000:05:10.6' to /sys/bus/pci/drivers/igbvf/unbind: done\n");
	at[2] = strstr(env_notes(),
		       "write '0000:05:10.6' to /sys/bus/pci/drivers/vfio-pci/bind: done\n");
	assert_non_null(at[0]);
	assert_true(at[0] < at[1] && at[1] < at[2]);
}

static void fewer_words_show_none(void **state UNUSED)
{
	env.root.host.log.level = LOG_INFO;
	env_give(3);
	assert_null(strstr(env_notes(), "qmp"));
	assert_null(strstr(env_notes(), "write '"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, env_teardown)

static const struct CMUnitTest tests[] = {
	TEST(each_command_is_shown_in_order), TEST(a_command_has_its_arguments_and_the_answer),
	TEST(a_refusal_is_an_answer),	      TEST(a_command_without_an_answer_is_shown_too),
	TEST(the_driver_is_moved_in_writes),  TEST(fewer_words_show_none),
};

TEST_MAIN(tests)
