// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/problem.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"

struct problem *problems_add(struct problems *p, struct loc loc, bool is_note)
{
	struct problem *x;

	/* A problem that does not fit in the list still counts, so that nobody goes on as if there
	 * were none. */
	if (ARRAY_GROW(p->v, p->n) < 0) {
		p->n_errors++;
		return NULL;
	}
	x = &p->v[p->n++];
	*x = (struct problem){ .loc = loc, .is_note = is_note };
	p->n_errors += !is_note;
	return x;
}

static struct err *add(struct problems *p, struct loc loc, bool is_note, const char *fmt,
		       va_list ap) __attribute__((format(printf, 4, 0)));

static struct err *add(struct problems *p, struct loc loc, bool is_note, const char *fmt,
		       va_list ap)
{
	struct problem *x = problems_add(p, loc, is_note);
	char cause[sizeof(x->err.cause)], where[sizeof(x->err.object)];

	if (!x)
		return NULL;
	text_format(cause, sizeof(cause), fmt, ap);
	err_usage(&x->err, "%s", cause);
	if (p->file && loc.line)
		snprintf(where, sizeof(where), "%s:%u:%u", p->file, loc.line, loc.col);
	else
		snprintf(where, sizeof(where), "%s", p->file ? p->file : "");
	err_at(&x->err, 0, where, is_note ? "note" : NULL);
	return &x->err;
}

struct err *problem_error(struct problems *p, struct loc loc, const char *fmt, ...)
{
	struct err *e;
	va_list ap;

	va_start(ap, fmt);
	e = add(p, loc, false, fmt, ap);
	va_end(ap);
	return e;
}

struct err *problem_note(struct problems *p, struct loc loc, const char *fmt, ...)
{
	struct err *e;
	va_list ap;

	va_start(ap, fmt);
	e = add(p, loc, true, fmt, ap);
	va_end(ap);
	return e;
}

int problems_append(struct problems *p, const struct problems *from)
{
	for (size_t i = 0; i < from->n; i++) {
		struct problem *x = problems_add(p, from->v[i].loc, from->v[i].is_note);

		if (!x)
			return -ENOMEM;
		x->err = from->v[i].err;
	}
	return 0;
}

/* An insertion sort would be quadratic on a file with thousands of errors; qsort() with the
 * entries' old index as second key keeps those of the same place in order. */
struct keyed {
	size_t at;
	struct problem p;
};

static int by_place(const void *a, const void *b)
{
	const struct keyed *x = a, *y = b;

	if (x->p.loc.line != y->p.loc.line)
		return x->p.loc.line < y->p.loc.line ? -1 : 1;
	if (x->p.loc.col != y->p.loc.col)
		return x->p.loc.col < y->p.loc.col ? -1 : 1;
	return x->at < y->at ? -1 : x->at > y->at;
}

void problems_sort(struct problems *p)
{
	_cleanup_free_ struct keyed *v = calloc(p->n ? p->n : 1, sizeof(*v));

	if (!v)
		return;
	for (size_t i = 0; i < p->n; i++)
		v[i] = (struct keyed){ i, p->v[i] };
	qsort(v, p->n, sizeof(*v), by_place);
	for (size_t i = 0; i < p->n; i++)
		p->v[i] = v[i].p;
}

void problems_print(const struct problems *p, FILE *to)
{
	for (size_t i = 0; i < p->n; i++)
		err_print(&p->v[i].err, to);
}

void problems_log(const struct problems *p, const struct log *log, enum log_level level)
{
	char line[sizeof(struct err)];

	for (size_t i = 0; i < p->n && log_shows(log, level); i++)
		log_line(log, level, "%s", err_format(&p->v[i].err, line, sizeof(line)));
}

const struct problem *problems_first_error(const struct problems *p)
{
	for (size_t i = 0; i < p->n; i++)
		if (!p->v[i].is_note)
			return &p->v[i];
	return NULL;
}

void problems_done(struct problems *p)
{
	free(p->v);
	*p = (struct problems){ .file = p->file };
}

size_t problems_of_domains(const struct problems *p)
{
	size_t n = 0;

	for (size_t i = 0; i < p->n; i++)
		n += !p->v[i].is_note && p->v[i].domain;
	return n;
}

size_t problems_of_all(const struct problems *p)
{
	return p->n_errors - problems_of_domains(p);
}

bool problems_has_domain(const struct problems *p, const char *domain)
{
	for (size_t i = 0; i < p->n; i++)
		if (!p->v[i].is_note && p->v[i].domain && !strcmp(p->v[i].domain, domain))
			return true;
	return false;
}
