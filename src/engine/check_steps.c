// SPDX-License-Identifier: GPL-2.0-or-later
/* Settings that would cut the host off from what it lives on. */
#include "core/guard.h"
#include "engine/check.h"

static bool is_touched(const struct step *s)
{
	return s->kind == STEP_SET && vf_of(s->vf)->state == VF_HOST && vf_of(s->vf)->driver;
}

static bool is_same(const struct step *a, const struct step *b)
{
	return a->vf.pf == b->vf.pf && a->vf.index == b->vf.index;
}

/* Steps of one VF stand next to each other: it was looked at, or loses its driver further on, which
 * is refused elsewhere. */
static bool is_done(const struct plan *p, size_t i)
{
	const struct step *v = p->v;

	if (i && is_touched(&v[i - 1]) && is_same(&v[i - 1], &v[i]))
		return true;
	for (size_t k = i; k < p->n && is_same(&v[k], &v[i]); k++)
		if (v[k].kind == STEP_ASSIGN || v[k].kind == STEP_UNBIND)
			return true;
	return false;
}

static bool is_remade(const struct plan *p, const struct pf *pf)
{
	for (size_t i = 0; i < p->n && step_is_about_pf(&p->v[i]); i++)
		if (p->v[i].kind == STEP_NUMVFS && p->v[i].vf.pf == pf)
			return true;
	return false;
}

void check_steps(const struct plan *p, const struct host *h, struct problems *problems)
{
	for (size_t i = 0; i < p->n; i++) {
		const struct step *s = &p->v[i];
		char label[VF_LABEL_MAX];
		struct err why = { 0 }, *e;

		if (!is_touched(s) || is_done(p, i) || is_remade(p, s->vf.pf) ||
		    guard_function(h, vf_of(s->vf)->bdf, vf_label(label, s->vf), &why) == 0)
			continue;
		e = problem_error(problems, (struct loc){ 0, 0 }, "%s", why.cause);
		err_status(e, 0, EXIT_REFUSED);
		err_at(e, 0, NULL, label);
		err_fix(e, 0, "%s", why.fix);
	}
}
