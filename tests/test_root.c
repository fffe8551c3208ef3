// SPDX-License-Identifier: GPL-2.0-or-later
#include "test.h"

#include <stdlib.h>
#include <string.h>
#include <fcntl.h>

#include "fake_root.h"

static const char *const lines[] = {
	"# what a kernel would say",
	"sys/number=42",
	"sys/hex=0x8086",
	"sys/negative=-1",
	"sys/blank=",
	"sys/two=1 2",
	"sys/huge=18446744073709551616",
	"sys/text=one\\ntwo\\n\\n",
	"sys/dir/",
	"sys/link -> ../../bus/pci/drivers/igbvf",
	"sys/plain -> igbvf",
	NULL,
};

static int setup(void **state)
{
	struct fake_root *f = calloc(1, sizeof(*f));

	fake_root_init(f, lines);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	fake_root_done(*state);
	free(*state);
	return 0;
}

static struct root *root_of(void **state)
{
	return &((struct fake_root *)*state)->host.root;
}

static void text_comes_without_its_last_newlines(void **state)
{
	char buf[64];

	assert_int_equal(root_read(root_of(state), buf, sizeof(buf), "sys/%s", "text"), 7);
	assert_string_equal(buf, "one\ntwo");
}

static void text_that_does_not_fit_is_refused_not_cut(void **state)
{
	char buf[4];

	assert_int_equal(root_read(root_of(state), buf, sizeof(buf), "sys/text"), -E2BIG);
}

static void missing_file_is_enoent(void **state)
{
	char buf[64];
	uint64_t v = 7;

	assert_int_equal(root_read(root_of(state), buf, sizeof(buf), "sys/none"), -ENOENT);
	assert_int_equal(root_read_u64(root_of(state), &v, "sys/none"), -ENOENT);
	assert_int_equal(root_link_name(root_of(state), buf, sizeof(buf), "sys/none"), -ENOENT);
	assert_int_equal(v, 7);
}

static void number_is_decimal_or_hex(void **state)
{
	uint64_t v;

	assert_int_equal(root_read_u64(root_of(state), &v, "sys/number"), 0);
	assert_int_equal(v, 42);
	assert_int_equal(root_read_u64(root_of(state), &v, "sys/hex"), 0);
	assert_int_equal(v, 0x8086);
}

static void what_is_no_number_leaves_the_result_alone(void **state)
{
	static const char *const files[] = { "negative", "blank", "two", "huge", "text" };
	uint64_t v = 7;

	for (size_t i = 0; i < ARRAY_SIZE(files); i++)
		assert_int_equal(root_read_u64(root_of(state), &v, "sys/%s", files[i]), -EPROTO);
	assert_int_equal(v, 7);
}

static void link_name_is_the_last_part_of_the_target(void **state)
{
	char buf[64];

	assert_int_equal(root_link_name(root_of(state), buf, sizeof(buf), "sys/link"), 0);
	assert_string_equal(buf, "igbvf");
	assert_int_equal(root_link_name(root_of(state), buf, sizeof(buf), "sys/plain"), 0);
	assert_string_equal(buf, "igbvf");
	assert_int_equal(root_link_name(root_of(state), buf, 5, "sys/link"), -ENAMETOOLONG);
}

static void path_too_long_is_an_error_not_another_path(void **state)
{
	_cleanup_free_ char *path = malloc(10000);
	char buf[64];

	assert_non_null(path);
	memset(path, 'x', 9999);
	path[9999] = '\0';
	assert_int_equal(root_read(root_of(state), buf, sizeof(buf), "%s", path), -ENAMETOOLONG);
	assert_int_equal(root_openat(root_of(state), O_RDONLY, "%s", path), -ENAMETOOLONG);
	assert_false(root_exists(root_of(state), "%s", path));
	assert_null(root_opendir(root_of(state), "%s", path));
	assert_int_equal(errno, ENAMETOOLONG);
}

static void only_what_is_there_exists(void **state)
{
	DIR *dir = root_opendir(root_of(state), "sys/%s", "dir");

	assert_true(root_exists(root_of(state), "sys/dir"));
	assert_false(root_exists(root_of(state), "sys/dirt"));
	assert_non_null(dir);
	closedir(dir);
	assert_null(root_opendir(root_of(state), "sys/number"));
	assert_int_equal(errno, ENOTDIR);
}

static void tree_is_told_from_the_running_host(void **state)
{
	struct root r;

	assert_true(root_is_tree(root_of(state)));
	assert_int_equal(root_open(&r, NULL, NULL), 0);
	assert_false(root_is_tree(&r));
	assert_true(root_exists(&r, "proc/self"));
	root_close(&r);
}

static void root_that_is_no_directory_is_the_users_mistake(void **state)
{
	struct fake_root *f = *state;
	struct err e = { 0 };
	char path[128];
	struct root r = { .fd = 99 };

	snprintf(path, sizeof(path), "%s/sys/number", f->dir);
	assert_int_equal(root_open(&r, path, &e), -ENOTDIR);
	assert_int_equal(e.status, EXIT_USAGE);
	assert_string_equal(e.object, path);
	assert_int_equal(r.fd, 99);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(text_comes_without_its_last_newlines),
	cmocka_unit_test(text_that_does_not_fit_is_refused_not_cut),
	cmocka_unit_test(missing_file_is_enoent),
	cmocka_unit_test(number_is_decimal_or_hex),
	cmocka_unit_test(what_is_no_number_leaves_the_result_alone),
	cmocka_unit_test(link_name_is_the_last_part_of_the_target),
	cmocka_unit_test(path_too_long_is_an_error_not_another_path),
	cmocka_unit_test(only_what_is_there_exists),
	cmocka_unit_test(tree_is_told_from_the_running_host),
	cmocka_unit_test(root_that_is_no_directory_is_the_users_mistake),
};

TEST_MAIN_WITH(tests, setup, teardown)
