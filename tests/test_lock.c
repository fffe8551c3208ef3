// SPDX-License-Identifier: GPL-2.0-or-later
#include "test.h"

#include <stdlib.h>
#include <string.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "base/deadline.h"
#include "host/lock.h"
#include "fake_root.h"

struct env {
	struct fake_root root;
	struct host *host;
	pid_t child;
	int go; /* closing it ends the child */
	struct err e;
};

static int setup(void **state)
{
	struct env *t = calloc(1, sizeof(*t));

	fake_root_init(&t->root, NULL);
	t->host = &t->root.host;
	t->host->timeout_ms = 2000;
	t->go = -1;
	*state = t;
	return 0;
}

static void end_child(struct env *t)
{
	if (t->go >= 0)
		close(t->go);
	if (t->child > 0)
		waitpid(t->child, NULL, 0);
	t->go = -1;
	t->child = 0;
}

static int teardown(void **state)
{
	struct env *t = *state;

	end_child(t);
	fake_root_done(&t->root);
	free(t);
	return 0;
}

/* Starts another run that holds the lock until end_child(), or for @hold_ms. */
static void start_holder(struct env *t, int hold_ms)
{
	int ready[2], go[2];
	char byte;

	assert_int_equal(pipe2(ready, O_CLOEXEC), 0);
	assert_int_equal(pipe2(go, O_CLOEXEC), 0);
	t->child = fork();
	if (t->child == 0) {
		struct pollfd p = { .fd = go[0], .events = POLLIN };
		int fd = lock_take(t->host, "vfyard apply\nsecond line", NULL);

		close(go[1]);
		if (fd < 0 || write(ready[1], "x", 1) != 1)
			_exit(1);
		poll(&p, 1, hold_ms);
		_exit(0);
	}
	close(ready[1]);
	close(go[0]);
	t->go = go[1];
	assert_int_equal(read(ready[0], &byte, 1), 1);
	close(ready[0]);
}

static void free_lock_is_taken_and_names_its_holder(void **state)
{
	struct env *t = *state;
	char text[128], want[128];
	int fd = lock_take(t->host, "vfyard pci-attach web1 net0/3", &t->e);

	assert_true(fd >= 0);
	assert_true(fcntl(fd, F_GETFD) & FD_CLOEXEC);
	assert_true(root_read(&t->host->root, text, sizeof(text), "run/vfyard/lock") > 0);
	snprintf(want, sizeof(want), "%d vfyard pci-attach web1 net0/3", (int)getpid());
	assert_string_equal(text, want);
	lock_release(fd);
	assert_int_equal(root_read(&t->host->root, text, sizeof(text), "run/vfyard/lock"), 0);
}

static void lock_can_be_taken_again_after_its_release(void **state)
{
	struct env *t = *state;

	for (int i = 0; i < 3; i++) {
		int fd = lock_take(t->host, "again", &t->e);

		assert_true(fd >= 0);
		lock_release(fd);
	}
	lock_release(-1);
}

static void second_run_is_told_pid_and_command_of_the_first(void **state)
{
	struct env *t = *state;
	char want[128];
	int64_t start;

	start_holder(t, -1);
	t->host->timeout_ms = 80;
	start = monotonic_ms();
	assert_int_equal(lock_take(t->host, "vfyard list", &t->e), -EBUSY);
	assert_true(monotonic_ms() - start >= 80);
	assert_int_equal(t->e.status, EXIT_LOCKED);
	snprintf(want, sizeof(want), "held by process %d (vfyard apply second line)", t->child);
	assert_string_equal(t->e.cause, want);
	assert_string_equal(t->e.object, "host");
	assert_string_equal(t->e.step, "lock");
	assert_non_null(strstr(t->e.fix, "--timeout"));
}

static void second_run_waits_and_gets_it(void **state)
{
	struct env *t = *state;
	int fd;

	start_holder(t, 50);
	fd = lock_take(t->host, "vfyard release", &t->e);
	assert_true(fd >= 0);
	lock_release(fd);
}

static void lock_of_a_killed_run_is_free(void **state)
{
	struct env *t = *state;
	int fd;

	start_holder(t, -1);
	kill(t->child, SIGKILL);
	fd = lock_take(t->host, "vfyard apply", &t->e);
	assert_true(fd >= 0);
	lock_release(fd);
}

/* A write that is stuck in the kernel keeps the lock of the run that began it. */
static void lock_left_behind_by_a_run_that_ended_is_said_so(void **state)
{
	struct env *t = *state;
	pid_t gone = fork();
	char text[64];
	int fd;

	if (gone == 0)
		_exit(0);
	waitpid(gone, NULL, 0);
	start_holder(t, -1);
	snprintf(text, sizeof(text), "run/vfyard/lock=%d vfyard pci-detach", (int)gone);
	fake_root_add(&t->root, text);
	t->host->timeout_ms = 10;
	fd = lock_take(t->host, "vfyard list", &t->e);
	assert_int_equal(fd, -EBUSY);
	snprintf(text, sizeof(text), "process %d left behind (vfyard pci-detach)", (int)gone);
	assert_non_null(strstr(t->e.cause, text));
}

/* The run ends with a sentence nevertheless, and the next one knows whose child has the lock. */
static void lock_that_a_stuck_child_keeps_has_its_name(void **state)
{
	struct env *t = *state;
	int fd = lock_take(t->host, "vfyard apply", &t->e);
	pid_t stuck;

	assert_true(fd >= 0);
	stuck = fork();
	while (stuck == 0)
		pause();
	lock_release(fd);
	t->host->timeout_ms = 10;
	assert_int_equal(lock_take(t->host, "vfyard list", &t->e), -EBUSY);
	assert_non_null(strstr(t->e.cause, "(vfyard apply)"));
	kill(stuck, SIGKILL);
	waitpid(stuck, NULL, 0);
	fd = lock_take(t->host, "vfyard list", &t->e);
	assert_true(fd >= 0);
	lock_release(fd);
}

static void holder_that_has_not_said_its_name_yet_is_still_a_holder(void **state)
{
	struct env *t = *state;

	start_holder(t, -1);
	fake_root_add(&t->root, "run/vfyard/lock=");
	t->host->timeout_ms = 10;
	assert_int_equal(lock_take(t->host, "vfyard list", &t->e), -EBUSY);
	assert_string_equal(t->e.cause, "another run holds the lock");
}

/* Whoever may open it, even for reading, may lock it, and then nobody else can start. */
static void lock_is_for_root_alone(void **state)
{
	struct env *t = *state;
	int fd = lock_take(t->host, "vfyard list", &t->e);
	struct stat st;

	assert_true(fd >= 0);
	assert_int_equal(fstat(fd, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	lock_release(fd);
}

static void lock_that_others_may_read_is_closed_to_them(void **state)
{
	struct env *t = *state;
	struct stat st;
	int fd;

	fake_root_add(&t->root, "run/vfyard/lock=");
	assert_int_equal(fchmodat(t->host->root.fd, "run/vfyard/lock", 0644, 0), 0);
	fd = lock_take(t->host, "vfyard list", &t->e);
	assert_true(fd >= 0);
	assert_int_equal(fstat(fd, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	lock_release(fd);
}

static void lock_that_cannot_be_made_is_an_error(void **state)
{
	struct env *t = *state;

	fake_root_add(&t->root, "run=a file");
	assert_int_equal(lock_take(t->host, "vfyard apply", &t->e), -ENOTDIR);
	assert_int_equal(t->e.status, EXIT_FAILED);
	assert_non_null(strstr(t->e.fix, "/run/vfyard"));
}

#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

static const struct CMUnitTest tests[] = {
	T(free_lock_is_taken_and_names_its_holder),
	T(lock_can_be_taken_again_after_its_release),
	T(second_run_is_told_pid_and_command_of_the_first),
	T(second_run_waits_and_gets_it),
	T(lock_of_a_killed_run_is_free),
	T(lock_left_behind_by_a_run_that_ended_is_said_so),
	T(lock_that_a_stuck_child_keeps_has_its_name),
	T(holder_that_has_not_said_its_name_yet_is_still_a_holder),
	T(lock_is_for_root_alone),
	T(lock_that_others_may_read_is_closed_to_them),
	T(lock_that_cannot_be_made_is_an_error),
};

TEST_MAIN(tests)
