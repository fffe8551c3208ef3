// SPDX-License-Identifier: GPL-2.0-or-later
#include "backend/xen/libxl_log.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static struct xlog *xlog_of(xentoollog_logger *logger)
{
	return (struct xlog *)(void *)logger;
}

static void vmessage(xentoollog_logger *logger, xentoollog_level level, int errnoval,
		     const char *context, const char *fmt, va_list ap)
	__attribute__((format(printf, 5, 0)));

static void vmessage(xentoollog_logger *logger, xentoollog_level level, int errnoval,
		     const char *context, const char *fmt, va_list ap)
{
	struct xlog *x = xlog_of(logger);
	struct xlog_line line = { .level = level, .code = errnoval > 0 ? errnoval : 0 };

	vsnprintf(line.text, sizeof(line.text), fmt, ap);
	log_line(x->log, level >= XTL_WARN ? LOG_INFO : LOG_DEBUG, "%s: %s%s%s",
		 context ? context : "libxl", line.text, line.code ? ": " : "",
		 line.code ? strerror(line.code) : "");
	if (level < XTL_WARN)
		return;
	/* The first messages hold the cause; in a flood, the last place keeps the newest. */
	if (x->n == ARRAY_SIZE(x->lines))
		x->n--;
	x->lines[x->n++] = line;
}

static void progress(xentoollog_logger *logger UNUSED, const char *context UNUSED,
		     const char *what UNUSED, int percent UNUSED, unsigned long done UNUSED,
		     unsigned long total UNUSED)
{
}

static void destroy(xentoollog_logger *logger UNUSED)
{
}

void xlog_init(struct xlog *x, const struct log *log)
{
	*x = (struct xlog){
		.logger = { .vmessage = vmessage, .progress = progress, .destroy = destroy },
		.log = log,
	};
}

void xlog_start(struct xlog *x)
{
	x->n = 0;
}

bool xlog_says(const struct xlog *x, const char *text)
{
	for (unsigned i = 0; i < x->n; i++)
		if (strstr(x->lines[i].text, text))
			return true;
	return false;
}

/* Errors that libxl logs before it goes on. Source: libxl_pci.c, libxl__device_pci_reset(). */
static bool is_minor(const struct xlog_line *l)
{
	return l->level < XTL_ERROR || strstr(l->text, "libxl__device_pci_reset:") ||
	       strstr(l->text, "doesn't support reset");
}

/* Skips "libxl_pci.c:1529:pci_add_dm_done: Domain 1:". */
static const char *skip_place(const char *s)
{
	const char *p = strstr(s, ".c:"), *colon;

	if (p && (colon = strstr(p, ": ")) != NULL)
		s = colon + 2;
	if (!strncmp(s, "Domain ", 7) && (colon = strchr(s, ':')) != NULL &&
	    strspn(s + 7, "0123456789") == (size_t)(colon - s - 7))
		s = colon + 1;
	return s;
}

const char *xlog_cause(const struct xlog *x, char *buf, size_t size)
{
	const struct xlog_line *l = NULL;

	for (unsigned i = 0; i < x->n && (!l || is_minor(l)); i++)
		if (!l || !is_minor(&x->lines[i]))
			l = &x->lines[i];
	buf[0] = '\0';
	if (l)
		snprintf(buf, size, "%s%s%s", skip_place(l->text), l->code ? ": " : "",
			 l->code ? strerror(l->code) : "");
	return buf;
}
