/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the parts of release share: which VFs are released, and one phase of the plan each. */
#ifndef VFY_ENGINE_PLAN_PLAN_RELEASE_PARTS_H
#define VFY_ENGINE_PLAN_PLAN_RELEASE_PARTS_H

#include "engine/plan/plan_release.h"

/* One PF of the host on its way back. */
struct release_pf {
	struct pf *pf;
	const struct pf_saved *o; /* NULL: it stays as it is */
	bool *is_chosen;	  /* by index: the VF is released */
	bool remakes;		  /* its VFs are unmade, and o->numvfs VFs are made again */
};

struct releasing {
	const struct engine *en;
	struct change *change;
	struct release_pf *pfs; /* one for each of the inventory's */
	struct vf_ref *wholes;	/* functions as a whole */
	size_t n_wholes;
	struct attachment *defined; /* what vfyard put into definitions, by domain */
	size_t n_defined;
	bool is_all;
};

/* Is the PF's function itself released? It has its own driver again before its VFs are made. */
bool release_has_whole(const struct releasing *x, const struct pf *pf);

/* The memory of a VF that is about the card that is there; NULL: nothing is known. */
const struct vf_saved *release_saved(const struct releasing *x, struct vf_ref vf);

/* Out of domains and off the pass-through driver: all VFs first, because numvfs needs them free. */
int release_free(struct releasing *x, struct err *e);
/* Refuses when something must not lose its VFs; then plans numvfs. */
int release_numvfs(struct releasing *x, struct err *e);
/* Plans settings, driver and override, and the PF's autoprobe last. */
int release_restore(struct releasing *x, struct err *e);
/* The drivers of functions as a whole: before numvfs, which needs that of the PF. */
int release_restore_wholes(struct releasing *x, struct err *e);

#endif
