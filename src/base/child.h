/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A call into the kernel that may never come back, in a child process under a deadline. */
#ifndef VFY_BASE_CHILD_H
#define VFY_BASE_CHILD_H

#include <errno.h>
#include <stdbool.h>
#include <sys/types.h>

struct child {
	int fd; /* where its answer comes from; -1: no child is running */
	pid_t pid;
};

/* Runs @fn, which returns 0 or -errno, in a child. Returns 0, or -errno when it cannot be
 * started. */
int child_start(struct child *ret, int (*fn)(void *arg), void *arg);

/**
 * child_finish - wait for the child and return what its function returned
 * @timeout_ms: from now on
 *
 * -ETIMEDOUT means that the child is left to the kernel. (When the function itself returns
 * -ETIMEDOUT, this returns -ETIME.) A child that sits in the kernel cannot be called back and keeps
 * what it inherited, the host lock included; it ends when the kernel lets it go.
 */
int child_finish(struct child *c, unsigned timeout_ms);

/* What base/worker.c shares with it. */

/* Turns descriptors 0 to 2 into /dev/null: whoever reads our output, or waits for its end, must not
 * wait for a child that is stuck. */
void child_leave_stdio(void);

/* The byte with which a child answers @code, 0 or a positive errno: they are below 256 on Linux.
 * The driver's own time-out is not ours, because our deadline has not passed. */
static inline unsigned char child_code(int code)
{
	return (unsigned char)(code == ETIMEDOUT ? ETIME : code);
}

/* Waits for the answer. Returns 0, -errno, -ETIMEDOUT when there is none yet, or -EIO when the
 * child died without one. @ret_lives: it answered. */
int child_await(const struct child *c, unsigned timeout_ms, bool *ret_lives);

/* Leaves the child to the kernel. */
void child_leave(struct child *c);

#endif
