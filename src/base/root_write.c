// SPDX-License-Identifier: GPL-2.0-or-later
/* Writes to the host under a deadline. */
#include "base/root.h"

#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <string.h>
#include <sys/wait.h>

/* 0 or positive errno. */
static int write_once(const struct root *r, const char *path, const char *value)
{
	_cleanup_close_ int fd = openat(r->fd, path, O_WRONLY | O_CLOEXEC);
	size_t len = strlen(value);
	ssize_t n;

	if (fd < 0)
		return errno;
	n = write(fd, value, len);
	if (n < 0)
		return errno;
	return (size_t)n == len ? 0 : EIO;
}

/* What the child says, one byte (errnos are below 256 on Linux), or ETIMEDOUT. */
static int await_answer(int fd, unsigned timeout_ms)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	unsigned char code;
	int n;

	do
		n = poll(&p, 1, (int)timeout_ms);
	while (n < 0 && errno == EINTR);
	if (n == 0)
		return ETIMEDOUT;
	return read(fd, &code, 1) == 1 ? code : EIO;
}

/*
 * A pipe and not SIGCHLD is waited for: signal handlers belong to the program, and libraries use
 * them too. Not a pidfd: where that is missing (Linux < 5.3, valgrind) the deadline would be, too.
 */
static int write_in_child(const struct root *r, const char *path, const char *value,
			  unsigned timeout_ms)
{
	_cleanup_close_ int from = -1, to = -1;
	int fds[2], code;
	pid_t pid;

	if (pipe2(fds, O_CLOEXEC) < 0)
		return errno;
	from = fds[0];
	to = fds[1];
	pid = fork();
	if (pid < 0)
		return errno;
	if (pid == 0) {
		unsigned char answer = (unsigned char)write_once(r, path, value);

		_exit(write(to, &answer, 1) == 1 ? 0 : 1);
	}
	close(to);
	to = -1;
	code = await_answer(from, timeout_ms);
	if (code == ETIMEDOUT)
		/* Without effect while it sits in the kernel; then it is left to it, as a zombie.
		 */
		kill(pid, SIGKILL);
	else
		while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
			;
	return code;
}

int root_write(const struct root *r, const char *value, unsigned timeout_ms, struct err *e,
	       const char *fmt, ...)
{
	char path[PATH_MAX], shown[64];
	va_list ap;
	int n, code;

	va_start(ap, fmt);
	n = vsnprintf(path, sizeof(path), fmt, ap);
	va_end(ap);
	if (n < 0 || (size_t)n >= sizeof(path))
		return err_set(e, ENAMETOOLONG, "path too long");
	if (r->write)
		code = -r->write(r->write_arg, path, value);
	else if (timeout_ms)
		code = write_in_child(r, path, value, timeout_ms);
	else
		code = write_once(r, path, value);
	if (!code)
		return 0;
	snprintf(shown, sizeof(shown), "%.*s", (int)strcspn(value, "\n"), value);
	if (code == ETIMEDOUT)
		return err_set(e, code, "write '%s' to /%s: the kernel did not answer within %g s",
			       shown, path, timeout_ms / 1000.0);
	return err_set(e, code, "write '%s' to /%s: %s", shown, path, strerror(code));
}
