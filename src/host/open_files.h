/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which processes have which files open: who holds a device. */
#ifndef VFY_HOST_OPEN_FILES_H
#define VFY_HOST_OPEN_FILES_H

#include "host/host.h"

/* One descriptor of one process; borrowed, for the call only. */
struct open_file {
	uint32_t pid;
	int dir;	    /* the directory proc/PID/fd, open */
	const char *name;   /* of the descriptor's link in it */
	const char *target; /* what the link says: a path as that process sees it */
};

/* Returns 0 to go on, or -errno, which ends the walk. */
typedef int (*open_file_fn)(void *arg, const struct open_file *f);

/**
 * open_files_each - calls @fn for every open file that has a path
 * @pid: of this process only, which has nothing open when it is gone; 0: of all
 * @ret_partial: set when the files of some processes may not be seen, left alone else
 *
 * Sockets, pipes and the like have no path and are passed over. Nothing is opened but directories
 * of proc, so that no file system that hangs is waited for. A tree without proc has no processes.
 * Returns 0 or -errno. Source: proc(5), /proc/PID/fd.
 */
int open_files_each(const struct host *h, uint32_t pid, open_file_fn fn, void *arg,
		    bool *ret_partial);

/**
 * process_label - how messages name a process: "dpdk-testpmd (pid 5000, lxc.payload.web1)"
 *
 * By its own short name, and the last part of its control group, which is that of the container,
 * guest or service it belongs to. Other bytes than printable ones become "_", because who names a
 * process is not trusted. Returns @buf.
 */
#define PROCESS_LABEL_MAX 128
const char *process_label(char buf[PROCESS_LABEL_MAX], const struct host *h, uint32_t pid);

#endif
