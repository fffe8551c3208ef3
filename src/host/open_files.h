/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which processes have which files open, to find who holds a device. */
#ifndef VFY_HOST_OPEN_FILES_H
#define VFY_HOST_OPEN_FILES_H

#include <sys/stat.h>

#include "host/host.h"

/* One descriptor of one process; borrowed, for the call only. */
struct open_file {
	uint32_t pid;
	int dir;	    /* the directory proc/PID/fd, or that of one of its threads, open */
	const char *name;   /* of the descriptor's link in it */
	const char *target; /* what the link says: a path as that process sees it */
};

/* Returns 0 to go on, or -errno, which ends the walk. */
typedef int (*open_file_fn)(void *arg, const struct open_file *f);

/**
 * open_files_each - calls @fn for every open file that has a path
 * @pid: of this process only, which has nothing open when it is gone; 0: of all
 * @ret_partial: set when the files of some processes may not be seen, also where proc is mounted
 *               with hidepid= and does not have them; left alone else
 *
 * Sockets, pipes and the like have no path and are passed over. Nothing is opened but directories
 * of proc, so that no file system that hangs is waited for. A tree without proc has no processes.
 * proc/PID/fd is that of the first thread: where that one has ended, or another has a table of its
 * own, the threads are looked at, too. What is on its way in a socket is in none of them.
 * All of it takes host->timeout_ms at most, because any user may have millions of descriptors:
 * -ETIMEDOUT then. Returns 0 or -errno. Source: proc(5), /proc/PID/fd; Linux fs/proc/fd.c,
 * proc_readfd_common(); kernel/fork.c, copy_files() and ksys_unshare() (CLONE_FILES).
 */
int open_files_each(const struct host *h, uint32_t pid, open_file_fn fn, void *arg,
		    bool *ret_partial);

/**
 * open_file_is_usable - tell whether anything can be done with the device through this descriptor
 *
 * A descriptor with O_PATH is useless, and everybody may open one for every node. One that is
 * opened for reading only is usable, because no ioctl and no open function of VFIO asks for more.
 * Always true in a tree, because its links have no such bits. Source: Linux fs/proc/fd.c,
 * tid_fd_update_inode(): the mode of the link has the modes of the descriptor;
 * drivers/vfio/group.c, vfio_group_fops_open().
 */
bool open_file_is_usable(const struct open_file *f);

/* Reads the file's type and device number from what the kernel has in memory: no file system is
 * asked, so one that hangs cannot block this. Returns 0 with ret->st_mode and st_rdev, or
 * -errno. */
int open_file_stat(const struct open_file *f, struct stat *ret);

/**
 * process_label - write how messages name a process: "dpdk-testpmd (pid 5000, lxc.payload.web1)"
 *
 * It has the process's short name and the last part of its control group, which is named after the
 * container, guest or service that the process belongs to. Bytes that are not printable become "_",
 * because whoever names a process is not trusted. Returns @buf.
 */
#define PROCESS_LABEL_MAX 128
const char *process_label(char buf[PROCESS_LABEL_MAX], const struct host *h, uint32_t pid);

#endif
