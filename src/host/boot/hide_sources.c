// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/boot/hide_sources.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"

/* A file hides those of the same name in the directories after its own. */
static const char *const directories[] = {
	"etc/modprobe.d",     "run/modprobe.d", "usr/local/lib/modprobe.d",
	"usr/lib/modprobe.d", "lib/modprobe.d",
};

#define MAX_FILE  65536
#define MAX_VALUE 4096

static int add(struct hide_sources *s, const char *where, bool on_line, const char *value)
{
	struct hide_source *x;

	if (ARRAY_GROW(s->v, s->n) < 0)
		return -ENOMEM;
	x = &s->v[s->n++];
	*x = (struct hide_source){ .on_line = on_line, .value = strdup(value) };
	snprintf(x->where, sizeof(x->where), "%s", where);
	return x->value ? 0 : -ENOMEM;
}

/* @text holds options as the kernel reads them: "MODULE.hide=", or "hide=" when @module is NULL. */
static int add_words(struct hide_sources *s, const char *where, const char *module,
		     const char *text)
{
	char value[MAX_VALUE];
	size_t pos = 0;
	int r = 0;

	while (r == 0 && hide_list_next_word(text, &pos, module, value, sizeof(value)))
		r = add(s, where, module != NULL, value);
	return r;
}

/* Reads one line of a modprobe.d file, without its newline. */
static int read_line(struct hide_sources *s, const char *where, const char *module, char *line)
{
	char *save = NULL, *word = strtok_r(line, " \t", &save), *name;

	if (!word || strcmp(word, "options") != 0)
		return 0;
	name = strtok_r(NULL, " \t", &save);
	if (!name || !hide_list_is_module(name, module) || strlen(name) != strlen(module))
		return 0;
	return save ? add_words(s, where, NULL, save) : 0;
}

/* A backslash at the end of a line joins it with the next. */
static void join_lines(char *text)
{
	for (char *s = text; (s = strstr(s, "\\\n"));)
		s[0] = s[1] = ' ';
}

static int read_file(const struct host *h, const char *path, const char *module,
		     struct hide_sources *s)
{
	_cleanup_free_ char *text = malloc(MAX_FILE);
	char where[sizeof(((struct hide_source *)0)->where)];
	char *save = NULL;
	int r = 0;

	if (!text)
		return -ENOMEM;
	if (root_read(&h->root, text, MAX_FILE, "%s", path) <= 0)
		return 0;
	snprintf(where, sizeof(where), "/%s", path);
	join_lines(text);
	for (char *line = strtok_r(text, "\n", &save); line && r == 0;
	     line = strtok_r(NULL, "\n", &save))
		r = read_line(s, where, module, line);
	return r;
}

struct file {
	char name[256];
	unsigned dir;
};

static int by_name(const void *a, const void *b)
{
	const struct file *x = a, *y = b;
	int r = strcmp(x->name, y->name);

	return r ? r : (int)x->dir - (int)y->dir;
}

static int list_files(const struct host *h, unsigned dir, struct file **v, size_t *n)
{
	static const char end[] = ".conf";
	_cleanup_dir_ DIR *d = root_opendir(&h->root, "%s", directories[dir]);
	const struct dirent *ent;

	while (d && (ent = readdir(d))) {
		size_t len = strlen(ent->d_name);

		if (len >= sizeof((*v)->name) || len < strlen(end) ||
		    strcmp(ent->d_name + len - strlen(end), end) != 0)
			continue;
		if (ARRAY_GROW(*v, *n) < 0)
			return -ENOMEM;
		snprintf((*v)[*n].name, sizeof((*v)->name), "%s", ent->d_name);
		(*v)[(*n)++].dir = dir;
	}
	return 0;
}

static int read_files(const struct host *h, const char *module, struct hide_sources *s)
{
	_cleanup_free_ struct file *v = NULL;
	char path[320];
	size_t n = 0;
	int r = 0;

	for (unsigned i = 0; i < ARRAY_SIZE(directories) && r == 0; i++)
		r = list_files(h, i, &v, &n);
	if (r == 0 && n)
		qsort(v, n, sizeof(*v), by_name);
	for (size_t i = 0; i < n && r == 0; i++) {
		if (i && !strcmp(v[i].name, v[i - 1].name))
			continue;
		snprintf(path, sizeof(path), "%s/%s", directories[v[i].dir], v[i].name);
		r = read_file(h, path, module, s);
	}
	return r;
}

/* In sysfs, names of modules have '_'. */
static int read_loaded(const struct host *h, const char *module, struct hide_sources *s)
{
	char name[64], value[MAX_VALUE];

	snprintf(name, sizeof(name), "%s", module);
	for (char *c = name; (c = strchr(c, '-'));)
		*c = '_';
	if (root_read(&h->root, value, sizeof(value), "sys/module/%s/parameters/hide", name) < 0)
		return 0;
	s->is_loaded = true;
	if (!value[0] || !strcmp(value, "(null)"))
		return 0;
	s->loaded = strdup(value);
	return s->loaded ? 0 : -ENOMEM;
}

int hide_sources_read(const struct host *h, const char *module, struct hide_sources *ret,
		      struct err *e)
{
	_cleanup_free_ char *line = malloc(MAX_FILE);
	struct hide_sources s = { 0 };
	int r = line ? read_files(h, module, &s) : -ENOMEM;

	if (r == 0 && root_read(&h->root, line, MAX_FILE, "proc/cmdline") > 0)
		r = add_words(&s, HIDE_LINE, module, line);
	if (r == 0)
		r = read_loaded(h, module, &s);
	if (r < 0) {
		hide_sources_done(&s);
		return err_set(e, ENOMEM, "out of memory");
	}
	*ret = s;
	return 0;
}

void hide_sources_done(struct hide_sources *s)
{
	for (size_t i = 0; i < s->n; i++)
		free(s->v[i].value);
	free(s->v);
	free(s->loaded);
	*s = (struct hide_sources){ 0 };
}

const struct hide_source *hide_sources_last(const struct hide_sources *s)
{
	return s->n ? &s->v[s->n - 1] : NULL;
}

const char *hide_sources_in_force(const struct hide_sources *s, const char **where)
{
	const struct hide_source *last = hide_sources_last(s);

	*where = last ? last->where : NULL;
	if (!s->is_loaded)
		return last ? last->value : NULL;
	if (!last || !s->loaded || strcmp(s->loaded, last->value) != 0)
		*where = "what the driver was loaded with";
	return s->loaded;
}
