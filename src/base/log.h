/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where notes and debug messages go; errors travel in struct err instead. */
#ifndef VFY_BASE_LOG_H
#define VFY_BASE_LOG_H

#include <stdbool.h>

#include "base/mem.h"

enum log_level {
	LOG_QUIET = -1, /* -q: errors only */
	LOG_NOTE = 0,	/* default: notes and warnings */
	LOG_INFO = 1,	/* -v: each step, messages of libraries */
	LOG_DEBUG = 2,	/* -vv: each effect on the host, and what monitors and libxl say */
};

struct log {
	enum log_level level; /* the highest that is shown */
	FILE *to;	      /* NULL: nowhere; borrowed */
	/* Called instead of writing to @to, with one line without prefix or newline. */
	void (*say)(void *arg, enum log_level level, const char *line);
	void *arg;
};

/* Tells whether anybody sees lines of @level. Ask before you put together something costly. */
bool log_shows(const struct log *log, enum log_level level);

/* Writes one line "vfyard: ..." when @level is shown, made safe for a terminal (base/text.h). @log
 * may be NULL. */
void log_line(const struct log *log, enum log_level level, const char *fmt, ...) PRINTF_LIKE(3, 4);

#define log_note(log, ...)  log_line(log, LOG_NOTE, __VA_ARGS__)
#define log_info(log, ...)  log_line(log, LOG_INFO, __VA_ARGS__)
#define log_debug(log, ...) log_line(log, LOG_DEBUG, __VA_ARGS__)

/**
 * log_effect - log one thing that was done to the host, or that the host refused, at -vv
 * @r:   0 or -errno: it becomes "done", or the reason
 * @fmt: what, and to what: "write 'igbvf' to /sys/..."
 *
 * Every write to sysfs, request to rtnetlink, modprobe, command to QEMU and change through libxl or
 * xenstore calls it once, where it is done. Writes to vfyard's own files do not.
 */
void log_effect(const struct log *log, int r, const char *fmt, ...) PRINTF_LIKE(3, 4);

#endif
