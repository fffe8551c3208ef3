// SPDX-License-Identifier: GPL-2.0-or-later
/* Devices that somebody has claimed: loop devices of our own, claimed here. */
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <linux/loop.h>

#include "host/guard/claimed.h"
#include "fake_root.h"

#define N 2

struct env {
	struct host host;
	struct stack stack;
	int loop[N];  /* keeps the devices, because they go with their last user */
	int claim[N]; /* -1: nobody has claimed it */
	char name[N][16];
};

/* Makes a free loop device on a file without a name. Returns false when there are none. */
static bool make_loop(char name[16], int *ret_fd)
{
	struct loop_info64 info = { .lo_flags = LO_FLAGS_AUTOCLEAR };
	int control = open("/dev/loop-control", O_RDWR | O_CLOEXEC);
	int number = control < 0 ? -1 : ioctl(control, LOOP_CTL_GET_FREE);
	FILE *file = tmpfile();
	char node[32];
	int fd;

	snprintf(name, 16, "loop%d", number);
	snprintf(node, sizeof(node), "/dev/%s", name);
	fd = number < 0 || !file ? -1 : open(node, O_RDONLY | O_CLOEXEC);
	if (fd >= 0 &&
	    (ftruncate(fileno(file), 1 << 20) < 0 || ioctl(fd, LOOP_SET_FD, fileno(file)) < 0 ||
	     ioctl(fd, LOOP_SET_STATUS64, &info) < 0)) {
		close(fd);
		fd = -1;
	}
	if (file)
		fclose(file);
	if (control >= 0)
		close(control);
	*ret_fd = fd;
	return fd >= 0;
}

static void claim(struct env *t, unsigned i)
{
	char node[32];

	snprintf(node, sizeof(node), "/dev/%s", t->name[i]);
	t->claim[i] = open(node, O_RDONLY | O_EXCL | O_CLOEXEC);
	assert_true(t->claim[i] >= 0);
}

static int setup(void **state)
{
	struct env *t = calloc(1, sizeof(*t));

	*state = t;
	assert_int_equal(host_open(&t->host, NULL, NULL), 0);
	for (unsigned i = 0; i < N; i++)
		t->loop[i] = t->claim[i] = -1;
	return 0;
}

/* When no loop devices can be made, the tests that need them say so and are skipped. */
static void need_loops(struct env *t)
{
	for (unsigned i = 0; i < N; i++) {
		if (!make_loop(t->name[i], &t->loop[i])) {
			print_message("no loop device here, skipped\n");
			skip();
		}
		assert_int_equal(stack_add(&t->stack, t->name[i], i ? t->stack.v[0] : NULL, i > 0),
				 0);
	}
}

static int teardown(void **state)
{
	struct env *t = *state;

	for (unsigned i = 0; i < N; i++) {
		if (t->claim[i] >= 0)
			close(t->claim[i]);
		if (t->loop[i] >= 0)
			close(t->loop[i]);
	}
	stack_done(&t->stack);
	host_close(&t->host);
	free(t);
	return 0;
}

static const char *claimed(struct env *t)
{
	const struct stack_dev *d;

	assert_int_equal(guard_claimed(&t->host, &t->stack, &d), 0);
	return d ? d->name : "none";
}

/* Being open, as these loop devices are, is not a claim. */
static void a_device_nobody_claims_is_free(void **state)
{
	need_loops(*state);
	assert_string_equal(claimed(*state), "none");
	/* the check leaves no claim behind */
	assert_string_equal(claimed(*state), "none");
}

static void a_claimed_device_is_found_until_it_is_let_go(void **state)
{
	struct env *t = *state;

	need_loops(t);
	claim(t, 0);
	assert_string_equal(claimed(t), t->name[0]);
	close(t->claim[0]);
	t->claim[0] = -1;
	assert_string_equal(claimed(t), "none");
}

static void what_stands_on_a_device_is_named_and_not_the_device(void **state)
{
	struct env *t = *state;

	need_loops(t);
	claim(t, 0);
	claim(t, 1);
	assert_string_equal(claimed(t), t->name[1]);
}

static void a_device_without_a_node_is_free(void **state)
{
	struct env *t = *state;

	assert_int_equal(stack_add(&t->stack, "cciss!c9d77", NULL, false), 0);
	assert_string_equal(claimed(t), "none");
}

static void the_devices_of_a_tree_are_never_asked(void **state)
{
	struct env *t = *state;
	struct fake_root tree;
	const struct stack_dev *d;

	need_loops(t);
	claim(t, 0);
	fake_root_init(&tree, NULL);
	assert_int_equal(guard_claimed(&tree.host, &t->stack, &d), 0);
	assert_null(d);
	fake_root_done(&tree);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

static const struct CMUnitTest tests[] = {
	TEST(a_device_nobody_claims_is_free),
	TEST(a_claimed_device_is_found_until_it_is_let_go),
	TEST(what_stands_on_a_device_is_named_and_not_the_device),
	TEST(a_device_without_a_node_is_free),
	TEST(the_devices_of_a_tree_are_never_asked),
};

TEST_MAIN(tests)
