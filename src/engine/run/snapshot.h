/* SPDX-License-Identifier: GPL-2.0-or-later */
/* VFs that are unmade and made again: how each was, for the way back. */
#ifndef VFY_ENGINE_RUN_SNAPSHOT_H
#define VFY_ENGINE_RUN_SNAPSHOT_H

#include "engine/run/run.h"

/* Drivers, overrides and settings of all VFs of one PF. */
struct snapshot_vf;
struct snapshot {
	struct snapshot_vf *v;
	unsigned n;
};

/* As they are now. Release with snapshot_done(). */
int snapshot_take(const struct engine *en, struct pf *pf, struct snapshot *ret, struct err *e);

/**
 * snapshot_restore - as many VFs as there were, each as it was
 *
 * Through 0 where there are some now; no driver takes one before its settings are back. The
 * inventory follows. Nothing is left out that a VF had without vfyard asking, as far as the kernel
 * tells: driver, driver_override, MAC and the other settings.
 */
int snapshot_restore(struct engine *en, struct pf *pf, const struct snapshot *was, struct err *e);
void snapshot_done(struct snapshot *r);

#endif
