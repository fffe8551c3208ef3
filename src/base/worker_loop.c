// SPDX-License-Identifier: GPL-2.0-or-later
/* What a worker does. It was forked, maybe by one of several threads: it calls only what a signal
 * handler may call. */
#include "base/worker_parts.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>

#include "base/mem.h"

/* How often it looks for its parent where the kernel does not tell it. */
#define LOOK_MS 1000

#define SOCKET 3 /* it has nothing else */

struct order {
	char bytes[WORK_MAX]; /* the path, its NUL, and what to write */
	size_t len;
	int files[WORKER_FILES];
	size_t n_files;
};

/* Returns false when there will be no more. */
static bool receive(struct order *ret)
{
	union worker_files files;
	struct iovec v = { ret->bytes, sizeof(ret->bytes) };
	struct msghdr msg = { .msg_iov = &v,
			      .msg_iovlen = 1,
			      .msg_control = files.buf,
			      .msg_controllen = sizeof(files.buf) };
	ssize_t n = recvmsg(SOCKET, &msg, MSG_CMSG_CLOEXEC);
	const struct cmsghdr *c = n > 0 ? CMSG_FIRSTHDR(&msg) : NULL;

	if (!c)
		return false;
	ret->len = (size_t)n;
	ret->n_files = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
	memcpy(ret->files, CMSG_DATA(c), ret->n_files * sizeof(int));
	return true;
}

/* Returns 0 or a positive errno. */
static int carry_out(const struct order *o)
{
	const char *path = o->bytes;
	size_t skip = strlen(path) + 1;
	_cleanup_close_ int opened = *path ? openat(o->files[0], path, O_WRONLY | O_CLOEXEC) : -1;
	ssize_t n;

	if (*path && opened < 0)
		return errno;
	n = write(*path ? opened : o->files[0], o->bytes + skip, o->len - skip);
	if (n < 0)
		return errno;
	return (size_t)n == o->len - skip ? 0 : EIO;
}

static bool answer(const struct order *o)
{
	unsigned char code = child_code(carry_out(o));

	/* Before the answer, because the parent may release the lock right after it. */
	for (size_t i = 0; i < o->n_files; i++)
		close(o->files[i]);
	return send(SOCKET, &code, 1, MSG_NOSIGNAL) == 1;
}

/* The socket tells that the parent has ended, unless a process that it forked has a copy of its
 * end. The pidfd tells it even then; where there are none (Linux < 5.3, valgrind), a look now and
 * then does. Returns false when there will be no more work. */
static bool await(int pidfd, pid_t parent)
{
	struct pollfd p[] = { { .fd = SOCKET, .events = POLLIN },
			      { .fd = pidfd, .events = POLLIN } };
	int n;

	while ((n = poll(p, ARRAY_SIZE(p), pidfd < 0 ? LOOK_MS : -1)) <= 0)
		if ((n < 0 && errno != EINTR) || (n == 0 && getppid() != parent))
			return false;
	return p[0].revents & POLLIN;
}

void worker_loop(int from, pid_t parent)
{
	struct order o;
	sigset_t all;
	int pidfd;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	child_leave_stdio();
	if (from != SOCKET)
		dup2(from, SOCKET);
	closefrom(SOCKET + 1);
	pidfd = (int)syscall(SYS_pidfd_open, parent, 0);
	while (await(pidfd, parent) && receive(&o) && answer(&o))
		;
	_exit(0);
}
