// SPDX-License-Identifier: GPL-2.0-or-later
#include "backend/xen/dump.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/mem.h"

struct node {
	char *path, *value; /* into dump.text */
};

struct dump {
	char *text;
	struct node *nodes; /* sorted by path, where '/' comes before everything else */
	size_t n;
};

/* What is below a node must follow it at once: "/a/b" comes before "/a-b". */
static int compare(const char *a, const char *b)
{
	for (; *a && *a == *b; a++, b++)
		;
	if (*a == *b)
		return 0;
	if (!*a || !*b)
		return *a ? 1 : -1;
	if (*a == '/' || *b == '/')
		return *a == '/' ? -1 : 1;
	return (unsigned char)*a < (unsigned char)*b ? -1 : 1;
}

static int by_path(const void *a, const void *b)
{
	return compare(((const struct node *)a)->path, ((const struct node *)b)->path);
}

/* Decodes one escape; @s is behind its backslash: \t \n \r \\, \xHH, \OOO. Returns what is left of
 * @s. */
static const char *unescape_one(const char *s, char *ret)
{
	static const char names[] = "tnr\\", values[] = "\t\n\r\\";
	const char *at = *s ? strchr(names, *s) : NULL;
	char digits[4] = "";
	char *end;

	if (at) {
		*ret = values[at - names];
		return s + 1;
	}
	strncpy(digits, *s == 'x' ? s + 1 : s, *s == 'x' ? 2 : 3);
	*ret = (char)strtoul(digits, &end, *s == 'x' ? 16 : 8);
	return s + (*s == 'x') + (end - digits);
}

static void unescape(char *text)
{
	const char *from = text;
	char *to = text;

	while (*from) {
		if (*from == '\\')
			from = unescape_one(from + 1, to++);
		else
			*to++ = *from++;
	}
	*to = '\0';
}

static void take_line(struct dump *d, char *line)
{
	char *value = strstr(line, " = \""), *end = strrchr(line, '"');

	if (*line != '/' || !value || end < value + 4)
		return;
	*value = '\0';
	*end = '\0';
	value += 4;
	unescape(value);
	d->nodes[d->n++] = (struct node){ line, value };
}

struct dump *dump_parse(const char *text)
{
	struct dump *d = calloc(1, sizeof(*d));
	size_t lines = 1;
	char *save = NULL;

	if (!d)
		return NULL;
	for (const char *s = text; *s; s++)
		lines += *s == '\n';
	d->text = strdup(text);
	d->nodes = calloc(lines, sizeof(*d->nodes));
	if (!d->text || !d->nodes) {
		dump_free(d);
		return NULL;
	}
	for (char *s = strtok_r(d->text, "\n", &save); s; s = strtok_r(NULL, "\n", &save))
		take_line(d, s);
	qsort(d->nodes, d->n, sizeof(*d->nodes), by_path);
	return d;
}

void dump_free(struct dump *d)
{
	if (!d)
		return;
	free(d->text);
	free(d->nodes);
	free(d);
}

static int path_order(const void *element, const void *key)
{
	return compare(((const struct node *)element)->path, key);
}

/* Returns the first node that is not before @path. */
static size_t lower_bound(const struct dump *d, const char *path)
{
	return array_lower_bound(d->nodes, d->n, sizeof(*d->nodes), path_order, path);
}

const char *dump_read(const struct dump *d, const char *path)
{
	size_t i = lower_bound(d, path);

	if (i < d->n && !strcmp(d->nodes[i].path, path))
		return d->nodes[i].value;
	errno = ENOENT;
	return NULL;
}

/* Finds the name right below @path (@len bytes), even in a deeper node. Returns 0 when the node is
 * not below. */
static size_t child_of(const char *node, const char *path, size_t len, const char **ret)
{
	if (strncmp(node, path, len) != 0 || node[len] != '/')
		return 0;
	*ret = node + len + 1;
	return strcspn(*ret, "/");
}

char **dump_list(const struct dump *d, const char *path, unsigned *ret_n)
{
	size_t first = lower_bound(d, path), len = strlen(path), n = 0, bytes = 0, width;
	const char *name, *last = "";
	char **names, *to;

	*ret_n = 0;
	for (size_t i = first; i < d->n && !strncmp(d->nodes[i].path, path, len); i++) {
		width = child_of(d->nodes[i].path, path, len, &name);
		n++;
		bytes += width + 1;
	}
	names = malloc(n * sizeof(*names) + bytes + 1);
	if (!names)
		return NULL;
	to = (char *)(names + n);
	for (size_t i = first; i < first + n; i++) {
		width = child_of(d->nodes[i].path, path, len, &name);
		if (!width || (strlen(last) == width && !strncmp(last, name, width)))
			continue;
		memcpy(to, name, width);
		to[width] = '\0';
		last = names[(*ret_n)++] = to;
		to += width + 1;
	}
	if (*ret_n)
		return names;
	free(names);
	errno = ENOENT;
	return NULL;
}
