/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which processes have a VFIO group or device open: who uses a VF. */
#ifndef VFY_BACKEND_KVM_VFIO_USERS_H
#define VFY_BACKEND_KVM_VFIO_USERS_H

#include "host/inventory/inventory.h"

struct vfio_user {
	int32_t group;	/* NO_GROUP: the device's own node is open, @dev says which */
	struct bdf dev; /* zero with a group */
	uint32_t pid;
};

struct vfio_users {
	struct vfio_user *v; /* sorted */
	size_t n;
	bool is_partial; /* open files of some processes could not be seen */
};

/**
 * users_read - one pass over the open files of all processes
 *
 * Device numbers are compared, not names: QEMU may live in another mount namespace. In a tree
 * given with --root only the names are there. No VFIO node on this host: nothing is read.
 * Returns 0 and *ret (release with users_done()), or -errno.
 * Source: Linux drivers/vfio/group.c (/dev/vfio/N), drivers/vfio/device_cdev.c
 * (/dev/vfio/devices/vfioX); proc(5), /proc/PID/fd.
 */
int users_read(struct vfio_users *ret, const struct host *h, struct err *e);
void users_done(struct vfio_users *u);

/* The same for one process; one that is gone has nothing open. */
int users_read_pid(struct vfio_users *ret, const struct host *h, uint32_t pid, struct err *e);

/**
 * users_ask_kernel - has anybody the group open, seen in /proc or not?
 *
 * Opens it and closes it at once: the kernel gives a group to one user only, and says -EBUSY while
 * another one has it, or a device of it by its own node. That finds descriptors that are on their
 * way in a socket, and those of processes that cannot be seen from here. A guest that starts in
 * this very moment finds it busy: ask before a change only. 0 also where there is no group to open.
 * Source: Linux drivers/vfio/group.c, vfio_group_fops_open() (opened_file, cdev_device_open_cnt).
 */
int users_ask_kernel(const struct host *h, int32_t group);

/* What a process opened since. -ENOMEM. */
int users_add(struct vfio_users *u, int32_t group, uint32_t pid);

/* First user of a function, by its group or its own node, NULL for none. Logarithmic. */
const struct vfio_user *users_of(const struct vfio_users *u, int32_t group, struct bdf dev);

/* Is that process among them? */
bool users_has(const struct vfio_users *u, int32_t group, struct bdf dev, uint32_t pid);

/* The next one of the same, NULL when @user was the last. */
const struct vfio_user *users_next(const struct vfio_users *u, const struct vfio_user *user);

#endif
