/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The single steps of the command line: check what must hold, make the plan, run it. */
#ifndef VFY_ENGINE_PLAN_PLAN_ASSIGN_H
#define VFY_ENGINE_PLAN_PLAN_ASSIGN_H

#include "engine/operands.h"
#include "engine/run/run.h"

/*
 * All are idempotent (a device that is already as asked is left alone) and all-or-nothing. The
 * host lock is taken and the inventory read and surveyed under it by the caller; refusals (held by
 * a domain, guard, limits, claims of another domain) have status EXIT_REFUSED and happen before
 * anything is changed. en->dry_run prints the plan to stdout instead.
 */

/* @name "" for none; a name needs exactly one device. */
int verb_assignable_add(struct engine *en, const struct devlist *devs, const char *name,
			struct err *e);
/* @give_back: to the remembered driver (-r). */
int verb_assignable_remove(struct engine *en, const struct devlist *devs, bool give_back,
			   struct err *e);
int verb_attach(struct engine *en, const char *domain, const struct devlist *devs, struct err *e);
int verb_detach(struct engine *en, const char *domain, const struct devlist *devs, bool force,
		struct err *e);

#endif
