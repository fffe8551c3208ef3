// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/problem_json.h"

#include <stdio.h>
#include <string.h>

#include "report/json_text.h"

#define NOTE "note"

/* The step of a problem is its object, in notes after "note: "; a problem about a PF that was not
 * found stands at the PF's place. */
static const char *object_of(const struct problem *p, const struct topology *t)
{
	const char *s = p->err.step;

	if (p->is_note && !strncmp(s, NOTE, strlen(NOTE)))
		s += strlen(NOTE);
	s += strspn(s, ": ");
	for (size_t i = 0; t && i < t->n_pfs && !*s; i++)
		if (p->loc.line && t->pfs[i].loc.line == p->loc.line &&
		    t->pfs[i].loc.col == p->loc.col)
			s = t->pfs[i].name;
	return s;
}

static json_t *place(unsigned n)
{
	return n ? json_integer(n) : json_null();
}

static json_t *problem_json(const struct problems *all, const struct problem *p,
			    const struct topology *t)
{
	return json_pack("{s:o, s:o, s:o, s:s, s:o, s:o, s:o}", "file", json_text(all->file),
			 "line", place(p->loc.line), "column", place(p->loc.col), "severity",
			 p->is_note ? NOTE : "error", "object", json_text_or_null(object_of(p, t)),
			 "cause", json_text(p->err.cause), "fix", json_text_or_null(p->err.fix));
}

json_t *problems_json(const struct problems *all, const struct topology *t)
{
	json_t *list = json_array();

	for (size_t i = 0; list && i < all->n; i++)
		if (json_array_append_new(list, problem_json(all, &all->v[i], t)) < 0) {
			json_decref(list);
			return NULL;
		}
	return list;
}

json_t *error_json(const struct err *e)
{
	return json_pack("{s:o, s:o, s:o, s:o, s:i}", "object", json_text_or_null(e->object),
			 "step", json_text_or_null(e->step), "cause", json_text(e->cause), "fix",
			 json_text_or_null(e->fix), "status", (int)e->status);
}

json_t *failure_json(const struct err *e, const struct problems *faults)
{
	return json_pack("{s:i, s:o, s:o*}", "version", 1, "error", error_json(e), "problems",
			 faults->n_errors ? problems_json(faults, NULL) : NULL);
}

int json_print(json_t *doc, struct err *e)
{
	int r;

	if (!doc)
		return err_set(e, ENOMEM, "out of memory");
	r = json_dumpf(doc, stdout, JSON_COMPACT);
	putchar('\n');
	json_decref(doc);
	return r ? err_at(e, err_set(e, EIO, "cannot write"), "standard output", "write") : 0;
}
