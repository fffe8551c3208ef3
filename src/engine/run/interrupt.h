/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Signals that ask a run to end: not in the middle of a step, and not without undoing. */
#ifndef VFY_ENGINE_RUN_INTERRUPT_H
#define VFY_ENGINE_RUN_INTERRUPT_H

#include <signal.h>
#include <stdbool.h>

struct interrupt {
	sigset_t old, held;
};

/* From here on SIGINT, SIGTERM and SIGHUP wait; those the program ignores or blocks are left so. */
void interrupt_hold(struct interrupt *i);

/* The name of one that waits ("SIGINT"), which is taken and thereby answered; NULL: none came. */
const char *interrupt_take(const struct interrupt *i);

/* What waits still is delivered now. */
void interrupt_done(const struct interrupt *i);

#endif
