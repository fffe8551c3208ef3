/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The last word of an apply: the look that status takes. */
#ifndef VFY_ENGINE_SESSION_APPLY_LOOK_H
#define VFY_ENGINE_SESSION_APPLY_LOOK_H

#include "engine/session/apply.h"

/**
 * apply_look_again - what the host is like after apply_run(), by a look of its own
 *
 * Inventory, survey, attributes, check and plan anew, into a->after: the steps of that plan are
 * what is not as wanted. What the run left alone (--no-attach, a domain that does not run) is no
 * difference. A run that had nothing to do looked already, and is not looked at again.
 *
 * Returns 0 when the host is as the topology says. Else -errno with status EXIT_FAILED, nothing is
 * undone: @e is the difference, or how many there are (apply_differences() has each); that the look
 * failed (a->after is NULL then); or that the domains could not be seen.
 */
int apply_look_again(struct apply *a, struct err *e);

/* The plan of apply_open(.., true, ..), unless this is a dry run, and that look. */
int apply_do(struct apply *a, struct err *e);

/* Each difference, and what check finds now, as a sentence. Returns how many. @say may be NULL. */
size_t apply_differences(const struct apply *after, void (*say)(void *arg, const struct err *e),
			 void *arg);

#endif
