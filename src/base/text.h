/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Text from outside (guests, monitors, captured hosts, command lines, sysfs) before people see it:
 * the one place that decides what a terminal may be sent. Bytes that are not UTF-8, control bytes
 * and the C1 controls (U+0080 to U+009F; U+009B is CSI for a terminal) become '?', one for each.
 */
#ifndef VFY_BASE_TEXT_H
#define VFY_BASE_TEXT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/mem.h"

/**
 * text_char - the character at the begin of a text
 * @left: bytes that may be looked at, at least one; the text may end earlier, with NUL
 *
 * Returns its bytes, 1 to 4; 0 when it is none: overlong forms, surrogates and what lies beyond
 * U+10FFFF are none. Source: Unicode 15, table 3-7, well-formed UTF-8 byte sequences.
 */
size_t text_char(const char *s, size_t left);

/* True for a control character of @len bytes (text_char()): C0, DEL or C1. */
bool text_is_control(const char *s, size_t len);

/* Makes a sentence safe in its place. White space that would break the line becomes a blank. */
void text_clean(char *s);

/* vsnprintf() whose result is cut between characters when it does not fit, and then cleaned. */
void text_format(char *dst, size_t size, const char *fmt, va_list ap)
	__attribute__((format(printf, 3, 0)));

/* Writes the cell of a table, in which white space other than a blank is a '?', too. Returns the
 * bytes written, which are what columns count. */
size_t text_put(FILE *out, const char *s);

/* The same without writing: what text_put() would return. */
size_t text_width(const char *s);

/* text_put(), then blanks up to @width. */
void text_cell(FILE *out, size_t width, const char *s);

/* How many bytes of the first @max have whole characters: where a text may be cut. */
size_t text_cut(const char *s, size_t max);

/* One cleaned line of any length, with the newline; when memory is out it is cut. */
void text_line(FILE *out, const char *fmt, ...) PRINTF_LIKE(2, 3);
void text_vline(FILE *out, const char *fmt, va_list ap) __attribute__((format(printf, 2, 0)));

#endif
