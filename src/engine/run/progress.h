/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shows where a long run is: one line that changes on a terminal, plain lines elsewhere. */
#ifndef VFY_ENGINE_RUN_PROGRESS_H
#define VFY_ENGINE_RUN_PROGRESS_H

#include "engine/plan/step.h"

struct progress;

/**
 * progress_new - show the progress of a run on @to
 * @is_terminal: the line is redrawn every second, also within a step, and erased at the end;
 *		 otherwise runs of more than a second write at most one line per second
 *
 * A run that ends within a second shows nothing. Returns NULL when out of memory, and all others
 * accept NULL, because progress is no reason to fail.
 */
struct progress *progress_new(FILE *to, bool is_terminal);

/* Like progress_new(), but calls @say before each step (once for several that run at once) with the
 * number of the step, from 1, how many there are, and what it does: "assign net0/3 (0000:05:10.6):
 * driver igbvf". */
struct progress *progress_new_call(void (*say)(void *arg, size_t step, size_t n, const char *line),
				   void *arg);

/* Call it before step @i (from 0) of the plan. Shows "vfyard: [3/42] assign net0/3 (0000:05:10.6)
 * 12 s". */
void progress_step(struct progress *p, const struct plan *plan, size_t i);
/* Erases the line, so that something else can be printed. */
void progress_clear(struct progress *p);
void progress_free(struct progress *p);

#endif
