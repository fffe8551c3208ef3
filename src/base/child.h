/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A call into the kernel that may never come back, in a child process under a deadline. */
#ifndef VFY_BASE_CHILD_H
#define VFY_BASE_CHILD_H

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

#endif
