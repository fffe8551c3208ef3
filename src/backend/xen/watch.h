/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Waits for nodes of xenstore to change. */
#ifndef VFY_BACKEND_XEN_WATCH_H
#define VFY_BACKEND_XEN_WATCH_H

#include "backend/xen/xenstore.h"
#include "base/deadline.h"

/* Begin with all zero except @h; end it with watch_done(). */
struct watch {
	struct xs_handle *h;
	char paths[2][64]; /* with everything below them */
	unsigned n, n_set;
	bool is_tried;
};

/* Adds a path, printf-style; call it before the first wait. */
void watch_add(struct watch *w, const char *fmt, ...) PRINTF_LIKE(2, 3);

/**
 * watch_wait - wait for a change, or for the end of @until
 *
 * Use it in loops that look, wait, and look again. The first wait sets the watches, which fire once
 * when they are set, so a change between the look and the wait is not missed. Returns false,
 * without waiting, when the time is over. When xenstored refuses to watch, the wait is a pause.
 * Source: Xen tools/xenstore/xenstored_watch.c, do_watch().
 */
bool watch_wait(struct watch *w, struct deadline *until);

void watch_done(struct watch *w);

#endif
