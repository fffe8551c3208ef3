// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/log.h"

#include <stdarg.h>
#include <string.h>

#include "base/text.h"

void log_line(const struct log *log, enum log_level level, const char *fmt, ...)
{
	va_list ap;

	if (!log || !log->to || level > log->level)
		return;
	fputs("vfyard: ", log->to);
	va_start(ap, fmt);
	text_vline(log->to, fmt, ap);
	va_end(ap);
}

void log_effect(const struct log *log, int r, const char *fmt, ...)
{
	char what[512];
	va_list ap;

	if (!log || !log->to || log->level < LOG_DEBUG)
		return;
	va_start(ap, fmt);
	text_format(what, sizeof(what), fmt, ap);
	va_end(ap);
	log_debug(log, "%s: %s", what, r < 0 ? strerror(-r) : "done");
}
