/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text from outside in JSON documents: a name must never make one invalid, or make it fail. */
#ifndef VFY_REPORT_JSON_TEXT_H
#define VFY_REPORT_JSON_TEXT_H

#include <jansson.h>

/* Makes a string of @s, or null for NULL. Bytes that are not UTF-8, and C1 controls, which a
 * document would show as they are, become U+FFFD; other control characters are escaped. Returns
 * NULL when out of memory. */
json_t *json_text(const char *s);

/* Does the same, but makes null for "". */
json_t *json_text_or_null(const char *s);

#endif
