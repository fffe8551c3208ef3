/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the planners share: sentences about devices that are not as they must be. */
#ifndef VFY_ENGINE_PLAN_PLAN_WORDS_H
#define VFY_ENGINE_PLAN_PLAN_WORDS_H

#include "engine/plan/refuse.h"
#include "engine/plan/plan_assign.h"

/* "net0/3", what a user types: the label without the address. */
struct dev_word {
	char text[VF_LABEL_MAX];
};
struct dev_word dev_word(struct vf_ref vf);

/* Refuses with the domain that holds it, and the command that takes it out of there. */
int refuse_held(struct vf_ref vf, struct err *e);

/**
 * refuse_unsure - refuse a VF whose state is stale or broken
 *
 * Says why, and what to do. Returns 0, with a note, when --force names it.
 */
int refuse_unsure(const struct engine *en, struct vf_ref vf, struct err *e);

/* Tells whether the VF may be taken off the driver that makes it assignable. Returns 0, or the
 * backend's refusal. */
int refuse_kept(const struct engine *en, struct vf_ref vf, struct err *e);

/* Tells whether a step of its kind would take the VF out of its domain. Returns 0, or the backend's
 * refusal. */
int refuse_detach(const struct engine *en, const struct step *detach, struct err *e);

/* Adds the VF's label and the command's words to a failure. Returns @r. */
int operand_failed(struct vf_ref vf, const char *step, int r, struct err *e);

/* Collects what the operands name as what one run takes. Returns 0 or -ENOMEM. */
int takes_of_devs(struct takes *ret, const struct devlist *devs, struct err *e);

/* For a plan that makes something assignable, checks that this host may, and that the driver is
 * there or is loaded first (load_plan()). */
int ready_to_assign(const struct engine *en, struct plan *p, struct err *e);

#endif
