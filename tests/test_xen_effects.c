// SPDX-License-Identifier: GPL-2.0-or-later
/* -vv shows each change through libxl and xenstore, and what came of it. */
#include "fake_libxl_env.h"

static struct {
	char *text;
	size_t size;
} notes;

static int setup(void **state)
{
	int r = env_setup(state);

	fake_xen_add_domain(1, "web1", LIBXL_DOMAIN_TYPE_PV);
	fake_xen.root.host.log =
		(struct log){ .level = LOG_DEBUG, .to = open_memstream(&notes.text, &notes.size) };
	fake_xen.calls[0] = '\0';
	return r;
}

static int teardown(void **state)
{
	fclose(fake_xen.root.host.log.to);
	fake_xen.root.host.log.to = NULL;
	free(notes.text);
	return env_teardown(state);
}

static const char *shown(void)
{
	fflush(fake_xen.root.host.log.to);
	return notes.text;
}

/* Asserts that the log shows the calls of libxl as the fake records them: "assignable-add;add;". */
static void calls_are_shown(void)
{
	static const char before[] = "vfyard: libxl_device_pci_";
	char *text = strdup(shown()), *ret = calloc(1, strlen(text) + 1), *save = NULL;

	for (char *s = strtok_r(text, "\n", &save); s; s = strtok_r(NULL, "\n", &save)) {
		size_t n = strlen(before), len = strcspn(s + (strlen(s) < n ? 0 : n), " ");

		if (strncmp(s, before, n) != 0)
			continue;
		for (size_t i = n; i < n + len; i++)
			s[i] = s[i] == '_' ? '-' : s[i];
		strcat(strncat(ret, s + n, len), ";");
	}
	assert_string_equal(ret, fake_xen.calls);
	free(ret);
	free(text);
}

static void each_call_is_shown_in_order(void **state UNUSED)
{
	assert_int_equal(env_assign(1), 0);
	assert_int_equal(env_attach("web1", 1), 0);
	assert_int_equal(env_detach("web1", 1, false), 0);
	assert_int_equal(env_release(1), 0);
	calls_are_shown();
	assert_non_null(strstr(fake_xen.calls, "add;remove;"));
	assert_non_null(
		strstr(shown(), "vfyard: libxl_device_pci_add 0000:05:10.2 (domain 1): done\n"));
	assert_non_null(
		strstr(shown(), "vfyard: libxl_device_pci_assignable_remove 0000:05:10.2: done\n"));
}

static void a_call_that_fails_has_its_code(void **state UNUSED)
{
	assert_int_equal(env_assign(1), 0);
	fake_xen_domain(1)->no_passthrough = true;
	assert_true(env_attach("web1", 1) < 0);
	calls_are_shown();
	assert_non_null(
		strstr(shown(),
		       "vfyard: libxl_device_pci_add 0000:05:10.2 (domain 1): libxl error fail\n"));
}

static void what_is_written_to_xenstore_is_shown(void **state UNUSED)
{
	static const char path[] = "/libxl/pci/0000-05-10-2/driver_path";
	char line[256];

	assert_int_equal(env_assign(1), 0);
	snprintf(line, sizeof(line),
		 "vfyard: write '/sys/bus/pci/drivers/igbvf' to xenstore node %s: done\n", path);
	assert_non_null(strstr(shown(), line));
	assert_int_equal(env_release(1), 0);
	snprintf(line, sizeof(line), "vfyard: remove xenstore node %s: done\n", path);
	assert_non_null(strstr(shown(), line));
}

static void what_xenstore_refuses_has_the_reason(void **state UNUSED)
{
	fake_xs.no_write = "driver_path";
	assert_true(env_assign(1) < 0);
	assert_non_null(strstr(shown(), "/driver_path: Permission denied\n"));
}

/* The entry is taken out of the backend by hand, in one transaction. */
static void a_removed_entry_is_one_line(void **state UNUSED)
{
	assert_int_equal(env_assign(0), 0);
	assert_int_equal(env_assign(1), 0);
	assert_int_equal(env_attach("web1", 0), 0);
	assert_int_equal(env_attach("web1", 1), 0);
	fake_xen_domain(1)->slow = 6;
	assert_int_equal(env_detach("web1", 0, false), 0);
	assert_non_null(strstr(shown(), "vfyard: remove entry 0 of xenstore node "
					"/local/domain/0/backend/pci/1/0: done\n"));
}

static void fewer_words_show_none(void **state UNUSED)
{
	fake_xen.root.host.log.level = LOG_INFO;
	assert_int_equal(env_assign(1), 0);
	assert_int_equal(env_attach("web1", 1), 0);
	assert_null(strstr(shown(), "libxl_device_pci"));
	assert_null(strstr(shown(), "xenstore node"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

static const struct CMUnitTest tests[] = {
	TEST(each_call_is_shown_in_order),	    TEST(a_call_that_fails_has_its_code),
	TEST(what_is_written_to_xenstore_is_shown), TEST(what_xenstore_refuses_has_the_reason),
	TEST(a_removed_entry_is_one_line),	    TEST(fewer_words_show_none),
};

TEST_MAIN(tests)
