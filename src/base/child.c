// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/child.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>

#include "base/deadline.h"
#include "base/err.h"

/* Our own descriptors stay open: they are marked close-on-exec. */
void child_leave_stdio(void)
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

		child_leave_stdio();
		code = child_code(-fn(arg));
		_exit(write(to, &code, 1) == 1 ? 0 : 1);
	}
	*ret = (struct child){ from, pid };
	from = -1;
	return 0;
}

int child_await(const struct child *c, unsigned timeout_ms, bool *ret_lives)
{
	struct deadline d = deadline_in(timeout_ms);
	struct pollfd p = { .fd = c->fd, .events = POLLIN };
	unsigned char code;
	int n;

	*ret_lives = false;
	do
		n = poll(&p, 1, (int)deadline_left_ms(&d));
	while (n < 0 && errno == EINTR);
	if (n == 0)
		return -ETIMEDOUT;
	if (read(c->fd, &code, 1) != 1)
		return -EIO;
	*ret_lives = true;
	return -code;
}

/* The signal has no effect while the child sits in the kernel; we leave it there, as a zombie. */
void child_leave(struct child *c)
{
	close(c->fd);
	c->fd = -1;
	kill(c->pid, SIGKILL);
}

int child_finish(struct child *c, unsigned timeout_ms)
{
	bool lives;
	int r = child_await(c, timeout_ms, &lives);

	if (r == -ETIMEDOUT) {
		child_leave(c);
		return r;
	}
	close(c->fd);
	c->fd = -1;
	while (waitpid(c->pid, NULL, 0) < 0 && errno == EINTR)
		;
	return r;
}
