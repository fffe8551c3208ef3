// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/json_text.h"

#include <string.h>

#include "base/text.h"

#define REPLACEMENT "\xef\xbf\xbd" /* U+FFFD */

static bool is_fit(const char *s, size_t n)
{
	return n == 1 || (n && !text_is_control(s, n));
}

json_t *json_text(const char *s)
{
	_cleanup_free_ char *copy = NULL;
	char *to;
	size_t n;

	if (!s)
		return json_null();
	to = copy = malloc(strlen(s) * strlen(REPLACEMENT) + 1);
	if (!copy)
		return NULL;
	for (; *s; s += n ? n : 1) {
		n = text_char(s, 4);
		to = is_fit(s, n) ? mempcpy(to, s, n) : stpcpy(to, REPLACEMENT);
	}
	*to = '\0';
	return json_string(copy);
}

json_t *json_text_or_null(const char *s)
{
	return s && *s ? json_text(s) : json_null();
}
