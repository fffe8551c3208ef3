// SPDX-License-Identifier: GPL-2.0-or-later
/* Reads the journal that a run left. */
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "engine/run/journal_text.h"
#include "host/own_file.h"

/* An entry, and its number in the plan that it belongs to. */
struct open_entry {
	struct journal_entry entry;
	unsigned long number;
};

struct reading {
	struct open_entry *v;
	size_t n;
	char boot[BOOT_ID_MAX];
	char run[256];
	bool has_ended;
};

static bool number(const char *s, unsigned long max, unsigned long *ret)
{
	char *end;

	errno = 0;
	*ret = strtoul(s, &end, 10);
	return *s >= '0' && *s <= '9' && !*end && !errno && *ret <= max;
}

/* Decodes in place; "-" means "". */
static bool decode(char *s)
{
	char *to = s;
	unsigned c;

	if (!strcmp(s, "-"))
		*s = '\0';
	for (; *s; s++, to++) {
		*to = *s;
		if (*s != '%')
			continue;
		if (sscanf(s + 1, "%2x", &c) != 1 || !s[1] || !s[2] || !c)
			return false;
		*to = (char)c;
		s += 2;
	}
	*to = '\0';
	return true;
}

static bool text(const char *s, char *ret, size_t size)
{
	if (strlen(s) >= size)
		return false;
	memcpy(ret, s, strlen(s) + 1);
	return true;
}

static bool take_field(struct journal_entry *x, const char *key, const char *value)
{
	unsigned long n = 0;
	bool ok = true;

	if (!strcmp(key, "pf"))
		return bdf_scan(&x->pf, value);
	if (!strcmp(key, "at"))
		return bdf_scan(&x->vf, value);
	if (!strcmp(key, "driver"))
		return text(value, x->before.driver, sizeof(x->before.driver));
	if (!strcmp(key, "override"))
		return text(value, x->before.override, sizeof(x->before.override));
	if (!strcmp(key, "domain"))
		return text(value, x->domain, sizeof(x->domain));
	if (!strcmp(key, "vf")) {
		bool is_function = !strcmp(value, "whole");

		ok = is_function || number(value, WHOLE - 1, &n);
		x->index = is_function ? WHOLE : (unsigned)n;
	} else if (!strcmp(key, "numvfs")) {
		ok = number(value, UINT16_MAX, &n);
		x->before.numvfs = (unsigned)n;
	} else if (!strcmp(key, "up")) {
		ok = number(value, 1, &n);
		x->before.up = (int8_t)n;
	} else if (!strcmp(key, "autoprobe")) {
		ok = !strcmp(value, "-1") || number(value, 1, &n);
		x->before.autoprobe = (int8_t)(strcmp(value, "-1") ? (int)n : UNKNOWN);
	}
	return ok; /* unknown fields come from a later version */
}

static struct open_entry *find(struct reading *r, unsigned long n)
{
	for (size_t i = r->n; i-- > 0;)
		if (r->v[i].number == n)
			return &r->v[i];
	return NULL;
}

static void drop(struct reading *r, unsigned long n)
{
	struct open_entry *x = find(r, n);

	if (!x)
		return;
	r->n--;
	memmove(x, x + 1, (size_t)(&r->v[r->n] - x) * sizeof(*x));
}

/* Reads "3 assign pf=... vf=...". */
static int take_step(struct reading *r, char *rest, bool is_undo)
{
	struct open_entry x = { .entry = { .is_undo = is_undo, .index = NO_VF } };
	char *save = NULL, *word = strtok_r(rest, " ", &save), *eq;

	if (!word || !number(word, ULONG_MAX, &x.number))
		return -EPROTO;
	word = strtok_r(NULL, " ", &save);
	if (!word || !journal_kind(word, &x.entry.kind))
		return -EPROTO;
	while ((word = strtok_r(NULL, " ", &save))) {
		eq = strchr(word, '=');
		if (!eq)
			return -EPROTO;
		*eq = '\0';
		if (!decode(eq + 1) || !take_field(&x.entry, word, eq + 1))
			return -EPROTO;
	}
	drop(r, x.number);
	if (ARRAY_GROW(r->v, r->n) < 0)
		return -ENOMEM;
	r->v[r->n++] = x;
	return 0;
}

static int take_line(struct reading *r, unsigned line, char *s)
{
	char *rest = s + strcspn(s, " ");
	unsigned long n;

	if (line == 1)
		return strcmp(s, JOURNAL_HEAD) ? -EPROTO : 0;
	if (!*s || *s == '#')
		return 0;
	if (*rest)
		*rest++ = '\0';
	if (!strcmp(s, "boot"))
		return text(rest, r->boot, sizeof(r->boot)) ? 0 : -EPROTO;
	if (!strcmp(s, "run"))
		return text(rest, r->run, sizeof(r->run)) ? 0 : -EPROTO;
	if (!strcmp(s, "ended")) {
		r->has_ended = true;
		return 0;
	}
	if (!strcmp(s, "do") || !strcmp(s, "undo"))
		return take_step(r, rest, *s == 'u');
	if ((strcmp(s, "done") && strcmp(s, "undone")) || !number(rest, ULONG_MAX, &n))
		return -EPROTO;
	drop(r, n);
	return 0;
}

static int put_away(const struct host *h, int r, struct err *e)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/" JOURNAL_FILE, h->root.dir);
	err_at(e, r, path, "read");
	return err_fix(
		e, r,
		"see what a run left, run: vfyard list; repair it, and move the file away: mv %s "
		"%s.bad",
		path, path);
}

static int damaged(const struct host *h, unsigned line, int r, struct err *e)
{
	if (r == -ENOMEM)
		return err_set(e, ENOMEM, "out of memory");
	err_set(e, EPROTO, "line %u is not one of a journal of this vfyard", line);
	return put_away(h, r, e);
}

static int read_lines(const struct host *h, FILE *f, struct reading *ret, struct err *e)
{
	_cleanup_free_ char *line = NULL;
	unsigned n = 0;
	size_t size = 0;
	ssize_t len;
	int r;

	while ((len = getline(&line, &size, f)) >= 0) {
		if (line[len - 1] != '\n')
			return 0;
		line[len - 1] = '\0';
		r = strlen(line) == (size_t)len - 1 ? take_line(ret, ++n, line) : -EPROTO;
		if (r < 0)
			return damaged(h, n ? n : 1, r, e);
	}
	return ferror(f) ? err_set(e, EIO, "cannot read /" JOURNAL_FILE) : 0;
}

static int hand_over(const struct host *h, const struct reading *r, struct journal_found *ret,
		     struct err *e)
{
	char boot[BOOT_ID_MAX];

	*ret = (struct journal_found){ .v = calloc(r->n + 1, sizeof(*ret->v)),
				       .n = r->n,
				       .has_ended = r->has_ended };
	if (!ret->v)
		return err_set(e, ENOMEM, "out of memory");
	for (size_t i = 0; i < r->n; i++)
		ret->v[i] = r->v[i].entry;
	memcpy(ret->run, r->run, sizeof(ret->run));
	host_boot_id(h, boot);
	ret->is_other_boot = *r->boot && strcmp(boot, r->boot) != 0;
	return 1;
}

int journal_find(const struct host *h, struct journal_found *ret, struct err *e)
{
	int fd = own_file_open(h, JOURNAL_FILE, e), r;
	_cleanup_file_ FILE *f = fd < 0 ? NULL : fdopen(fd, "r");
	struct reading reading = { 0 };

	if (fd == -ENOENT || fd == -ENOTDIR)
		return 0;
	if (fd == -EPROTO || fd == -EPERM)
		return put_away(h, fd, e);
	if (fd < 0)
		return err_set(e, -fd, "open /" JOURNAL_FILE ": %s", strerror(-fd));
	if (!f) {
		close(fd);
		return err_set(e, ENOMEM, "out of memory");
	}
	r = read_lines(h, f, &reading, e);
	if (r == 0)
		r = hand_over(h, &reading, ret, e);
	free(reading.v);
	return r;
}

void journal_found_done(struct journal_found *f)
{
	free(f->v);
	*f = (struct journal_found){ 0 };
}
