// SPDX-License-Identifier: GPL-2.0-or-later
#include "test.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "base/mem.h"
#include "base/root.h"

#define LONG_ENOUGH_MS 60000
#define NOBODY	       65534

struct env {
	char dir[32];
	int fd; /* of it */
	struct workers *workers;
};

static int setup(void **state)
{
	struct env *t = calloc(1, sizeof(*t));

	strcpy(t->dir, "/tmp/worker.XXXXXX");
	if (!mkdtemp(t->dir))
		return -1;
	t->fd = open(t->dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	t->workers = workers_new();
	close(openat(t->fd, "file", O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
	*state = t;
	return t->fd < 0 || !t->workers ? -1 : 0;
}

static int teardown(void **state)
{
	struct env *t = *state;
	static const char *const names[] = { "file", "stuck", "lock" };

	workers_free(t->workers);
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		unlinkat(t->fd, names[i], 0);
	close(t->fd);
	rmdir(t->dir);
	free(t);
	return 0;
}

static struct work work_on(const struct env *t, const char *name, const char *text)
{
	return (struct work){ t->fd, name, text, strlen(text) };
}

static struct child begin(struct env *t, const char *name, const char *text)
{
	struct work work = work_on(t, name, text);
	struct child c;

	assert_int_equal(worker_start(t->workers, &work, &c), 0);
	return c;
}

/* Returns what the kernel answered; *ret_pid is who asked it. */
static int write_to(struct env *t, const char *name, const char *text, pid_t *ret_pid)
{
	struct child c = begin(t, name, text);

	if (ret_pid)
		*ret_pid = c.pid;
	return worker_finish(t->workers, &c, LONG_ENOUGH_MS);
}

static void assert_holds(const struct env *t, const char *text)
{
	_cleanup_close_ int fd = openat(t->fd, "file", O_RDONLY | O_CLOEXEC);
	char buf[64] = "";

	assert_true(read(fd, buf, sizeof(buf) - 1) >= 0);
	assert_string_equal(buf, text);
}

/* A FIFO that nobody reads keeps whoever opens it in the kernel. */
static void add_stuck(const struct env *t)
{
	assert_int_equal(mkfifoat(t->fd, "stuck", 0600), 0);
}

/* Reads from it what the writer has to say, so the writer goes on. */
static void free_stuck(const struct env *t, const char *text)
{
	_cleanup_close_ int fd = openat(t->fd, "stuck", O_RDONLY | O_CLOEXEC);
	char buf[64] = "";

	assert_true(read(fd, buf, sizeof(buf) - 1) >= 0);
	assert_string_equal(buf, text);
}

static void assert_no_children(void)
{
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
}

static void one_process_does_one_write_after_the_other(void **state)
{
	struct env *t = *state;
	pid_t first, next;

	assert_no_children();
	assert_int_equal(write_to(t, "file", "one", &first), 0);
	assert_holds(t, "one");
	assert_int_equal(write_to(t, "none", "two", &next), -ENOENT);
	assert_int_equal(next, first);
	assert_int_equal(write_to(t, "file", "two", &next), 0);
	assert_int_equal(next, first);
	assert_holds(t, "two");
	workers_end(t->workers);
	assert_no_children();
	assert_int_equal(write_to(t, "file", "six", &next), 0);
	assert_int_not_equal(next, first);
}

/* Such as a request on a socket. */
static void open_file_is_written_to_without_a_path(void **state)
{
	struct env *t = *state;
	_cleanup_close_ int fd = openat(t->fd, "file", O_WRONLY | O_CLOEXEC);
	struct child c;

	assert_int_equal(worker_start(t->workers, &(struct work){ fd, NULL, "a\0b", 3 }, &c), 0);
	assert_int_equal(worker_finish(t->workers, &c, LONG_ENOUGH_MS), 0);
	assert_int_equal(lseek(fd, 0, SEEK_CUR), 3);
	assert_holds(t, "a");
}

static void several_at_once_have_a_process_each(void **state)
{
	struct env *t = *state;
	struct child c[40];
	pid_t pid;

	add_stuck(t);
	for (size_t i = 0; i < ARRAY_SIZE(c); i++)
		c[i] = begin(t, "stuck", "x");
	for (size_t i = 1; i < ARRAY_SIZE(c); i++)
		assert_int_not_equal(c[i].pid, c[0].pid);
	{
		_cleanup_close_ UNUSED int fd = openat(t->fd, "stuck", O_RDONLY | O_CLOEXEC);

		for (size_t i = ARRAY_SIZE(c); i > 0; i--)
			assert_int_equal(worker_finish(t->workers, &c[i - 1], LONG_ENOUGH_MS), 0);
	}
	/* Some of them are kept. */
	assert_int_equal(write_to(t, "file", "one", &pid), 0);
	for (size_t i = 0; i < ARRAY_SIZE(c); i++)
		if (c[i].pid == pid)
			pid = 0;
	assert_int_equal(pid, 0);
	workers_end(t->workers);
	assert_no_children();
}

static void stuck_process_is_left_and_the_next_write_has_another(void **state)
{
	struct env *t = *state;
	struct child c;
	pid_t left, pid;
	int status;

	add_stuck(t);
	c = begin(t, "stuck", "x");
	left = c.pid;
	assert_int_equal(worker_finish(t->workers, &c, 20), -ETIMEDOUT);
	assert_int_equal(c.fd, -1);
	assert_int_equal(write_to(t, "file", "one", &pid), 0);
	assert_int_not_equal(pid, left);
	assert_holds(t, "one");
	assert_int_equal(waitpid(left, &status, 0), left);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

static void process_killed_while_it_waits_is_replaced(void **state)
{
	struct env *t = *state;
	pid_t first, next;

	assert_int_equal(write_to(t, "file", "one", &first), 0);
	kill(first, SIGKILL);
	assert_int_equal(waitid(P_PID, (id_t)first, &(siginfo_t){ 0 }, WEXITED | WNOWAIT), 0);
	assert_int_equal(write_to(t, "file", "two", &next), 0);
	assert_int_not_equal(next, first);
	assert_holds(t, "two");
	workers_end(t->workers);
	assert_no_children();
}

static void process_killed_at_work_is_an_error_of_that_work(void **state)
{
	struct env *t = *state;
	struct child c;

	add_stuck(t);
	c = begin(t, "stuck", "x");
	kill(c.pid, SIGKILL);
	assert_int_equal(worker_finish(t->workers, &c, LONG_ENOUGH_MS), -EIO);
	assert_int_equal(write_to(t, "file", "one", NULL), 0);
	workers_end(t->workers);
	assert_no_children();
}

/* Those of a terminal go to its whole group. */
static void signals_are_for_the_parent(void **state)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP, SIGTSTP, SIGPIPE };
	struct env *t = *state;
	pid_t first, next;

	assert_int_equal(write_to(t, "file", "one", &first), 0);
	for (size_t i = 0; i < ARRAY_SIZE(signals); i++)
		kill(first, signals[i]);
	assert_int_equal(write_to(t, "file", "two", &next), 0);
	assert_int_equal(next, first);
}

static void assert_no_output(pid_t pid)
{
	char path[64], target[64];

	for (int i = 0; i <= 2; i++) {
		ssize_t len;

		snprintf(path, sizeof(path), "/proc/%d/fd/%d", (int)pid, i);
		len = readlink(path, target, sizeof(target) - 1);
		assert_true(len > 0);
		target[len] = '\0';
		assert_string_equal(target, "/dev/null");
	}
}

/* The other end of what the parent closes sees it at once, although the process goes on. */
static void process_keeps_nothing_that_the_parent_has_open(void **state)
{
	struct env *t = *state;
	int before[2], kept[2];
	pid_t first, next;
	char byte;

	assert_int_equal(pipe2(before, O_CLOEXEC), 0);
	assert_int_equal(write_to(t, "file", "one", &first), 0);
	assert_no_output(first);
	close(before[1]);
	assert_int_equal(read(before[0], &byte, 1), 0);
	close(before[0]);
	assert_int_equal(pipe2(kept, O_CLOEXEC), 0);
	workers_keep(t->workers, kept[1]);
	assert_int_equal(write_to(t, "none", "one", &next), -ENOENT);
	assert_int_equal(next, first);
	workers_keep(t->workers, -1);
	close(kept[1]);
	assert_int_equal(read(kept[0], &byte, 1), 0);
	close(kept[0]);
	assert_int_equal(write_to(t, "file", "two", &next), 0);
	assert_int_equal(next, first);
}

static bool is_locked(const struct env *t)
{
	_cleanup_close_ int fd = openat(t->fd, "lock", O_RDWR | O_CLOEXEC);

	assert_true(fd >= 0);
	return flock(fd, LOCK_EX | LOCK_NB) < 0;
}

static void lock_is_kept_by_a_stuck_process_and_by_no_other(void **state)
{
	struct env *t = *state;
	int lock = openat(t->fd, "lock", O_CREAT | O_RDWR | O_CLOEXEC, 0600);
	struct child c;

	assert_int_equal(flock(lock, LOCK_EX), 0);
	workers_keep(t->workers, lock);
	assert_int_equal(write_to(t, "file", "one", NULL), 0);
	close(lock);
	assert_false(is_locked(t));

	lock = openat(t->fd, "lock", O_RDWR | O_CLOEXEC);
	assert_int_equal(flock(lock, LOCK_EX), 0);
	workers_keep(t->workers, lock);
	add_stuck(t);
	c = begin(t, "stuck", "x");
	close(lock);
	assert_true(is_locked(t));
	workers_end(t->workers);
	assert_true(is_locked(t));
	free_stuck(t, "x");
	assert_int_equal(worker_finish(t->workers, &c, LONG_ENOUGH_MS), 0);
	assert_false(is_locked(t));
}

/* A parent that begins one write, and ends in the middle. A child that it forked lives on, with
 * copies of all that it had. */
static __attribute__((noreturn)) void be_a_parent(struct env *t, const char *name, int say)
{
	pid_t pids[2];
	struct child c = begin(t, name, "x");

	pids[0] = c.pid;
	if (!strcmp(name, "file") && worker_finish(t->workers, &c, LONG_ENOUGH_MS) < 0)
		_exit(1);
	pids[1] = fork();
	while (pids[1] == 0)
		pause();
	if (write(say, pids, sizeof(pids)) != sizeof(pids))
		_exit(1);
	for (;;)
		pause();
}

/* Kills such a parent; [0] is its worker, [1] its child, which are this process's now. */
static void orphan(struct env *t, const char *name, pid_t ret[2])
{
	int fds[2];
	pid_t parent;

	prctl(PR_SET_CHILD_SUBREAPER, 1);
	assert_int_equal(pipe2(fds, O_CLOEXEC), 0);
	parent = fork();
	if (parent == 0)
		be_a_parent(t, name, fds[1]);
	assert_int_equal(read(fds[0], ret, 2 * sizeof(*ret)), 2 * sizeof(*ret));
	close(fds[0]);
	close(fds[1]);
	kill(parent, SIGKILL);
	assert_int_equal(waitpid(parent, NULL, 0), parent);
}

static void process_ends_with_its_parent(void **state)
{
	struct env *t = *state;
	pid_t pids[2];
	int status;

	orphan(t, "file", pids);
	assert_int_equal(waitpid(pids[0], &status, 0), pids[0]);
	assert_true(WIFEXITED(status));
	kill(pids[1], SIGKILL);
	assert_int_equal(waitpid(pids[1], NULL, 0), pids[1]);
}

static void stuck_process_ends_when_the_kernel_lets_it_go(void **state)
{
	struct env *t = *state;
	pid_t pids[2];
	int status;

	add_stuck(t);
	orphan(t, "stuck", pids);
	assert_int_equal(waitpid(pids[0], &status, WNOHANG), 0);
	free_stuck(t, "x");
	assert_int_equal(waitpid(pids[0], &status, 0), pids[0]);
	assert_true(WIFEXITED(status));
	kill(pids[1], SIGKILL);
	assert_int_equal(waitpid(pids[1], NULL, 0), pids[1]);
}

static void forked_process_has_workers_of_its_own(void **state)
{
	struct env *t = *state;
	pid_t first, next, child;
	int status;

	assert_int_equal(write_to(t, "file", "one", &first), 0);
	child = fork();
	if (child == 0) {
		struct work work = work_on(t, "file", "two");
		struct child c;
		int r = worker_start(t->workers, &work, &c);
		bool is_other = c.pid != first;

		if (r == 0)
			r = worker_finish(t->workers, &c, LONG_ENOUGH_MS);
		workers_free(t->workers);
		_exit(r == 0 && is_other ? 0 : 1);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	assert_holds(t, "two");
	assert_int_equal(write_to(t, "file", "six", &next), 0);
	assert_int_equal(next, first);
}

static void nobody_to_fork_is_an_error(void **state)
{
	struct env *t = *state;
	struct rlimit none = { 0, 0 };
	pid_t child = fork();
	int status;

	if (child == 0) {
		struct work work = work_on(t, "file", "two");
		struct child c;

		/* The limit is not for root. */
		if (geteuid() == 0 && setresuid(NOBODY, NOBODY, NOBODY) < 0)
			_exit(77);
		if (setrlimit(RLIMIT_NPROC, &none) < 0)
			_exit(3);
		_exit(worker_start(t->workers, &work, &c) == -EAGAIN &&
				      worker_start(NULL, &work, &c) == -EAGAIN
			      ? 0
			      : 1);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 77)
		skip(); /* a user namespace with one user */
	assert_int_equal(status, 0);
}

static void work_without_workers_has_a_process_of_its_own(void **state)
{
	struct env *t = *state;
	struct work work = work_on(t, "file", "one");
	struct child c;

	assert_int_equal(worker_start(NULL, &work, &c), 0);
	assert_int_equal(worker_finish(NULL, &c, LONG_ENOUGH_MS), 0);
	assert_holds(t, "one");
	assert_no_children();
}

static void work_that_is_too_long_is_not_begun(void **state)
{
	static char text[WORK_MAX];
	struct env *t = *state;
	struct child c;

	assert_int_equal(
		worker_start(t->workers, &(struct work){ t->fd, "file", text, WORK_MAX - 4 }, &c),
		-E2BIG);
	assert_no_children();
	assert_int_equal(
		worker_start(t->workers, &(struct work){ t->fd, "file", text, WORK_MAX - 5 }, &c),
		0);
	assert_int_equal(worker_finish(t->workers, &c, LONG_ENOUGH_MS), 0);
}

#define A_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

static const struct CMUnitTest tests[] = {
	A_TEST(one_process_does_one_write_after_the_other),
	A_TEST(open_file_is_written_to_without_a_path),
	A_TEST(several_at_once_have_a_process_each),
	A_TEST(stuck_process_is_left_and_the_next_write_has_another),
	A_TEST(process_killed_while_it_waits_is_replaced),
	A_TEST(process_killed_at_work_is_an_error_of_that_work),
	A_TEST(signals_are_for_the_parent),
	A_TEST(process_keeps_nothing_that_the_parent_has_open),
	A_TEST(lock_is_kept_by_a_stuck_process_and_by_no_other),
	A_TEST(process_ends_with_its_parent),
	A_TEST(stuck_process_ends_when_the_kernel_lets_it_go),
	A_TEST(forked_process_has_workers_of_its_own),
	A_TEST(nobody_to_fork_is_an_error),
	A_TEST(work_without_workers_has_a_process_of_its_own),
	A_TEST(work_that_is_too_long_is_not_begun),
};

TEST_MAIN(tests)
