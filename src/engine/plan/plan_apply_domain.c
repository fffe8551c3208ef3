// SPDX-License-Identifier: GPL-2.0-or-later
/* What a domain needs: the VFs that it has not got, now or at its next start. */
#include <string.h>

#include "engine/plan/plan_apply_parts.h"

static int add(const struct desired *g, size_t d, enum step_kind kind, const struct wanted_vf *w,
	       bool is_new, const char *why, struct plan *plan, struct err *e)
{
	return plan_add(plan,
			&(struct step){ .kind = kind,
					.vf = { g->pfs[w->pf], w->index },
					.domain = &g->domains[d].domain,
					.options = w->options,
					.is_new = is_new,
					.why = why },
			e);
}

/* What it is started with the next time has it too. One that is broken, or that another domain has,
 * is refused before. */
static int plan_defined(const struct desired *g, size_t d, const struct wanted_vf *w,
			struct plan *plan, struct err *e)
{
	const struct vf *vf = &g->pfs[w->pf]->vfs[w->index];
	unsigned defined = g->vfs[w->pf][w->index].defined;

	if (!(defined & DEFINED_KNOWN) || (defined & DEFINED_NEXT) || vf->state == VF_STALE ||
	    vf->state == VF_BROKEN)
		return 0;
	return add(g, d, STEP_DEFINE, w, false, "the topology gives it to this domain", plan, e);
}

/* One that another domain has is refused before, and never taken from it. */
static int plan_one(const struct desired *g, size_t d, const struct wanted_vf *w, struct plan *plan,
		    struct err *e)
{
	const struct vf *vf = &g->pfs[w->pf]->vfs[w->index];
	const char *name = g->domains[d].domain.name;
	bool remade = g->topo->pfs[w->pf].has_numvfs &&
		      topology_numvfs(&g->topo->pfs[w->pf], g->pfs[w->pf]) != g->pfs[w->pf]->numvfs;

	if (!remade && vf->state == VF_ATTACHED) {
		if (!vf->domain || strcmp(vf->domain, name) != 0 || !g->has_permissive ||
		    w->options.permissive != 1 || vf->permissive != 0)
			return 0;
		return add(g, d, STEP_PERMISSIVE, w, false, "permissive=1 in the topology", plan,
			   e);
	}
	if (!remade && (vf->state == VF_STALE || vf->state == VF_BROKEN))
		return 0;
	/* With driver=keep somebody else must make it assignable. */
	if (vf_attrs_driver_is(&g->vfs[w->pf][w->index].want, VF_DRIVER_KEEP) &&
	    (remade || vf->state != VF_ASSIGNABLE))
		return 0;
	return add(g, d, STEP_ATTACH, w, remade, "the topology gives it to this domain", plan, e);
}

int desired_domain(const struct desired *g, size_t d, const struct wanted *w, struct plan *plan,
		   struct err *e)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < w->n && !g->domains[d].is_left; i++) {
		if (w->v[i].index >= g->pfs[w->v[i].pf]->n_vfs)
			continue;
		if (g->domains[d].runs)
			r = plan_one(g, d, &w->v[i], plan, e);
		if (r == 0)
			r = plan_defined(g, d, &w->v[i], plan, e);
	}
	return r;
}
