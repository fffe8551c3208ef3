/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Arguments of processes, of which some may not let themselves be read. */
#ifndef VFY_HOST_PROCESS_ARGS_H
#define VFY_HOST_PROCESS_ARGS_H

#include "host/host.h"

/* Of one process. */
struct process_args {
	uint32_t pid;	    /* the caller's */
	bool is_unreadable; /* the kernel did not answer in time */
	char *text;	    /* as /proc/PID/cmdline has them, NULL for none; owned */
	size_t len;
};

/**
 * process_args_read - the arguments of these processes
 * @v: @n of them with their pids; the rest is filled, and released with process_args_done()
 *
 * The kernel takes them out of the memory of the process, and waits for its lock: a process that
 * stands in a page fault of a file system which does not answer keeps it, and a user can make one.
 * So a child reads them, which is given up together with the process it waits for; the next one
 * goes on behind that. A process has a second, all of them host->timeout_ms. At most 4 MiB of each.
 * Returns 0 or -errno. Source: Linux fs/proc/base.c, get_mm_cmdline(); mm/memory.c,
 * access_remote_vm().
 */
int process_args_read(const struct host *h, struct process_args *v, size_t n);
void process_args_done(struct process_args *v, size_t n);

#endif
