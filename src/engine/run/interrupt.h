/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Signals that ask a run to end: never in the middle of a step, and never without undoing. */
#ifndef VFY_ENGINE_RUN_INTERRUPT_H
#define VFY_ENGINE_RUN_INTERRUPT_H

#include <signal.h>
#include <stdbool.h>

struct interrupt {
	sigset_t old, held;
};

/* From here on SIGINT, SIGTERM and SIGHUP wait; those that the program ignores or blocks are left
 * alone. */
void interrupt_hold(struct interrupt *i);

/* Returns the name of one that waits ("SIGINT"), and takes it, which answers it; NULL when none
 * came. */
const char *interrupt_take(const struct interrupt *i);

/* Delivers now what still waits. */
void interrupt_done(const struct interrupt *i);

#endif
