// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/plan/step.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"

static const char *const names[N_STEP_KINDS] = {
	[STEP_AUTOPROBE] = "autoprobe",	  [STEP_LOAD] = "load",	    [STEP_UP] = "up",
	[STEP_NUMVFS] = "numvfs",	  [STEP_SET] = "set",	    [STEP_UNBIND] = "unbind",
	[STEP_PROBE] = "probe",		  [STEP_ASSIGN] = "assign", [STEP_UNASSIGN] = "unassign",
	[STEP_RESTORE] = "restore",	  [STEP_ATTACH] = "attach", [STEP_DETACH] = "detach",
	[STEP_PERMISSIVE] = "permissive", [STEP_DEFINE] = "define", [STEP_UNDEFINE] = "undefine",
};

static const char *const outcomes[] = {
	[OUTCOME_NONE] = "planned", [OUTCOME_DONE] = "done",	 [OUTCOME_FAILED] = "failed",
	[OUTCOME_HALF] = "failed",  [OUTCOME_UNDONE] = "undone", [OUTCOME_LEFT] = "left",
};

const char *step_name(enum step_kind k)
{
	return names[k];
}

const char *step_outcome_name(enum step_outcome o)
{
	return outcomes[o];
}

bool step_is_disruptive(const struct step *s)
{
	return s->kind == STEP_DETACH || (s->kind == STEP_NUMVFS && s->from) || s->gives_way;
}

int plan_add(struct plan *p, const struct step *s, struct err *e)
{
	if (ARRAY_GROW(p->v, p->n) < 0)
		return err_set(e, ENOMEM, "out of memory");
	p->v[p->n++] = *s;
	return 0;
}

int plan_add_first(struct plan *p, const struct step *s, struct err *e)
{
	int r = plan_add(p, s, e);

	if (r < 0)
		return r;
	memmove(&p->v[1], p->v, (p->n - 1) * sizeof(*p->v));
	p->v[0] = *s;
	return 0;
}

int plan_add_forget(struct plan *p, struct bdf pf, unsigned index, struct err *e)
{
	if (ARRAY_GROW(p->forget, p->n_forget) < 0)
		return err_set(e, ENOMEM, "out of memory");
	p->forget[p->n_forget++] = (struct plan_forget){ pf, index };
	return 0;
}

void plan_done(struct plan *p)
{
	free(p->v);
	free(p->forget);
	*p = (struct plan){ 0 };
}
