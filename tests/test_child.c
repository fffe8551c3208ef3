// SPDX-License-Identifier: GPL-2.0-or-later
#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/child.h"
#include "base/mem.h"

static int say(void *arg)
{
	return -*(int *)arg;
}

static void a_child_brings_its_errno_home(void **state UNUSED)
{
	struct child c[2];
	int codes[2] = { 17, 0 };

	/* two at once, waited for in the other order */
	for (int i = 0; i < 2; i++)
		assert_int_equal(child_start(&c[i], say, &codes[i]), 0);
	assert_int_equal(child_finish(&c[1], 60000), 0);
	assert_int_equal(child_finish(&c[0], 60000), -17);
	assert_int_equal(c[0].fd, -1);
	/* there is none left to wait for */
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
}

static int never_come_back(void *arg)
{
	while (!arg)
		pause();
	return 0;
}

static void a_child_that_never_comes_back_is_left(void **state UNUSED)
{
	struct child c;
	int status;

	assert_int_equal(child_start(&c, never_come_back, NULL), 0);
	assert_int_equal(child_finish(&c, 20), -ETIMEDOUT);
	assert_int_equal(waitpid(c.pid, &status, 0), c.pid);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

static int look_at_stdio(void *arg UNUSED)
{
	struct stat null, out;

	if (stat("/dev/null", &null) < 0 || fstat(STDOUT_FILENO, &out) < 0)
		return -EIO;
	return null.st_rdev == out.st_rdev && fcntl(3, F_GETFD) >= 0 ? 0 : -EBADF;
}

static void a_child_does_not_keep_our_output_open(void **state UNUSED)
{
	struct child c;

	assert_int_equal(child_start(&c, look_at_stdio, NULL), 0);
	assert_int_equal(child_finish(&c, 60000), 0);
}

/* It came back, so nothing is stuck, and nothing was left behind. */
static void a_drivers_own_time_out_is_not_the_deadline(void **state UNUSED)
{
	int code = ETIMEDOUT;
	struct child c;

	assert_int_equal(child_start(&c, say, &code), 0);
	assert_int_equal(child_finish(&c, 60000), -ETIME);
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
}

static int die(void *arg UNUSED)
{
	raise(SIGKILL);
	return 0;
}

static void a_child_that_dies_is_an_error(void **state UNUSED)
{
	struct child c;

	assert_int_equal(child_start(&c, die, NULL), 0);
	assert_int_equal(child_finish(&c, 60000), -EIO);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(a_child_brings_its_errno_home),
	cmocka_unit_test(a_child_that_never_comes_back_is_left),
	cmocka_unit_test(a_child_does_not_keep_our_output_open),
	cmocka_unit_test(a_drivers_own_time_out_is_not_the_deadline),
	cmocka_unit_test(a_child_that_dies_is_an_error),
};

TEST_MAIN(tests)
