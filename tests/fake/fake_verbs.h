/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Does a single step of the command line as its command does: plans it, and runs it unless
 * en->dry_run. */
#ifndef VFY_FAKE_VERBS_H
#define VFY_FAKE_VERBS_H

#include "engine/plan/plan_assign.h"

int run_assign(struct engine *en, const struct devlist *devs, const char *name, struct err *e);
int run_unassign(struct engine *en, const struct devlist *devs, bool give_back, struct err *e);
int run_attach(struct engine *en, const char *domain, const struct devlist *devs, struct err *e);
int run_detach(struct engine *en, const char *domain, const struct devlist *devs, bool force,
	       struct err *e);

#endif
