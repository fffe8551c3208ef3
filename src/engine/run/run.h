/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The one loop that changes a host. */
#ifndef VFY_ENGINE_RUN_RUN_H
#define VFY_ENGINE_RUN_RUN_H

#include "engine/engine.h"
#include "engine/plan/step.h"

/**
 * engine_run - run the steps in order; on failure undo what was done, in reverse
 *
 * Before the first step, what the devices are now is committed to the state, once; after VFs were
 * made, once more for these. What the state already has stays, unless it is about another card.
 * After the last step, what was given back is forgotten, again with one commit. A crash in between
 * costs nothing, because giving back twice is the same as once.
 *
 * Each step is written to the journal before it begins (journal.h), several of one kind together
 * (batch.h), verified when it is done, and undone by its own entry of the table (actions.h).
 * Changes of sriov_numvfs that follow each other run at once. Settings of one PF that follow each
 * other are read back together. The inventory is updated when sriov_numvfs changes; states stay
 * those of the survey.
 *
 * @e is the failure of the step. When an undo fails, too, or when p->stop_on_error leaves what was
 * done, the status is EXIT_LEFT, and the sentence says what is left. Outcomes are in the steps.
 *
 * A step with is_restore whose value the driver refuses is left (unrestored.h): everything else is
 * done, and then the refusal is the error, with EXIT_LEFT, unless there was a fall-back.
 *
 * SIGINT, SIGTERM and SIGHUP wait for the end of the step during which they come; then everything
 * is undone, and -EINTR is returned. A signal that comes during the last step is delivered when
 * everything is done.
 */
int engine_run(struct engine *en, struct plan *p, struct err *e);

#endif
