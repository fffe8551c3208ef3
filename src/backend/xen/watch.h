/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Waiting for nodes of xenstore to change. */
#ifndef VFY_BACKEND_XEN_WATCH_H
#define VFY_BACKEND_XEN_WATCH_H

#include "backend/xen/xenstore.h"
#include "base/deadline.h"

/* Zero but for @h to begin with; watch_done() is its end. */
struct watch {
	struct xs_handle *h;
	char paths[2][64]; /* with all below */
	unsigned n, n_set;
	bool is_tried;
};

/* One more path, printf-style; before the first wait. */
void watch_add(struct watch *w, const char *fmt, ...) PRINTF_LIKE(2, 3);

/**
 * watch_wait - wait for a change, or for the end of @until
 *
 * For loops that look, wait, and look again: the watches are set by the first wait, and fire once
 * at that, so what changed between the look and the wait is not missed. False, without waiting,
 * when the time is over. Where xenstored refuses to watch, the wait is a pause.
 * Source: Xen tools/xenstore/xenstored_watch.c, do_watch().
 */
bool watch_wait(struct watch *w, struct deadline *until);

void watch_done(struct watch *w);

#endif
