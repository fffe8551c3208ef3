/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Makes text from outside (guests, monitors, captured hosts, command lines, sysfs) fit for people
 * to see: the one place that decides what a terminal may be sent. Bytes that are not UTF-8, control
 * bytes and the C1 controls (U+0080 to U+009F; a terminal takes U+009B for CSI) become '?', one for
 * each.
 */
#ifndef VFY_BASE_TEXT_H
#define VFY_BASE_TEXT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/mem.h"

/**
 * text_char - measure the character at the beginning of a text
 * @left: how many bytes may be looked at, at least one; a NUL may end the text earlier
 *
 * Returns its length, 1 to 4 bytes; 0 when it is not a character: overlong forms, surrogates and
 * what lies beyond U+10FFFF are not. Source: Unicode 15, table 3-7, well-formed UTF-8 byte
 * sequences.
 */
size_t text_char(const char *s, size_t left);

/* True for a control character of @len bytes (text_char()): C0, DEL or C1. */
bool text_is_control(const char *s, size_t len);

/* Makes a sentence safe, in place. White space that would break the line becomes a blank. */
void text_clean(char *s);

/* Like vsnprintf(), but a result that does not fit is cut between characters, and then cleaned. */
void text_format(char *dst, size_t size, const char *fmt, va_list ap)
	__attribute__((format(printf, 3, 0)));

/* Writes a table cell, in which white space other than a blank becomes a '?', too. Returns the
 * number of bytes written, because that is what columns count. */
size_t text_put(FILE *out, const char *s);

/* Returns what text_put() would return, without writing. */
size_t text_width(const char *s);

/* Calls text_put(), then writes blanks up to @width. */
void text_cell(FILE *out, size_t width, const char *s);

/* Returns how many of the first @max bytes form whole characters: where a text may be cut. */
size_t text_cut(const char *s, size_t max);

/* Writes one cleaned line of any length, with its newline; when memory runs out, the line is
 * cut. */
void text_line(FILE *out, const char *fmt, ...) PRINTF_LIKE(2, 3);
void text_vline(FILE *out, const char *fmt, va_list ap) __attribute__((format(printf, 2, 0)));

/* What a noun beside the number @n ends in: "s" but for one. */
static inline const char *text_s(unsigned long n)
{
	return n == 1 ? "" : "s";
}

#endif
