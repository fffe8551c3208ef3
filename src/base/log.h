/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where notes and debug messages go; errors travel in struct err instead. */
#ifndef VFY_BASE_LOG_H
#define VFY_BASE_LOG_H

#include "base/mem.h"

enum log_level {
	LOG_QUIET = -1, /* -q: errors only */
	LOG_NOTE = 0,	/* default: notes and warnings */
	LOG_INFO = 1,	/* -v: each step, messages of libraries */
	LOG_DEBUG = 2,	/* -vv: system calls that matter */
};

struct log {
	enum log_level level; /* the highest that is shown */
	FILE *to;	      /* NULL: nowhere; borrowed */
};

/* One line "vfyard: ..." when @level is shown. @log may be NULL. */
void log_line(const struct log *log, enum log_level level, const char *fmt, ...) PRINTF_LIKE(3, 4);

#define log_note(log, ...)  log_line(log, LOG_NOTE, __VA_ARGS__)
#define log_info(log, ...)  log_line(log, LOG_INFO, __VA_ARGS__)
#define log_debug(log, ...) log_line(log, LOG_DEBUG, __VA_ARGS__)

#endif
