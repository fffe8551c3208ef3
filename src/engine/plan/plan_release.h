/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Puts everything back as it was before vfyard first touched it. */
#ifndef VFY_ENGINE_PLAN_PLAN_RELEASE_H
#define VFY_ENGINE_PLAN_PLAN_RELEASE_H

#include "engine/operands.h"
#include "topology/binding.h"
#include "engine/plan/change.h"
#include "engine/engine.h"

/**
 * change_release - plan the steps back
 * @devs: only these VFs; NULL: all that is remembered, including PFs
 *
 * Out of the domain (which asks the guest), out of the definitions that vfyard put it into, also
 * of domains that are off, off the pass-through driver, settings, driver and
 * override as they were. A PF gets its number of VFs and its autoprobe back when all is released,
 * or when @devs has all of its VFs. What was assignable before vfyard came stays so, or is made
 * assignable again when all else is done; what is not remembered stays as it is.
 *
 * Refused (EXIT_REFUSED), with the object: a VF that nobody remembers is in a domain or assignable
 * while its PF is to lose its VFs; the host lives on one of them, or on the PF; a VF is broken; a
 * guest keeps a neighbour in its IOMMU group (neighbours.h).
 * Free @ret with change_done(), also after a failure.
 */
int change_release(const struct engine *en, const struct devlist *devs, struct change *ret,
		   struct err *e);

/**
 * release_devices - list the VFs of a domain
 *
 * These are the VFs that it has while it runs, those that vfyard defined for it, and those that the
 * topology gives it. Returns -ESRCH, without a sentence, when neither the hypervisor nor the
 * topology knows a domain of this name; @b is zeroed when there is no topology.
 */
int release_devices(const struct engine *en, const struct binding *b, const char *domain,
		    struct devlist *ret, struct err *e);

#endif
