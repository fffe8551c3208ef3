/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads the arguments of processes, some of which may block a reader. */
#ifndef VFY_HOST_PROCESS_ARGS_H
#define VFY_HOST_PROCESS_ARGS_H

#include "host/host.h"

/* The arguments of one process. */
struct process_args {
	uint32_t pid;	    /* set by the caller */
	bool is_unreadable; /* the kernel did not answer in time */
	char *text;	    /* the text of /proc/PID/cmdline, NULL when there is none; owned */
	size_t len;
};

/**
 * process_args_read - read the arguments of these processes
 * @v: @n entries with their pids set; the rest is filled in. Release with process_args_done()
 *
 * The kernel takes them from the memory of the process, and waits for the lock of that memory. A
 * process that is in a page fault on a file system that does not answer keeps the lock, and any
 * user can create one. So a child reads them; it is given up together with the process that it
 * waits for, and another child goes on with the next process. Each process may take a second, all
 * of them together host->timeout_ms. At most 4 MiB are read of each. Returns 0 or -errno. Source:
 * Linux fs/proc/base.c, get_mm_cmdline(); mm/memory.c, access_remote_vm().
 */
int process_args_read(const struct host *h, struct process_args *v, size_t n);
void process_args_done(struct process_args *v, size_t n);

#endif
