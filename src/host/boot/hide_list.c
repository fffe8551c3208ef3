// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/boot/hide_list.h"

#include <stdio.h>
#include <string.h>

/* Matches the entry at @s against one format after the other, and returns its length. It scans as
 * the kernel does: numbers are hexadecimal, blanks may stand around an entry, and within it only
 * where sscanf() skips them. */
static int scan(const char *s, struct hide_entry *h, unsigned v[4])
{
	int n = 0;

	*h = (struct hide_entry){ .any_fn = false };
	if (sscanf(s, " (%x:%x:%x.%x) %n", &v[0], &v[1], &v[2], &v[3], &n) == 4 && n)
		return n;
	h->any_fn = true;
	v[3] = 0;
	if (sscanf(s, " (%x:%x:%x.*) %n", &v[0], &v[1], &v[2], &n) == 3 && n)
		return n;
	h->any_dev = true;
	v[2] = 0;
	if (sscanf(s, " (%x:%x:*.*) %n", &v[0], &v[1], &n) == 2 && n)
		return n;
	v[0] = 0;
	h->any_fn = h->any_dev = false;
	if (sscanf(s, " (%x:%x.%x) %n", &v[1], &v[2], &v[3], &n) == 3 && n)
		return n;
	h->any_fn = true;
	v[3] = 0;
	if (sscanf(s, " (%x:%x.*) %n", &v[1], &v[2], &n) == 2 && n)
		return n;
	h->any_dev = true;
	v[2] = 0;
	return sscanf(s, " (%x:*.*) %n", &v[1], &n) == 1 ? n : 0;
}

int hide_list_next(const char *value, size_t *pos, struct hide_entry *ret)
{
	const char *s = value + *pos;
	struct hide_entry h;
	unsigned v[4];
	int n;

	if (!*s)
		return 0;
	n = scan(s, &h, v);
	if (!n || v[0] > 0xffff || v[1] > 0xff || v[2] > 31 || v[3] > 7)
		return -EINVAL;
	h.bdf = (struct bdf){ v[0], (uint8_t)v[1], (uint8_t)v[2], (uint8_t)v[3] };
	h.at = *pos + strspn(s, " \t\n");
	h.len = strcspn(value + h.at, ")") + 1;
	*pos += (size_t)n;
	*ret = h;
	return 1;
}

bool hide_entry_has(const struct hide_entry *h, struct bdf dev)
{
	return h->bdf.domain == dev.domain && h->bdf.bus == dev.bus &&
	       (h->any_dev || h->bdf.dev == dev.dev) && (h->any_fn || h->bdf.fn == dev.fn);
}

int hide_list_check(const char *value, struct err *e)
{
	struct hide_entry h;
	size_t pos = 0;
	int r, len;

	do
		r = hide_list_next(value, &pos, &h);
	while (r > 0);
	if (r == 0)
		return 0;
	len = (int)strcspn(value + pos, ")") + 1;
	return err_refuse(
		e, EINVAL,
		"hide= has a bad entry, '%.*s', and the kernel loads no driver for any of "
		"it",
		len > 40 ? 40 : len, value + pos);
}

bool hide_list_is_module(const char *word, const char *module)
{
	for (; *module; word++, module++)
		if (*word != *module && !(*word == '_' && *module == '-') &&
		    !(*word == '-' && *module == '_'))
			return false;
	return true;
}

/* Returns the length of the word at @s; blanks within quotes belong to it. */
static size_t word_length(const char *s)
{
	bool quoted = false;
	size_t len;

	for (len = 0; s[len] && (quoted || !strchr(" \t\n", s[len])); len++)
		quoted ^= s[len] == '"';
	return len;
}

/* Returns where the value begins in the word @s of @len characters, NULL when the word sets
 * something else. */
static const char *value_of(const char *s, size_t len, const char *module)
{
	const char *hide = module ? ".hide=" : "hide=", *end = s + len;
	size_t name = module ? strlen(module) : 0;

	/* A quote may also stand before the whole word. */
	s += *s == '"';
	if (s + name + strlen(hide) > end || (module && !hide_list_is_module(s, module)) ||
	    strncmp(s + name, hide, strlen(hide)) != 0)
		return NULL;
	s += name + strlen(hide);
	return s + (*s == '"');
}

bool hide_list_next_word(const char *line, size_t *pos, const char *module, char *buf, size_t size)
{
	const char *s = line + *pos, *value;
	size_t len;

	for (s += strspn(s, " \t\n"); *s; s += len, s += strspn(s, " \t\n")) {
		len = word_length(s);
		value = value_of(s, len, module);
		if (!value)
			continue;
		snprintf(buf, size, "%.*s", (int)(s + len - value), value);
		buf[strcspn(buf, "\"")] = '\0';
		*pos = (size_t)(s + len - line);
		return true;
	}
	return false;
}

bool hide_list_of_line(const char *cmdline, const char *module, char *buf, size_t size)
{
	bool found = false;
	size_t pos = 0;

	while (hide_list_next_word(cmdline, &pos, module, buf, size))
		found = true;
	return found;
}
