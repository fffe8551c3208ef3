// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/text.h"

#include <stdint.h>
#include <string.h>

size_t text_char(const char *text, size_t left)
{
	const unsigned char *s = (const unsigned char *)text;
	size_t n = s[0] < 0x80 ? 1 : s[0] < 0xc2 ? 0 : s[0] < 0xe0 ? 2 : s[0] < 0xf0 ? 3 : 4;
	uint32_t v = n > 1 ? s[0] & (0x7fu >> n) : 0;

	if (s[0] > 0xf4 || n == 0 || n > left)
		return 0;
	for (size_t i = 1; i < n; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		v = v << 6 | (s[i] & 0x3f);
	}
	if ((n == 3 && (v < 0x800 || (v >= 0xd800 && v < 0xe000))) ||
	    (n == 4 && (v < 0x10000 || v > 0x10ffff)))
		return 0;
	return n;
}

bool text_is_control(const char *text, size_t len)
{
	const unsigned char *s = (const unsigned char *)text;

	return len == 1 ? s[0] < ' ' || s[0] == 0x7f : len == 2 && s[0] == 0xc2 && s[1] < 0xa0;
}

/* Returns the next character of @s with its length in *ret_len, or NULL when it must not be
 * shown. */
static const char *next(const char *s, size_t *ret_len)
{
	size_t n = text_char(s, 4);

	*ret_len = n ? n : 1;
	return n && !text_is_control(s, n) ? s : NULL;
}

void text_clean(char *s)
{
	char *to = s;
	size_t n;

	for (; *s; s += n) {
		const char *c = next(s, &n);

		if (c) {
			memmove(to, c, n);
			to += n;
		} else {
			*to++ = *s >= '\t' && *s <= '\r' ? ' ' : '?';
		}
	}
	*to = '\0';
}

size_t text_cut(const char *s, size_t max)
{
	size_t len = strnlen(s, max), n = len;

	while (n && len - n < 3 && ((unsigned char)s[n - 1] & 0xc0) == 0x80)
		n--;
	/* A byte that cannot begin a character was wrong before the cut, so it stays. */
	if (n && (unsigned char)s[n - 1] >= 0xc2 && !text_char(s + n - 1, len - n + 1))
		return n - 1;
	return len;
}

void text_format(char *dst, size_t size, const char *fmt, va_list ap)
{
	int n = vsnprintf(dst, size, fmt, ap);

	if (n < 0)
		dst[0] = '\0';
	else if ((size_t)n >= size)
		dst[text_cut(dst, size - 1)] = '\0';
	text_clean(dst);
}

/* Runs of characters that may be shown are written at once. */
static size_t put(FILE *out, const char *s)
{
	size_t width = 0, run = 0, n;

	for (; s[run]; width++) {
		if (s[run] >= ' ' && s[run] < 0x7f) {
			run++;
			continue;
		}
		if (next(s + run, &n)) {
			run += n;
			width += n - 1;
			continue;
		}
		if (out) {
			fwrite(s, 1, run, out);
			putc('?', out);
		}
		s += run + n;
		run = 0;
	}
	if (out)
		fwrite(s, 1, run, out);
	return width;
}

size_t text_put(FILE *out, const char *s)
{
	return put(out, s);
}

size_t text_width(const char *s)
{
	return put(NULL, s);
}

void text_cell(FILE *out, size_t width, const char *s)
{
	for (size_t n = text_put(out, s); n < width; n++)
		putc(' ', out);
}

void text_vline(FILE *out, const char *fmt, va_list ap)
{
	_cleanup_free_ char *all = NULL;
	char some[1024];
	va_list again;

	va_copy(again, ap);
	if (vasprintf(&all, fmt, again) < 0)
		all = NULL;
	va_end(again);
	if (all)
		text_clean(all);
	else
		text_format(some, sizeof(some), fmt, ap);
	fprintf(out, "%s\n", all ? all : some);
}

void text_line(FILE *out, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	text_vline(out, fmt, ap);
	va_end(ap);
}
