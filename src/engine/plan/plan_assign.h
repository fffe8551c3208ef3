/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The single steps of the command line: what must hold is checked, and the plan made. */
#ifndef VFY_ENGINE_PLAN_PLAN_ASSIGN_H
#define VFY_ENGINE_PLAN_PLAN_ASSIGN_H

#include "engine/engine.h"
#include "engine/operands.h"
#include "engine/plan/change.h"

/*
 * All are idempotent (a device that is already as asked is left alone) and all-or-nothing. The
 * host lock is taken and the inventory read and surveyed under it by the caller; refusals (held by
 * a domain, guard, limits, claims of another domain) have status EXIT_REFUSED. Free @ret with
 * change_done(), also after a failure; engine_run() does its plan.
 */

/* @name "" for none; a name needs exactly one device. */
int change_assign(const struct engine *en, const struct devlist *devs, const char *name,
		  struct change *ret, struct err *e);
/* @give_back: to the remembered driver (-r). */
int change_unassign(const struct engine *en, const struct devlist *devs, bool give_back,
		    struct change *ret, struct err *e);
int change_attach(const struct engine *en, const char *domain, const struct devlist *devs,
		  struct change *ret, struct err *e);
int change_detach(const struct engine *en, const char *domain, const struct devlist *devs,
		  bool force, struct change *ret, struct err *e);

#endif
