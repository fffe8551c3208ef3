/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where a long run is: one line that changes on a terminal, plain lines elsewhere. */
#ifndef VFY_ENGINE_RUN_PROGRESS_H
#define VFY_ENGINE_RUN_PROGRESS_H

#include "engine/plan/step.h"

struct progress;

/**
 * progress_new - tell @to about a plan of @n steps
 * @is_terminal: the line is drawn over and over, each second, also within a step, and erased at the
 *		 end; else a line of its own, at most one a second, for runs longer than that
 *
 * Nothing at all for a run that ends within a second. NULL when out of memory, which all others
 * take: progress is no reason to fail.
 */
struct progress *progress_new(FILE *to, bool is_terminal);

/* The same as a call before each step (several that run at once: the first of them), with which one
 * it is, from 1, of how many, and what it does: "assign net0/3 (0000:05:10.6): driver igbvf". */
struct progress *progress_new_call(void (*say)(void *arg, size_t step, size_t n, const char *line),
				   void *arg);

/* Before step @i (from 0) of the plan. "vfyard: [3/42] assign net0/3 (0000:05:10.6) 12 s". */
void progress_step(struct progress *p, const struct plan *plan, size_t i);
/* Erases the line, so that something else can be printed. */
void progress_clear(struct progress *p);
void progress_free(struct progress *p);

#endif
