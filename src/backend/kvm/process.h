/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Is a process that calls itself a QEMU one? What the kernel says of it, and not its arguments. */
#ifndef VFY_BACKEND_KVM_PROCESS_H
#define VFY_BACKEND_KVM_PROCESS_H

#include "host/host.h"

#define PROCESS_GROUPS_MAX 64u

/* What it runs. */
enum program {
	PROGRAM_UNSEEN, /* not to be seen from here: its arguments say what it is */
	PROGRAM_QEMU,
	PROGRAM_OTHER,	 /* root's arguments are believed all the same: a wrapper, an interpreter */
	PROGRAM_SET_ID,	 /* whoever starts it chooses its arguments, not whom it runs as */
	PROGRAM_NOTHING, /* a task of the kernel, or one that has ended */
};

/* Whom it runs as. */
struct ids {
	bool is_known; /* false: a tree does not say */
	uint32_t uid, real_uid, gid;
	uint32_t groups[PROCESS_GROUPS_MAX];
	size_t n_groups;
};

/* Is this the name of QEMU's program? Of a path its last part counts. Pure. */
bool program_is_qemu(const char *path);

/* Nothing of it waits for the process. Source: Linux fs/proc/base.c, proc_exe_link(). */
enum program process_program(const struct host *h, uint32_t pid);

/* Source: proc(5), /proc/PID/status. */
void process_ids(const struct host *h, uint32_t pid, struct ids *ret);

/* Root, and by nobody's set-id program. */
bool ids_are_root(const struct ids *i);

/**
 * ids_may_vfio - may it open the node of an IOMMU group, or of a device?
 *
 * Root, or a user whom the owner, the group, the rest or an access list of one of the nodes of
 * VFIO lets read and write it. Source: Linux fs/namei.c, acl_permission_check(); acl(5).
 */
bool ids_may_vfio(const struct host *h, const struct ids *i);

/* Did libvirt start it? Only root makes a scope at that place. Source: systemd-machined(8);
 * libvirt src/util/virsystemd.c, virSystemdCreateMachine(). */
bool process_is_in_machine_slice(const struct host *h, uint32_t pid);

#endif
