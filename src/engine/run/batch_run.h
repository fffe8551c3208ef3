/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Steps of one kind that follow each other: begun together, done in turn or all at once. */
#ifndef VFY_ENGINE_RUN_BATCH_RUN_H
#define VFY_ENGINE_RUN_BATCH_RUN_H

#include "engine/run/interrupt.h"
#include "engine/run/remember.h"
#include "engine/run/rollback.h"
#include "engine/run/unrestored.h"

/* What only the loop needs, and not the rollback. */
struct loop {
	struct job j;
	struct remember remember;
	struct interrupt interrupt;
	struct unrestored unrestored;
	size_t failed; /* the step that the error is about */
};

/* A signal that came since the last question becomes an error. Returns 0 or -EINTR. */
int loop_interrupted(struct loop *l, struct err *e);

/**
 * batch_run - do steps @first..@last-1, which the journal has already
 *
 * Each that has ended is written to the journal, also those that no longer begin because one
 * failed or a signal came. Returns 0, or -errno with the first failure in @e and its step in
 * l->failed.
 */
int batch_run(struct loop *l, size_t first, size_t last, struct err *e);

#endif
