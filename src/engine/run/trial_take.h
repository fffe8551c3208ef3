/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a run finds, so that all of it can be undone later, when the run is long over. */
#ifndef VFY_ENGINE_RUN_TRIAL_TAKE_H
#define VFY_ENGINE_RUN_TRIAL_TAKE_H

#include "engine/engine.h"
#include "engine/plan/step.h"

/* The file of what is kept, beside the memory (state/state.h) and of its form. */
#define TRIAL_FILE "unconfirmed.json"

/**
 * trial_take - keep what the objects of steps @first... are now, in en->trial, on disk
 *
 * The memory has what devices were before vfyard first touched them; this has what they were
 * before this run: an assignable VF is to be so again, and one in a domain stays there. Call it
 * before the first step, and after VFs were made, for those. What it has already stays. Undoing is
 * change_release() with this in the place of the memory.
 */
int trial_take(const struct engine *en, const struct plan *p, size_t first, struct err *e);

#endif
