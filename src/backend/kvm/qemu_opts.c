// SPDX-License-Identifier: GPL-2.0-or-later
#include "backend/kvm/qemu_opts.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"

/* Copies a value up to its comma, undoing doubled commas; returns what comes after it. */
static const char *take_value(const char *s, char *buf, size_t size)
{
	size_t n = 0;

	for (; *s && !(*s == ',' && s[1] != ','); s++) {
		s += *s == ',';
		if (n + 1 < size)
			buf[n++] = *s;
	}
	if (size)
		buf[n] = '\0';
	return *s ? s + 1 : s;
}

/* Recognises words without a value as QEMU does: "server" and "noserver". */
static bool is_switch(const char *word, size_t len, const char *key, char *buf, size_t size)
{
	bool is_off = len == strlen(key) + 2 && !strncmp(word, "no", 2) &&
		      !strncmp(word + 2, key, len - 2);

	if (!is_off && (len != strlen(key) || strncmp(word, key, len) != 0))
		return false;
	snprintf(buf, size, "%s", is_off ? "off" : "on");
	return true;
}

bool qemu_opt(const char *text, const char *first, const char *key, char *buf, size_t size)
{
	size_t n = strlen(key);
	bool found = false;

	for (const char *s = text; *s; first = NULL) {
		size_t word = strcspn(s, "=,");

		if (s[word] == '=' && word == n && !strncmp(s, key, n)) {
			take_value(s + n + 1, buf, size);
			found = true;
		} else if (s[word] != '=' && first) {
			if (!strcmp(first, key)) {
				take_value(s, buf, size);
				found = true;
			}
		} else if (s[word] != '=' && is_switch(s, word, key, buf, size)) {
			found = true;
		}
		s = take_value(s, NULL, 0);
	}
	return found;
}

bool qemu_opt_is_on(const char *text, const char *first, const char *key)
{
	static const char *const yes[] = { "on", "yes", "true", "y" };
	char v[8] = "";

	qemu_opt(text, first, key, v, sizeof(v));
	for (size_t i = 0; i < ARRAY_SIZE(yes); i++)
		if (!strcmp(v, yes[i]))
			return true;
	return false;
}
