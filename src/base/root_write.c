// SPDX-License-Identifier: GPL-2.0-or-later
/* Writes to the host under a deadline. */
#include "base/root.h"

#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <string.h>
#include <sys/syscall.h>
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

/*
 * The child's exit status carries the errno (all below 256 on Linux). A pidfd and not SIGCHLD is
 * waited for: signal handlers belong to the program, and libraries use them too.
 */
static int write_in_child(const struct root *r, const char *path, const char *value,
			  unsigned timeout_ms)
{
	_cleanup_close_ int pidfd = -1;
	struct pollfd p;
	int status, n;
	pid_t pid = fork();

	if (pid < 0)
		return errno;
	if (pid == 0)
		_exit(write_once(r, path, value));
	pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
	p = (struct pollfd){ .fd = pidfd, .events = POLLIN };
	do
		n = poll(&p, 1, pidfd < 0 ? 0 : (int)timeout_ms);
	while (n < 0 && errno == EINTR);
	if (pidfd >= 0 && n == 0) {
		/* Without effect while it sits in the kernel, and that is the point of no return.
		 */
		kill(pid, SIGKILL);
		return ETIMEDOUT;
	}
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return errno;
	return WIFEXITED(status) ? WEXITSTATUS(status) : EIO;
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
		return err_set(e, code, "write '%s' to /%s: the kernel did not answer within %u s",
			       shown, path, timeout_ms / 1000);
	return err_set(e, code, "write '%s' to /%s: %s", shown, path, strerror(code));
}
