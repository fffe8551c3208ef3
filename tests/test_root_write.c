// SPDX-License-Identifier: GPL-2.0-or-later
#include "test.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "fake_root.h"

#define LONG_ENOUGH_MS 20000

static int setup(void **state)
{
	struct fake_root *f = calloc(1, sizeof(*f));

	fake_root_init(f, NULL);
	fake_root_add(f, "sys/bind=");
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	fake_root_done(*state);
	free(*state);
	return 0;
}

static void assert_holds(struct fake_root *f, const char *text)
{
	char buf[64];

	assert_true(root_read(&f->host.root, buf, sizeof(buf), "sys/bind") >= 0);
	assert_string_equal(buf, text);
}

static void value_arrives_with_and_without_a_deadline(void **state)
{
	struct fake_root *f = *state;
	struct err e = { 0 };

	assert_int_equal(root_write(&f->host.root, "0000:05:10.0", 0, &e, "sys/%s", "bind"), 0);
	assert_holds(f, "0000:05:10.0");
	assert_int_equal(root_write(&f->host.root, "0000:05:10.2", LONG_ENOUGH_MS, &e, "sys/bind"),
			 0);
	assert_holds(f, "0000:05:10.2");
	assert_int_equal(e.code, 0);
}

static void writes_of_two_halves_run_at_once(void **state)
{
	struct fake_root *f = *state;
	struct root_writing w[3];
	struct err e = { 0 };
	char text[8];

	fake_root_add(f, "sys/a0=");
	fake_root_add(f, "sys/a1=");
	for (unsigned i = 0; i < 3; i++)
		root_write_start(&f->host.root, "7", LONG_ENOUGH_MS, &w[i], "sys/a%u", i);
	assert_int_equal(root_write_finish(&w[0], &e), 0);
	assert_int_equal(root_write_finish(&w[1], &e), 0);
	assert_int_equal(root_write_finish(&w[2], &e), -ENOENT);
	assert_non_null(strstr(e.cause, "write '7' to /sys/a2"));
	for (unsigned i = 0; i < 2; i++) {
		assert_int_equal(root_read(&f->host.root, text, sizeof(text), "sys/a%u", i), 1);
		assert_string_equal(text, "7");
	}
}

static void file_that_is_not_there_is_not_made(void **state)
{
	static const unsigned deadlines[] = { 0, LONG_ENOUGH_MS };
	struct fake_root *f = *state;

	for (size_t i = 0; i < ARRAY_SIZE(deadlines); i++) {
		struct err e = { 0 };

		assert_int_equal(root_write(&f->host.root, "igbvf\n", deadlines[i], &e, "sys/none"),
				 -ENOENT);
		assert_string_equal(e.cause,
				    "write 'igbvf' to /sys/none: No such file or directory");
		assert_false(root_exists(&f->host.root, "sys/none"));
	}
}

static double seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* A FIFO that nobody reads keeps its writer in the kernel, like an unbind of a function in use. */
static void write_that_never_ends_is_left_at_the_deadline(void **state)
{
	struct fake_root *f = *state;
	struct err e = { 0 };
	char path[128];
	double start = seconds();

	snprintf(path, sizeof(path), "%s/sys/stuck", f->dir);
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_int_equal(root_write(&f->host.root, "0", 100, &e, "sys/stuck"), -ETIMEDOUT);
	assert_true(seconds() - start >= 0.1);
	assert_int_equal(e.code, ETIMEDOUT);
	assert_non_null(strstr(e.cause, "write '0' to /sys/stuck: the kernel did not answer"));
}

struct call {
	char path[64], value[64];
	int answer;
};

static int remember(void *arg, const char *path, const char *value)
{
	struct call *c = arg;

	snprintf(c->path, sizeof(c->path), "%s", path);
	snprintf(c->value, sizeof(c->value), "%s", value);
	return c->answer;
}

static void fake_kernel_sees_the_write_and_answers_it(void **state)
{
	struct fake_root *f = *state;
	struct root r = f->host.root;
	struct call c = { .answer = -EBUSY };
	struct err e = { 0 };

	r.write = remember;
	r.write_arg = &c;
	assert_int_equal(root_write(&r, "x", LONG_ENOUGH_MS, &e, "sys/bind"), -EBUSY);
	assert_string_equal(c.path, "sys/bind");
	assert_string_equal(c.value, "x");
	assert_holds(f, "");
	c.answer = 0;
	assert_int_equal(root_write(&r, "x", 0, &e, "sys/bind"), 0);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test_setup_teardown(value_arrives_with_and_without_a_deadline, setup, teardown),
	cmocka_unit_test_setup_teardown(writes_of_two_halves_run_at_once, setup, teardown),
	cmocka_unit_test_setup_teardown(file_that_is_not_there_is_not_made, setup, teardown),
	cmocka_unit_test_setup_teardown(write_that_never_ends_is_left_at_the_deadline, setup,
					teardown),
	cmocka_unit_test_setup_teardown(fake_kernel_sees_the_write_and_answers_it, setup, teardown),
};

TEST_MAIN(tests)
