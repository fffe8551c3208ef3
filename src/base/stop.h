/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Signals that ask a run to end while it waits for somebody else: they are blocked, not
 * delivered. */
#ifndef VFY_BASE_STOP_H
#define VFY_BASE_STOP_H

#include <signal.h>
#include <stdbool.h>
#include <sys/signalfd.h>

struct stop {
	sigset_t held; /* blocked, and looked for */
	bool is_on;
};

/* Tells whether one of them has come; it stays pending. @s may be NULL: then nobody asks. */
static inline bool stop_is_asked(const struct stop *s)
{
	sigset_t pending;

	if (!s || !s->is_on || sigpending(&pending) < 0)
		return false;
	sigandset(&pending, &pending, &s->held);
	return !sigisemptyset(&pending);
}

/* Returns a descriptor for poll(2) that becomes readable when one has come, to be closed by the
 * caller; -1 when there is none. Source: signalfd(2). */
static inline int stop_fd(const struct stop *s)
{
	return s && s->is_on ? signalfd(-1, &s->held, SFD_CLOEXEC | SFD_NONBLOCK) : -1;
}

#endif
