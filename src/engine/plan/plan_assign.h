/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The single steps of the command line: checks what must hold, and makes the plan. */
#ifndef VFY_ENGINE_PLAN_PLAN_ASSIGN_H
#define VFY_ENGINE_PLAN_PLAN_ASSIGN_H

#include "engine/engine.h"
#include "engine/operands.h"
#include "engine/plan/change.h"

/*
 * All are idempotent (a device that is already as asked is left alone) and all-or-nothing. The
 * caller takes the host lock, and reads and surveys the inventory under it. Refusals (held by a
 * domain, guard, limits, claims of another domain) have status EXIT_REFUSED. Free @ret with
 * change_done(), also after a failure; engine_run() runs its plan.
 */

/* @name is "" for none; a name needs exactly one device. */
int change_assign(const struct engine *en, const struct devlist *devs, const char *name,
		  struct change *ret, struct err *e);
/* With @give_back (-r) the device goes back to the driver that is remembered. */
int change_unassign(const struct engine *en, const struct devlist *devs, bool give_back,
		    struct change *ret, struct err *e);
int change_attach(const struct engine *en, const char *domain, const struct devlist *devs,
		  struct change *ret, struct err *e);
int change_detach(const struct engine *en, const char *domain, const struct devlist *devs,
		  bool force, struct change *ret, struct err *e);

/**
 * assign_check_name - may the VF be called so, when it is made assignable?
 * @saved: NULL: no names are known
 *
 * A name that would hide a PF or a network device, or that another VF has, would make DEV mean two
 * things. Returns 0, or -EEXIST with cause, fix and EXIT_REFUSED.
 */
int assign_check_name(const struct host *h, const struct inventory *inv, const struct state *saved,
		      struct vf_ref vf, const char *name, struct err *e);

#endif
