/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Steps that the journal records together, with one fsync, before the first of them begins. */
#ifndef VFY_ENGINE_RUN_BATCH_H
#define VFY_ENGINE_RUN_BATCH_H

#include "engine/plan/step.h"

/* As many as one batch has at most: so many may be found begun, or not, when a run was killed. */
#define BATCH_MAX 64

/**
 * batch_end - find the steps that begin together with step @i
 *
 * Returns the first step after @i that is not one of them: i + 1 when step @i is alone. Steps of a
 * batch follow each other, are of one kind, and do not depend on each other: bindings of different
 * functions, settings of one PF (which the kernel applies as a whole, each of them), or changes of
 * sriov_numvfs of different PFs. When a run was killed, any of them may have begun, or none; what
 * recovery does about each kind is the same for a step that had not begun (recover.c).
 */
size_t batch_end(const struct plan *p, size_t i);

#endif
