// SPDX-License-Identifier: GPL-2.0-or-later
/* Descriptors of processes: those that can use a device, wherever a process keeps them. */
#include "test.h"

#include <fcntl.h>
#include <linux/kcmp.h>
#include <malloc.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fake_root.h"
#include "host/open_files.h"
#include "host/open_nodes.h"

#define NODE "/dev/full"

struct seen {
	unsigned n, usable;
	bool is_partial;
};

static int look_at(void *arg, const struct open_file *f)
{
	struct seen *s = arg;
	struct stat st = { 0 };

	if (strcmp(f->target, NODE) != 0)
		return 0;
	s->n++;
	s->usable += open_file_is_usable(f);
	assert_int_equal(open_file_stat(f, &st), 0);
	assert_true(S_ISCHR(st.st_mode));
	return 0;
}

/* Looks at this process as the kernel shows it. */
static struct seen look(void)
{
	struct seen s = { 0 };
	struct host h = { 0 };
	struct err e = { 0 };

	assert_int_equal(host_open(&h, NULL, &e), 0);
	assert_int_equal(open_files_each(&h, (uint32_t)getpid(), look_at, &s, &s.is_partial), 0);
	host_close(&h);
	assert_false(s.is_partial);
	return s;
}

static void only_what_can_use_a_device_has_it(void **state UNUSED)
{
	static const struct {
		int flags;
		unsigned usable;
	} modes[] = { { O_PATH, 0 }, { O_RDONLY, 1 }, { O_WRONLY, 1 }, { O_RDWR, 1 } };

	for (size_t i = 0; i < ARRAY_SIZE(modes); i++) {
		int fd = open(NODE, modes[i].flags | O_CLOEXEC);
		struct seen s;

		assert_true(fd >= 0);
		s = look();
		close(fd);
		assert_int_equal(s.n, 1);
		assert_int_equal(s.usable, modes[i].usable);
	}
}

struct holder {
	int go[2], done[2];
	bool own_table;
};

/* Opens it only in the table of this thread. */
static void *hold(void *arg)
{
	struct holder *x = arg;
	char byte = 0;
	int fd;

	if (x->own_table && unshare(CLONE_FILES) < 0)
		return NULL;
	fd = open(NODE, O_RDWR | O_CLOEXEC);
	if (write(x->done[1], &byte, 1) == 1 && read(x->go[0], &byte, 1) == 1)
		close(fd);
	return NULL;
}

static struct seen look_beside(struct holder *x)
{
	pthread_t thread;
	struct seen s;
	char byte = 0;

	assert_int_equal(pipe2(x->go, O_CLOEXEC), 0);
	assert_int_equal(pipe2(x->done, O_CLOEXEC), 0);
	assert_int_equal(pthread_create(&thread, NULL, hold, x), 0);
	assert_int_equal(read(x->done[0], &byte, 1), 1);
	s = look();
	assert_int_equal(write(x->go[1], &byte, 1), 1);
	pthread_join(thread, NULL);
	for (unsigned i = 0; i < 2; i++) {
		close(x->go[i]);
		close(x->done[i]);
	}
	return s;
}

static void a_thread_with_descriptors_of_its_own_is_seen(void **state UNUSED)
{
	struct seen s = look_beside(&(struct holder){ .own_table = true });

	assert_int_equal(s.n, 1);
	assert_int_equal(s.usable, 1);
}

static void a_table_that_threads_share_is_read_once(void **state UNUSED)
{
	/* Not every kernel compares them. */
	if (syscall(SYS_kcmp, getpid(), getpid(), KCMP_FILES, 0, 0) != 0)
		skip();
	assert_int_equal(look_beside(&(struct holder){ .own_table = false }).n, 1);
}

static int count(void *arg, const struct open_file *f)
{
	unsigned *n = arg;

	*n += !strcmp(f->target, "/dev/vfio/16") && f->pid == 500;
	return 0;
}

/* The first thread has ended, so its table is empty, and the process lives on in another thread. */
static void a_process_without_its_first_thread_is_seen(void **state UNUSED)
{
	struct fake_root root;
	bool is_partial = false;
	unsigned n = 0;

	fake_root_init(&root,
		       (const char *const[]){ "proc/500/fd/", "proc/500/task/500/fd/",
					      "proc/500/task/501/fd/7 -> /dev/vfio/16", NULL });
	assert_int_equal(open_files_each(&root.host, 0, count, &n, &is_partial), 0);
	assert_int_equal(n, 1);
	assert_false(is_partial);
	fake_root_done(&root);
}

/* Of a process that has more than can be looked at nobody waits for the end. */
static void more_descriptors_than_there_is_time_for_are_an_error(void **state UNUSED)
{
	struct fake_root root;
	bool is_partial = false;
	unsigned n = 0;

	fake_root_init(&root, NULL);
	for (unsigned fd = 0; fd < 3000; fd++) {
		char line[64];

		snprintf(line, sizeof(line), "proc/500/fd/%u -> /dev/vfio/16", fd);
		fake_root_add(&root, line);
	}
	assert_int_equal(open_files_each(&root.host, 0, count, &n, &is_partial), 0);
	assert_int_equal(n, 3000);
	n = 0;
	root.host.timeout_ms = 0;
	assert_int_equal(open_files_each(&root.host, 0, count, &n, &is_partial), -ETIMEDOUT);
	assert_true(n < 1100);
	fake_root_done(&root);
}

/* What one look at all processes of this machine keeps. */
static size_t bytes_of_a_look(void)
{
	struct host h = { 0 };
	struct err e = { 0 };
	struct node_user user;
	bool is_partial = false;
	size_t before, after;

	assert_int_equal(host_open(&h, NULL, &e), 0);
	before = mallinfo2().uordblks + mallinfo2().hblkhd;
	assert_int_equal(open_nodes_find(&h, NULL, 0, &user, &is_partial), 0);
	after = mallinfo2().uordblks + mallinfo2().hblkhd;
	host_close(&h);
	return after - before;
}

/* Of another process, because one's own descriptors are passed over. */
static void copies_of_a_descriptor_cost_no_memory(void **state UNUSED)
{
	size_t alone = bytes_of_a_look(), beside;
	int ready[2], fd = open(NODE, O_RDWR | O_CLOEXEC);
	unsigned n = 0;
	pid_t child;

	assert_int_equal(pipe2(ready, O_CLOEXEC), 0);
	child = fork();
	if (child == 0) {
		struct rlimit most;

		getrlimit(RLIMIT_NOFILE, &most);
		most.rlim_cur = most.rlim_max;
		setrlimit(RLIMIT_NOFILE, &most);
		while (n < 15000 && dup(fd) >= 0)
			n++;
		(void)!write(ready[1], &n, sizeof(n));
		pause();
		_exit(0);
	}
	assert_int_equal(read(ready[0], &n, sizeof(n)), sizeof(n));
	assert_true(n > 500);
	beside = bytes_of_a_look();
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	close(fd);
	close(ready[0]);
	close(ready[1]);
	assert_true(beside < alone + (size_t)n * 48);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(only_what_can_use_a_device_has_it),
	cmocka_unit_test(a_thread_with_descriptors_of_its_own_is_seen),
	cmocka_unit_test(a_table_that_threads_share_is_read_once),
	cmocka_unit_test(a_process_without_its_first_thread_is_seen),
	cmocka_unit_test(copies_of_a_descriptor_cost_no_memory),
	cmocka_unit_test(more_descriptors_than_there_is_time_for_are_an_error),
};

TEST_MAIN(tests)
