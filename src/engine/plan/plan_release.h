/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Everything back as it was before vfyard first touched it. */
#ifndef VFY_ENGINE_PLAN_PLAN_RELEASE_H
#define VFY_ENGINE_PLAN_PLAN_RELEASE_H

#include "engine/operands.h"
#include "engine/run/run.h"

/* A release, planned; the plan borrows from the rest. */
struct release {
	struct plan plan;
	struct domain *domains; /* that VFs are taken out of */
	size_t n_domains;
	struct attachment *attached; /* of all domains, by address */
	size_t n_attached;
};

/**
 * release_plan - the steps back
 * @devs: only these VFs; NULL: all that is remembered, PFs too
 *
 * Out of the domain (which asks the guest), off the pass-through driver, settings, driver and
 * override as they were. A PF gets its number of VFs and its autoprobe back when all is released,
 * or when @devs has all of its VFs. What was assignable before vfyard came stays so, and what is
 * not remembered stays as it is.
 *
 * Refused (EXIT_REFUSED), with the object: a VF that nobody remembers is in a domain or assignable
 * while its PF is to lose its VFs; the host lives on one of them, or on the PF; a VF is broken.
 * Release @ret with release_done().
 */
int release_plan(const struct engine *en, const struct devlist *devs, struct release *ret,
		 struct err *e);
void release_done(struct release *r, const struct backend_ops *ops);

/**
 * release_devices - the VFs that are a domain's
 *
 * Those it has, running, and those the topology gives it. -ESRCH, without a sentence, when neither
 * the hypervisor nor the topology (may be NULL) knows a domain of this name.
 */
int release_devices(const struct engine *en, const struct topology *t, struct pf *const *pfs,
		    const char *domain, struct devlist *ret, struct err *e);

#endif
