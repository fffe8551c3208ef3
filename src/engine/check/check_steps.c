// SPDX-License-Identifier: GPL-2.0-or-later
/* Settings that would cut the host off from what it lives on; names that others have. */
#include <stdint.h>
#include <stdlib.h>

#include "host/guard/guard.h"
#include "engine/check/check.h"
#include "engine/plan/plan_assign.h"

static bool is_touched(const struct step *s)
{
	return s->kind == STEP_SET && vf_of(s->vf)->state == VF_HOST && vf_of(s->vf)->driver;
}

/* VFs that lose their driver in the plan, sorted; the guard is asked about them elsewhere. */
struct taken {
	struct vf_ref *v;
	size_t n;
};

static int by_place(const void *a, const void *b)
{
	const struct vf_ref *x = a, *y = b;

	if (x->pf != y->pf)
		return (uintptr_t)x->pf < (uintptr_t)y->pf ? -1 : 1;
	return (x->index > y->index) - (x->index < y->index);
}

static struct taken find_taken(const struct plan *p)
{
	struct taken t = { .v = calloc(p->n + 1, sizeof(*t.v)) };

	for (size_t i = 0; t.v && i < p->n; i++)
		if (p->v[i].kind == STEP_ASSIGN || p->v[i].kind == STEP_UNBIND)
			t.v[t.n++] = p->v[i].vf;
	if (t.n)
		qsort(t.v, t.n, sizeof(*t.v), by_place);
	return t;
}

/* Settings of one VF are neighbours in the plan. */
static bool is_done(const struct plan *p, size_t i, const struct taken *t)
{
	const struct step *v = p->v;

	if (i && is_touched(&v[i - 1]) && by_place(&v[i - 1].vf, &v[i].vf) == 0)
		return true;
	return t->n && bsearch(&v[i].vf, t->v, t->n, sizeof(*t->v), by_place);
}

static void refuse(struct problems *problems, const struct step *s, const struct err *why)
{
	struct err *e = problem_error(problems, (struct loc){ 0, 0 }, "%s", why->cause);
	char label[VF_LABEL_MAX];

	err_status(e, 0, EXIT_REFUSED);
	err_at(e, 0, NULL, vf_label(label, s->vf));
	err_fix(e, 0, "%s", why->fix);
}

void check_steps(const struct plan *p, const struct host *h, struct problems *problems)
{
	struct taken taken = find_taken(p);

	for (size_t i = 0; i < p->n; i++) {
		const struct step *s = &p->v[i];
		char label[VF_LABEL_MAX];
		struct err why = { 0 };

		if (!is_touched(s) || is_done(p, i, &taken) || s->is_new ||
		    guard_function(h, vf_of(s->vf)->bdf, vf_label(label, s->vf), &why) == 0)
			continue;
		refuse(problems, s, &why);
	}
	free(taken.v);
}

void check_names(const struct plan *p, const struct desired *g, const struct host *h,
		 struct problems *problems)
{
	for (size_t i = 0; i < p->n; i++) {
		const struct step *s = &p->v[i];
		struct err why = { 0 };

		if (s->kind == STEP_ASSIGN && s->options.name[0] &&
		    assign_check_name(h, g->inv, g->saved, s->vf, s->options.name, &why) < 0)
			refuse(problems, s, &why);
	}
}
