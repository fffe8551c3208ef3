/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether a process that calls itself a QEMU is one: what the kernel says about it, and not its
 * arguments. */
#ifndef VFY_BACKEND_KVM_PROCESS_H
#define VFY_BACKEND_KVM_PROCESS_H

#include "host/host.h"

#define PROCESS_GROUPS_MAX 64u

/* What a process runs. */
enum program {
	PROGRAM_UNSEEN, /* cannot be seen from here, so its arguments say what it is */
	PROGRAM_QEMU,
	PROGRAM_OTHER,	 /* if root's, its arguments are believed nevertheless: a wrapper, an
			  * interpreter */
	PROGRAM_SET_ID,	 /* whoever starts it chooses its arguments, but not the user that it runs
			  * as */
	PROGRAM_NOTHING, /* a task of the kernel, or one that has ended */
};

/* The user that a process runs as. */
struct ids {
	bool is_known; /* false: a tree does not say */
	uint32_t uid, real_uid, gid;
	uint32_t groups[PROCESS_GROUPS_MAX];
	size_t n_groups;
};

/* Tells whether this is the name of QEMU's program; only the last part of a path counts. Pure. */
bool program_is_qemu(const char *path);

/* Tells what a process runs, without ever waiting for it. Source: Linux fs/proc/base.c,
 * proc_exe_link(). */
enum program process_program(const struct host *h, uint32_t pid);

/* Reads the user that a process runs as. Source: proc(5), /proc/PID/status. */
void process_ids(const struct host *h, uint32_t pid, struct ids *ret);

/* Tells whether it is root, and not through somebody's set-id program. */
bool ids_are_root(const struct ids *i);

/**
 * ids_may_vfio - tell whether it may open the node of an IOMMU group, or of a device
 *
 * True for root, and for a user who may read and write one of VFIO's nodes as its owner, by its
 * group, like everybody, or by an access list. Source: Linux fs/namei.c, acl_permission_check();
 * acl(5).
 */
bool ids_may_vfio(const struct host *h, const struct ids *i);

/* Tells whether libvirt started it, because only root makes a scope at that place. Source:
 * systemd-machined(8); libvirt src/util/virsystemd.c, virSystemdCreateMachine(). */
bool process_is_in_machine_slice(const struct host *h, uint32_t pid);

#endif
