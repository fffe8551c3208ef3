/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The one loop that changes a host. */
#ifndef VFY_ENGINE_RUN_RUN_H
#define VFY_ENGINE_RUN_RUN_H

#include "engine/engine.h"
#include "engine/plan/step.h"

/**
 * engine_run - do the steps in order; on failure undo what was done, in reverse
 *
 * Before the first step: what the devices are now is committed to the state, once; after VFs were
 * made, once more for these. What is already remembered there stays, unless it is about another
 * card. After the last step what was given back is forgotten, again with one commit: a crash in
 * between costs nothing, for giving back twice is the same as once.
 *
 * Each step is written to the journal before it begins (journal.h), verified when it is done, and
 * undone by its own column of the table (actions.h). Changes of sriov_numvfs that follow each other
 * run at once. Settings of one PF that follow each other are read back together. The inventory
 * follows sriov_numvfs; states stay those of the survey.
 *
 * @e is the failure of the step; when an undo fails too, or when p->stop_on_error leaves what was
 * done, the status is EXIT_LEFT and the sentence says what is left. Outcomes are in the steps.
 *
 * A step with is_restore whose value the driver refuses is left (unrestored.h): all else is done,
 * and then that is the error, with EXIT_LEFT, unless there was a fall-back.
 *
 * SIGINT, SIGTERM and SIGHUP that come meanwhile wait for the end of the step they come in; then
 * all is undone and -EINTR returned. One that comes in the last step is delivered when all is done.
 */
int engine_run(struct engine *en, struct plan *p, struct err *e);

#endif
