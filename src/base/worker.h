/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writes that may never come back, in processes that stay for the next one. A process and no
 * thread, because a thread that is stuck in the kernel keeps its program from ending.
 */
#ifndef VFY_BASE_WORKER_H
#define VFY_BASE_WORKER_H

#include <stddef.h>

#include "base/child.h"

/* Those that are waiting for work. None is started before there is some. */
struct workers;

/* One write(2). */
struct work {
	int at;		  /* where @path begins; without a path, what is written to */
	const char *path; /* opened for writing only; NULL: none */
	const void *bytes;
	size_t len;
};

/* Path and bytes together are at most this long. */
#define WORK_MAX 8192

/* Returns NULL when there is no memory. In all of these, NULL workers mean that each work has a
 * process of its own. */
struct workers *workers_new(void);

/* Ends all that are waiting, and waits until they have ended. Others can be started after it. */
void workers_end(struct workers *w);

/* The same, and frees @w. In a process that was forked, only its copies are closed. */
void workers_free(struct workers *w);

/* @fd, the host lock, stays open while a work that was started after this runs, even when the
 * parent has ended. It is borrowed until workers_end(); -1: none. */
void workers_keep(struct workers *w, int fd);

/**
 * worker_start - let a process do @work
 * @ret: ended by worker_finish()
 *
 * It has no file of the parent but those that @work needs, and them only until it answers: no
 * standard output, no socket of a monitor, no device node. It ends when the parent ends. Returns 0,
 * or -errno when no process can be started.
 */
int worker_start(struct workers *w, const struct work *work, struct child *ret);

/**
 * worker_finish - wait for the answer, and keep the process for the next work
 * @timeout_ms: from now on
 *
 * Returns what child_finish() returns: -ETIMEDOUT means that the process is left to the kernel,
 * with the lock; the next work gets another one.
 */
int worker_finish(struct workers *w, struct child *c, unsigned timeout_ms);

#endif
