/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text from outside in JSON documents: a name must never make one invalid, or fail. */
#ifndef VFY_REPORT_JSON_TEXT_H
#define VFY_REPORT_JSON_TEXT_H

#include <jansson.h>

/* @s, or null for NULL. Bytes that are not UTF-8 and C1 controls, which a document shows as they
 * are, become U+FFFD; other control characters are escaped. NULL when out of memory. */
json_t *json_text(const char *s);

/* The same, and null for "". */
json_t *json_text_or_null(const char *s);

#endif
