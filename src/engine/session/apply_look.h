/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The last word of an apply: it looks at the host as status does. */
#ifndef VFY_ENGINE_SESSION_APPLY_LOOK_H
#define VFY_ENGINE_SESSION_APPLY_LOOK_H

#include "engine/session/apply.h"

/**
 * apply_look_again - look at the host again after apply_run()
 *
 * Reads inventory, survey and attributes anew, checks and plans anew, into a->after: the steps of
 * that plan are what is not as wanted. What the run left alone (--no-attach, a domain that does not
 * run) is no difference. A run that had nothing to do has looked already, so there is no second
 * look.
 *
 * Returns 0 when the host is as the topology says. Otherwise it returns -errno with status
 * EXIT_FAILED, and nothing is undone: @e says what the difference is, or how many there are
 * (apply_differences() has each); that the look failed (a->after is NULL then); or that the domains
 * could not be seen.
 */
int apply_look_again(struct apply *a, struct err *e);

/* Runs the plan of apply_open(.., true, ..), unless this is a dry run, and looks again. */
int apply_do(struct apply *a, struct err *e);

/* Calls @say, which may be NULL, with a sentence for each difference, and for what check finds now.
 * Returns how many there are. */
size_t apply_differences(const struct apply *after, void (*say)(void *arg, const struct err *e),
			 void *arg);

#endif
