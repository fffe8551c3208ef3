// SPDX-License-Identifier: GPL-2.0-or-later
/* Writes to the host under a deadline. */
#include "base/root.h"

#include <fcntl.h>
#include <stdarg.h>
#include <string.h>

#include "base/deadline.h"

/* Returns 0 or a positive errno. */
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

static void start(const struct root *r, const char *value, unsigned timeout_ms,
		  struct root_writing *w, const char *fmt, va_list ap) PRINTF_LIKE(5, 0);

static void start(const struct root *r, const char *value, unsigned timeout_ms,
		  struct root_writing *w, const char *fmt, va_list ap)
{
	int n;

	/* monotonic_ms() rounds down, so one more millisecond is needed, or the wait ends too
	 * soon. */
	*w = (struct root_writing){ .child.fd = -1,
				    .timeout_ms = timeout_ms,
				    .workers = r->workers,
				    .log = r->log,
				    .end_ms = monotonic_ms() + timeout_ms + 1 };
	n = vsnprintf(w->path, sizeof(w->path), fmt, ap);
	snprintf(w->shown, sizeof(w->shown), "%.*s", (int)strcspn(value, "\n"), value);
	if (n < 0 || (size_t)n >= sizeof(w->path))
		w->code = ENAMETOOLONG;
	else if (r->write)
		w->code = -r->write(r->write_arg, w->path, value);
	else if (timeout_ms)
		w->code = -worker_start(r->workers,
					&(struct work){ r->fd, w->path, value, strlen(value) },
					&w->child);
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
	int64_t left = w->end_ms - monotonic_ms();

	if (w->child.fd >= 0)
		w->code = -worker_finish(w->workers, &w->child, left > 0 ? (unsigned)left : 0);
	log_effect(w->log, -w->code, "write '%s' to /%s", w->shown, w->path);
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
