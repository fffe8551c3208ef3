/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How VFs were before they are unmade and made again, for the way back. */
#ifndef VFY_ENGINE_RUN_SNAPSHOT_H
#define VFY_ENGINE_RUN_SNAPSHOT_H

#include "engine/run/run.h"

/* Drivers, overrides and settings of all VFs of one PF. */
struct snapshot_vf;
struct snapshot {
	struct snapshot_vf *v;
	unsigned n;
};

/* Records them as they are now. Release with snapshot_done(). */
int snapshot_take(const struct engine *en, struct pf *pf, struct snapshot *ret, struct err *e);

/**
 * snapshot_restore - make as many VFs as there were, each as it was
 *
 * Goes through 0 when there are VFs now; no driver binds to a VF before its settings are back. The
 * inventory is updated. As far as the kernel tells, each VF gets back everything that it had:
 * driver, driver_override, MAC and the other settings.
 */
int snapshot_restore(struct engine *en, struct pf *pf, const struct snapshot *was, struct err *e);
void snapshot_done(struct snapshot *r);

#endif
