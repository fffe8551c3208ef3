// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/log.h"

#include <stdarg.h>

void log_line(const struct log *log, enum log_level level, const char *fmt, ...)
{
	va_list ap;

	if (!log || !log->to || level > log->level)
		return;
	fputs("vfyard: ", log->to);
	va_start(ap, fmt);
	vfprintf(log->to, fmt, ap);
	va_end(ap);
	fputc('\n', log->to);
}
