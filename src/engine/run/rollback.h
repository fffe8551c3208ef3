/* SPDX-License-Identifier: GPL-2.0-or-later */
/* After a step that failed: undo what was done, or leave it and say what stands. */
#ifndef VFY_ENGINE_RUN_ROLLBACK_H
#define VFY_ENGINE_RUN_ROLLBACK_H

#include "engine/run/journal.h"
#include "engine/run/run.h"

/* A run, for the loop and for the way back. */
struct job {
	struct engine *en;
	struct plan *plan;
	struct before *before; /* one for each step */
	struct journal *journal;
};

/* Has step @s, which failed with @e, not ended: a write goes on in the kernel, or what it began
 * could not be taken back? A guest that did not answer in time, and was left as it was, is not
 * that. */
bool is_unfinished(const struct step *s, const struct err *e);

/**
 * roll_back - undo in reverse order what was done of the plan
 * @failed: the step @e is about
 *
 * True when all is as before. What could not be undone is added to @e, with status EXIT_LEFT. An
 * object that is stuck in the kernel is left alone: each further write to it would hang as long
 * again.
 */
bool roll_back(struct job *j, size_t failed, struct err *e);

/* on_error = "stop": adds what stands to @e; EXIT_LEFT when anything was done. */
void leave_standing(const struct job *j, struct err *e);

#endif
