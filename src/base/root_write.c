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

#include "base/deadline.h"

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
static int start_child(const struct root *r, const char *path, const char *value,
		       struct root_writing *w)
{
	_cleanup_close_ int from = -1, to = -1;
	int fds[2];

	if (pipe2(fds, O_CLOEXEC) < 0)
		return errno;
	from = fds[0];
	to = fds[1];
	w->pid = fork();
	if (w->pid < 0) {
		w->pid = 0;
		return errno;
	}
	if (w->pid == 0) {
		unsigned char answer = (unsigned char)write_once(r, path, value);

		_exit(write(to, &answer, 1) == 1 ? 0 : 1);
	}
	w->fd = from;
	from = -1;
	return 0;
}

static int finish_child(struct root_writing *w)
{
	int64_t left = w->end_ms - monotonic_ms();
	int code = await_answer(w->fd, left > 0 ? (unsigned)left : 0);

	close(w->fd);
	w->fd = -1;
	if (code == ETIMEDOUT)
		/* Without effect while it sits in the kernel; then it is left to it, as a zombie.
		 */
		kill(w->pid, SIGKILL);
	else
		while (waitpid(w->pid, NULL, 0) < 0 && errno == EINTR)
			;
	return code;
}

static void start(const struct root *r, const char *value, unsigned timeout_ms,
		  struct root_writing *w, const char *fmt, va_list ap) PRINTF_LIKE(5, 0);

static void start(const struct root *r, const char *value, unsigned timeout_ms,
		  struct root_writing *w, const char *fmt, va_list ap)
{
	int n;

	/* The clock's last millisecond is cut: one more, or it ends too soon. */
	*w = (struct root_writing){ .fd = -1,
				    .timeout_ms = timeout_ms,
				    .end_ms = monotonic_ms() + timeout_ms + 1 };
	n = vsnprintf(w->path, sizeof(w->path), fmt, ap);
	snprintf(w->shown, sizeof(w->shown), "%.*s", (int)strcspn(value, "\n"), value);
	if (n < 0 || (size_t)n >= sizeof(w->path))
		w->code = ENAMETOOLONG;
	else if (r->write)
		w->code = -r->write(r->write_arg, w->path, value);
	else if (timeout_ms)
		w->code = start_child(r, w->path, value, w);
	else
		w->code = write_once(r, w->path, value);
}

void root_write_start(const struct root *r, const char *value, unsigned timeout_ms,
		      struct root_writing *ret, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	start(r, value, timeout_ms, ret, fmt, ap);
	va_end(ap);
}

int root_write_finish(struct root_writing *w, struct err *e)
{
	if (w->fd >= 0)
		w->code = finish_child(w);
	switch (w->code) {
	case 0:
		return 0;
	case ENAMETOOLONG:
		return err_set(e, w->code, "path too long");
	case ETIMEDOUT:
		return err_set(e, w->code,
			       "write '%s' to /%s: the kernel did not answer within %g s", w->shown,
			       w->path, w->timeout_ms / 1000.0);
	default:
		return err_set(e, w->code, "write '%s' to /%s: %s", w->shown, w->path,
			       strerror(w->code));
	}
}

int root_write(const struct root *r, const char *value, unsigned timeout_ms, struct err *e,
	       const char *fmt, ...)
{
	struct root_writing w;
	va_list ap;

	va_start(ap, fmt);
	start(r, value, timeout_ms, &w, fmt, ap);
	va_end(ap);
	return root_write_finish(&w, e);
}
