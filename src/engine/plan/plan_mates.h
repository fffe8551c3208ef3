/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Steps about functions of one slot, which are one device in a guest. Pure. */
#ifndef VFY_ENGINE_PLAN_PLAN_MATES_H
#define VFY_ENGINE_PLAN_PLAN_MATES_H

#include "engine/plan/change.h"

/**
 * plan_mates - find steps about one device, and put them into their order
 *
 * Fills in options.mates of steps that attach, define or undefine. A guest looks for the other
 * functions when function 0 comes, so that is attached last; and since an undo goes backwards, it
 * is detached first, while nothing but function 0 takes the others out. A definition has it first,
 * because what manages it chooses the place with that. Steps change places among themselves only.
 */
void plan_mates(struct plan *p);

/* Refuses to detach some functions of what the guest has as one device, because it releases all or
 * none; and what cannot leave at all while the domain runs. Returns 0 or -EBUSY (EXIT_REFUSED). */
int plan_mates_refuse(const struct change *c, struct err *e);

#endif
