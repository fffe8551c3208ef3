// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/child.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>

#include "base/deadline.h"
#include "base/err.h"

/* Whoever reads our output, or waits for its end, must not wait for a child that is stuck. Our own
 * descriptors stay open: they are marked close-on-exec. */
static void leave_stdio(void)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	for (int fd = 0; null >= 0 && fd <= 2; fd++)
		if (!(fcntl(fd, F_GETFD) & FD_CLOEXEC))
			dup2(null, fd);
}

/*
 * The parent waits on a pipe and not for SIGCHLD, because signal handlers belong to the program,
 * and libraries use them too. It does not use a pidfd either, because where pidfds are missing
 * (Linux < 5.3, valgrind) there would be no deadline.
 */
int child_start(struct child *ret, int (*fn)(void *arg), void *arg)
{
	_cleanup_close_ int from = -1, to = -1;
	int fds[2];
	pid_t pid;

	if (pipe2(fds, O_CLOEXEC) < 0)
		return -errno;
	from = fds[0];
	to = fds[1];
	pid = fork();
	if (pid < 0)
		return -errno;
	if (pid == 0) {
		unsigned char code;

		leave_stdio();
		code = (unsigned char)-fn(arg);
		/* This is the driver's own time-out, not ours: our deadline has not passed. */
		if (code == ETIMEDOUT)
			code = ETIME;
		_exit(write(to, &code, 1) == 1 ? 0 : 1);
	}
	*ret = (struct child){ from, pid };
	from = -1;
	return 0;
}

/* The answer is one byte: errnos are below 256 on Linux. */
static int await_answer(int fd, unsigned timeout_ms)
{
	struct deadline d = deadline_in(timeout_ms);
	struct pollfd p = { .fd = fd, .events = POLLIN };
	unsigned char code;
	int n;

	do
		n = poll(&p, 1, (int)deadline_left_ms(&d));
	while (n < 0 && errno == EINTR);
	if (n == 0)
		return -ETIMEDOUT;
	return read(fd, &code, 1) == 1 ? -code : -EIO;
}

int child_finish(struct child *c, unsigned timeout_ms)
{
	int r = await_answer(c->fd, timeout_ms);

	close(c->fd);
	c->fd = -1;
	if (r == -ETIMEDOUT)
		/* The signal has no effect while the child sits in the kernel; we leave it there,
		 * as a zombie. */
		kill(c->pid, SIGKILL);
	else
		while (waitpid(c->pid, NULL, 0) < 0 && errno == EINTR)
			;
	return r;
}
