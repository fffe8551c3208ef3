// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/err.h"

#include <stdarg.h>
#include <string.h>

#include "base/text.h"

static void put_line(char *dst, size_t size, const char *fmt, va_list ap)
	__attribute__((format(printf, 3, 0)));

/* Formats one line, whatever a file, a guest or a library put into it. */
static void put_line(char *dst, size_t size, const char *fmt, va_list ap)
{
	text_format(dst, size, fmt, ap);
	for (size_t n = strlen(dst); n && dst[n - 1] == ' '; n--)
		dst[n - 1] = '\0';
}

static int fill(struct err *e, int code, enum exit_status status, const char *fmt, va_list ap)
	__attribute__((format(printf, 4, 0)));

static int fill(struct err *e, int code, enum exit_status status, const char *fmt, va_list ap)
{
	if (!e)
		return -code;
	e->code = code;
	e->status = status;
	e->object[0] = e->step[0] = e->fix[0] = '\0';
	put_line(e->cause, sizeof(e->cause), fmt, ap);
	return -code;
}

int err_set(struct err *e, int code, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fill(e, code, EXIT_FAILED, fmt, ap);
	va_end(ap);
	return -code;
}

int err_usage(struct err *e, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fill(e, EINVAL, EXIT_USAGE, fmt, ap);
	va_end(ap);
	return -EINVAL;
}

int err_refuse(struct err *e, int code, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fill(e, code, EXIT_REFUSED, fmt, ap);
	va_end(ap);
	return -code;
}

int err_fix(struct err *e, int r, const char *fmt, ...)
{
	va_list ap;

	if (!e || e->fix[0])
		return r;
	va_start(ap, fmt);
	put_line(e->fix, sizeof(e->fix), fmt, ap);
	va_end(ap);
	return r;
}

void err_refix(struct err *e, const char *fmt, ...)
{
	va_list ap;

	if (!e)
		return;
	va_start(ap, fmt);
	put_line(e->fix, sizeof(e->fix), fmt, ap);
	va_end(ap);
}

static void append(struct err *e, const char *fmt, va_list ap)
	__attribute__((format(printf, 2, 0)));

static void append(struct err *e, const char *fmt, va_list ap)
{
	size_t n = strlen(e->cause);

	put_line(e->cause + n, sizeof(e->cause) - n, fmt, ap);
}

void err_append(struct err *e, const char *fmt, ...)
{
	va_list ap;

	if (!e)
		return;
	va_start(ap, fmt);
	append(e, fmt, ap);
	va_end(ap);
}

int err_left(struct err *e, int r, const char *fmt, ...)
{
	char left[sizeof(e->cause)];
	va_list ap;

	if (!e)
		return r;
	va_start(ap, fmt);
	text_format(left, sizeof(left), fmt, ap);
	va_end(ap);
	err_append(e, "%sleft: %s", e->cause[0] ? "; " : "", left);
	return err_status(e, r, EXIT_LEFT);
}

int err_copy(struct err *e, const struct err *why)
{
	if (e)
		*e = *why;
	return -why->code;
}

static void put(char *dst, size_t size, const char *fmt, ...) PRINTF_LIKE(3, 4);

static void put(char *dst, size_t size, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	put_line(dst, size, fmt, ap);
	va_end(ap);
}

int err_at(struct err *e, int r, const char *object, const char *step)
{
	if (!e)
		return r;
	if (object && !e->object[0])
		put(e->object, sizeof(e->object), "%s", object);
	if (step && !e->step[0])
		put(e->step, sizeof(e->step), "%s", step);
	return r;
}

void err_step(struct err *e, const char *fmt, ...)
{
	va_list ap;

	if (!e)
		return;
	va_start(ap, fmt);
	put_line(e->step, sizeof(e->step), fmt, ap);
	va_end(ap);
}

int err_status(struct err *e, int r, enum exit_status status)
{
	if (e)
		e->status = status;
	return r;
}

char *err_format(const struct err *e, char *buf, size_t size)
{
	snprintf(buf, size, "%s%s%s%s%s%s%s", e->object, e->object[0] ? ": " : "", e->step,
		 e->step[0] ? ": " : "", e->cause, e->fix[0] ? "; " : "", e->fix);
	return buf;
}

void err_print(const struct err *e, FILE *to)
{
	char line[sizeof(struct err)];

	text_line(to, "vfyard: %s", err_format(e, line, sizeof(line)));
}
