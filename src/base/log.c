// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/log.h"

#include <stdarg.h>
#include <string.h>

#include "base/text.h"

bool log_shows(const struct log *log, enum log_level level)
{
	return log && (log->to || log->say) && level <= log->level;
}

/* Hands a line of any length to the callback, as a stream would get it. */
static void call(const struct log *log, enum log_level level, const char *fmt, va_list ap)
	__attribute__((format(printf, 3, 0)));

static void call(const struct log *log, enum log_level level, const char *fmt, va_list ap)
{
	_cleanup_free_ char *line = NULL;
	size_t size;
	FILE *out = open_memstream(&line, &size);

	if (!out)
		return;
	text_vline(out, fmt, ap);
	if (memstream_close(out, &line) < 0)
		return;
	line[strcspn(line, "\n")] = '\0';
	log->say(log->arg, level, line);
}

void log_line(const struct log *log, enum log_level level, const char *fmt, ...)
{
	va_list ap;

	if (!log_shows(log, level))
		return;
	va_start(ap, fmt);
	if (log->say) {
		call(log, level, fmt, ap);
	} else {
		fputs("vfyard: ", log->to);
		text_vline(log->to, fmt, ap);
	}
	va_end(ap);
}

void log_effect(const struct log *log, int r, const char *fmt, ...)
{
	char what[512];
	va_list ap;

	if (!log_shows(log, LOG_DEBUG))
		return;
	va_start(ap, fmt);
	text_format(what, sizeof(what), fmt, ap);
	va_end(ap);
	log_debug(log, "%s: %s", what, r < 0 ? strerror(-r) : "done");
}
