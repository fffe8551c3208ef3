/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A call into the kernel that may never come back, in a child process under a deadline. */
#ifndef VFY_BASE_CHILD_H
#define VFY_BASE_CHILD_H

#include <sys/types.h>

struct child {
	int fd; /* where its answer comes from; -1: none runs */
	pid_t pid;
};

/* Runs @fn, which returns 0 or -errno, in a child. 0, or -errno when none could be started. */
int child_start(struct child *ret, int (*fn)(void *arg), void *arg);

/**
 * child_finish - what the child's function returned
 * @timeout_ms: from now on
 *
 * -ETIMEDOUT: the child is left to the kernel. (What its function called so is -ETIME.) It cannot
 * be taken back while it sits there, and keeps what it inherited, the host lock among it; it ends
 * when the kernel lets it go.
 */
int child_finish(struct child *c, unsigned timeout_ms);

#endif
