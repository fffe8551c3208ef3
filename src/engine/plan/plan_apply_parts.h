/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the parts of the planner share: the progress of one PF through the plan. */
#ifndef VFY_ENGINE_PLAN_PLAN_APPLY_PARTS_H
#define VFY_ENGINE_PLAN_PLAN_APPLY_PARTS_H

#include "engine/plan/desired.h"

struct apply_pf {
	const struct desired *g;
	struct plan *plan;
	size_t nth; /* in topo->pfs */
	struct pf *pf;
	unsigned end;	  /* number of VFs at the end */
	bool is_remade;	  /* this plan makes its VFs */
	bool has_guests;  /* any of its VFs is for domains */
	int8_t autoprobe; /* after the steps planned so far; UNKNOWN: no such thing */
	int8_t made_with; /* autoprobe when the VFs are made */
	int8_t final;	  /* what it should be at the end */
};

/* In the order of the plan: all PFs finish one of these before the next begins. */
void apply_pf_init(struct apply_pf *p, const struct desired *g, struct plan *plan, size_t nth);
int apply_pf_up(struct apply_pf *p, struct err *e);	/* its network device, if its driver needs
							 * it */
int apply_pf_before(struct apply_pf *p, struct err *e); /* autoprobe, for VFs to be made */
int apply_pf_free(struct apply_pf *p, struct err *e);	/* unassigns VFs that vfyard made
							 * assignable */
int apply_pf_unmake(struct apply_pf *p, struct err *e); /* numvfs N -> 0 */
int apply_pf_make(struct apply_pf *p, struct err *e);	/* numvfs 0 -> M */
int apply_pf_vfs(struct apply_pf *p, struct err *e);	/* VF by VF: settings, then driver */
int apply_pf_after(struct apply_pf *p, struct err *e);	/* autoprobe as it should be */

/* Sets sriov_drivers_autoprobe to @on, unless it is so already. */
int apply_pf_autoprobe(struct apply_pf *p, bool on, bool is_intermediate, const char *why,
		       struct err *e);

/* Plans the attaches of one domain, and permissive. */
int desired_domain(const struct desired *g, size_t d, const struct wanted *w, struct plan *plan,
		   struct err *e);

#endif
