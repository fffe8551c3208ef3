/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the parent (worker.c) and the worker (worker_loop.c) share. */
#ifndef VFY_BASE_WORKER_PARTS_H
#define VFY_BASE_WORKER_PARTS_H

#include <sys/socket.h>

#include "base/worker.h"

#define WORKER_FILES 2 /* with one work: what it is about, and the lock */

/* Room for them beside a message: the path, its NUL, and what to write. */
union worker_files {
	char buf[CMSG_SPACE(WORKER_FILES * sizeof(int))];
	struct cmsghdr align;
};

/*
 * Signals to the whole group, such as those of a terminal, are for the parent. What the parent had
 * open is closed: an idle worker must not keep the host lock, the monitor of a guest, or a device
 * node from others.
 */
__attribute__((noreturn)) void worker_loop(int from, pid_t parent);

#endif
