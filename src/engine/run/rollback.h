/* SPDX-License-Identifier: GPL-2.0-or-later */
/* After a step failed: undoes what was done, or leaves it and says what stays. */
#ifndef VFY_ENGINE_RUN_ROLLBACK_H
#define VFY_ENGINE_RUN_ROLLBACK_H

#include "engine/run/journal.h"
#include "host/event.h"
#include "engine/run/run.h"

/* A run, as the loop and the rollback see it. */
struct job {
	struct engine *en;
	struct plan *plan;
	struct before *before; /* one for each step */
	bool *hangs;	       /* one for each step: a write of it is still in the kernel */
	struct journal *journal;
};

/* Tells the host's log that the step was done, or undone. */
void step_event(const struct host *h, enum event_kind kind, const struct step *s);

/* Tells whether step @s, which failed with @e, has not ended: a write is still running in the
 * kernel, or what it began could not be taken back. A guest that did not answer in time, and was
 * left as it was, does not count. */
bool is_unfinished(const struct step *s, const struct err *e);

/**
 * roll_back - undo, in reverse order, what was done of the plan
 * @failed: the step that @e is about
 *
 * Returns true when everything is as before. What could not be undone is added to @e, with status
 * EXIT_LEFT. Objects that are stuck in the kernel (@failed, and j->hangs) are left alone, because
 * each further write to one would hang as long again.
 */
bool roll_back(struct job *j, size_t failed, struct err *e);

/* For on_error = "stop": adds to @e what stays done; EXIT_LEFT when anything was done. */
void leave_standing(const struct job *j, struct err *e);

#endif
