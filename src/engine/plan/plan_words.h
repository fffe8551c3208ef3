/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the verbs share: sentences about devices that are not as they must be. */
#ifndef VFY_ENGINE_PLAN_PLAN_WORDS_H
#define VFY_ENGINE_PLAN_PLAN_WORDS_H

#include "engine/plan/refuse.h"
#include "engine/plan/plan_assign.h"

/* "net0/3", what a user types: the label without the address. */
struct dev_word {
	char text[VF_LABEL_MAX];
};
struct dev_word dev_word(struct vf_ref vf);

/* The domain that holds it, and the command that takes it out there. */
int refuse_held(struct vf_ref vf, struct err *e);

/**
 * refuse_unsure - a VF whose state is stale or broken
 *
 * Says why, and what to do. Returns 0, with a note, where --force names it.
 */
int refuse_unsure(const struct engine *en, struct vf_ref vf, struct err *e);

/* May it be taken off the driver that makes it assignable? 0, or the backend's refusal. */
int refuse_kept(const struct engine *en, struct vf_ref vf, struct err *e);

/* Puts the VF's label and the verb's words on a failure. Returns @r. */
int operand_failed(struct vf_ref vf, const char *step, int r, struct err *e);

/* What the operands name, as what one run takes. Returns 0 or -ENOMEM. */
int takes_of_devs(struct takes *ret, const struct devlist *devs, struct err *e);

/* A plan that makes something assignable: may this host, and is the driver there or loaded first
 * (load_plan())? */
int ready_to_assign(const struct engine *en, struct plan *p, struct err *e);

#endif
