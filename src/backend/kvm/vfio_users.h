/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which processes have a VFIO group or device open, to find who uses a VF. */
#ifndef VFY_BACKEND_KVM_VFIO_USERS_H
#define VFY_BACKEND_KVM_VFIO_USERS_H

#include "host/inventory/inventory.h"

struct vfio_user {
	int32_t group;	/* NO_GROUP: the device's own node is open, and @dev says which */
	struct bdf dev; /* zero with a group */
	uint32_t pid;
};

struct vfio_users {
	struct vfio_user *v; /* sorted */
	size_t n;
	bool is_partial; /* open files of some processes could not be seen */
};

/**
 * users_read - go through the open files of all processes once
 *
 * It compares device numbers, not names, because QEMU may live in another mount namespace; a tree
 * given with --root has only names. When the host has no VFIO node, nothing is read. Returns 0 and
 * *ret (release with users_done()), or -errno.
 * Source: Linux drivers/vfio/group.c (/dev/vfio/N), drivers/vfio/device_cdev.c
 * (/dev/vfio/devices/vfioX); proc(5), /proc/PID/fd.
 */
int users_read(struct vfio_users *ret, const struct host *h, struct err *e);
void users_done(struct vfio_users *u);

/* Does the same for one process; one that is gone has nothing open. */
int users_read_pid(struct vfio_users *ret, const struct host *h, uint32_t pid, struct err *e);

/**
 * users_ask_kernel - tell whether anybody has the group open, seen in /proc or not
 *
 * Opens the group and closes it at once: the kernel gives a group to one user only, and says -EBUSY
 * while another one has it, or has a device of it by its own node. This finds descriptors that are
 * being sent through a socket, and those of processes that cannot be seen from here. A guest that
 * starts at this very moment finds the group busy, so ask only before a change. Returns -EBUSY, 1
 * when nobody has it, or 0 when that cannot be told: there is no group to open, or functions have
 * nodes of their own, which the kernel counts only when they are used and not when they are opened.
 * Source: Linux drivers/vfio/group.c, vfio_group_fops_open() (opened_file, cdev_device_open_cnt);
 * drivers/vfio/device_cdev.c, vfio_device_fops_cdev_open(), vfio_df_ioctl_bind_iommufd().
 */
int users_ask_kernel(const struct host *h, int32_t group);

/* Adds what a process has opened since. Returns 0 or -ENOMEM. */
int users_add(struct vfio_users *u, int32_t group, uint32_t pid);

/* Returns the first user of a function, by its group or its own node, NULL for none.
 * Logarithmic. */
const struct vfio_user *users_of(const struct vfio_users *u, int32_t group, struct bdf dev);

/* Tells whether that process is among them. */
bool users_has(const struct vfio_users *u, int32_t group, struct bdf dev, uint32_t pid);

/* Returns the next user of the same, NULL when @user was the last. */
const struct vfio_user *users_next(const struct vfio_users *u, const struct vfio_user *user);

#endif
