// SPDX-License-Identifier: GPL-2.0-or-later
/* The order of a plan. */
#include "engine/plan/desired.h"

#include <stdlib.h>

#include "engine/plan/plan_apply_parts.h"
#include "engine/plan/plan_mates.h"

/* Changes of sriov_numvfs are neighbours in the plan, so that PFs need not wait for each other. */
static int (*const phases[])(struct apply_pf *p, struct err *e) = {
	apply_pf_up, apply_pf_before, apply_pf_free, apply_pf_unmake, apply_pf_make,
};

static int plan_pfs(const struct desired *g, struct apply_pf *pfs, struct plan *p, struct err *e)
{
	size_t n = g->topo->n_pfs;
	int r = 0;

	for (size_t i = 0; i < n; i++)
		apply_pf_init(&pfs[i], g, p, i);
	for (size_t k = 0; k < ARRAY_SIZE(phases); k++)
		for (size_t i = 0; r == 0 && i < n; i++)
			r = phases[k](&pfs[i], e);
	for (size_t i = 0; r == 0 && i < n; i++) {
		r = apply_pf_vfs(&pfs[i], e);
		if (r == 0)
			r = apply_pf_after(&pfs[i], e);
	}
	return r;
}

static int plan_domains(const struct desired *g, struct plan *p, struct err *e)
{
	int r = 0;

	for (size_t d = 0; r == 0 && !g->no_attach && d < g->topo->n_domains; d++)
		if (g->domains[d].runs || g->domains[d].is_off)
			r = desired_domain(g, d, &g->wanted[d], p, e);
	return r;
}

int plan_apply(const struct desired *g, struct plan *p, struct err *e)
{
	_cleanup_free_ struct apply_pf *pfs = calloc(g->topo->n_pfs + 1, sizeof(*pfs));
	int r;

	if (!pfs)
		return err_set(e, ENOMEM, "out of memory");
	p->remember_all = true;
	p->stop_on_error = g->topo->on_error == TOPO_STOP;
	r = plan_pfs(g, pfs, p, e);
	if (r == 0)
		r = plan_domains(g, p, e);
	plan_mates(p);
	return r;
}
