/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the parts of the planner share: a PF on its way through the plan. */
#ifndef VFY_ENGINE_PLAN_PLAN_APPLY_PARTS_H
#define VFY_ENGINE_PLAN_PLAN_APPLY_PARTS_H

#include "engine/plan/desired.h"

struct goal_pf {
	const struct goal *g;
	struct plan *plan;
	size_t nth; /* in topo->pfs */
	struct pf *pf;
	unsigned end;	  /* number of VFs when all is done */
	bool is_remade;	  /* its VFs are made by this plan */
	bool has_guests;  /* any of its VFs is for domains */
	int8_t autoprobe; /* after the steps planned so far; UNKNOWN: no such thing */
	int8_t made_with; /* autoprobe when VFs are made */
	int8_t final;	  /* what it shall be in the end */
};

/* In the order of the plan; all PFs have each behind them before the next begins. */
void goal_pf_init(struct goal_pf *p, const struct goal *g, struct plan *plan, size_t nth);
int goal_pf_up(struct goal_pf *p, struct err *e);     /* its network device, for its driver */
int goal_pf_before(struct goal_pf *p, struct err *e); /* autoprobe, for VFs to be made */
int goal_pf_free(struct goal_pf *p, struct err *e);   /* VFs that vfyard made assignable */
int goal_pf_unmake(struct goal_pf *p, struct err *e); /* numvfs N -> 0 */
int goal_pf_make(struct goal_pf *p, struct err *e);   /* numvfs 0 -> M */
int goal_pf_vfs(struct goal_pf *p, struct err *e);    /* VF by VF: settings, driver */
int goal_pf_after(struct goal_pf *p, struct err *e);  /* autoprobe as it shall be */

/* sriov_drivers_autoprobe to @on, unless it is so. */
int goal_pf_autoprobe(struct goal_pf *p, bool on, bool is_means, const char *why, struct err *e);

/* Attaches, and permissive, of one domain. */
int goal_domain(const struct goal *g, size_t d, const struct wanted *w, struct plan *plan,
		struct err *e);

#endif
