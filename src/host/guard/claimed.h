/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Block devices that are in use although none of the kernel's lists says so. */
#ifndef VFY_HOST_GUARD_CLAIMED_H
#define VFY_HOST_GUARD_CLAIMED_H

#include "host/guard/stack.h"
#include "host/host.h"

/**
 * guard_claimed - find the first device of @s that something on the running host has claimed
 * @ret: the device, borrowed from @s; NULL when there is none, and always in a tree
 *
 * This finds what neither mountinfo, swaps nor holders shows: filesystems of other mount
 * namespaces, journals and logs on a device of their own, further members of btrfs and ZFS, DRBD.
 * The kernel lets only one holder claim a device, with O_EXCL; anybody else who tries gets EBUSY.
 * The check itself claims each device for a moment, and needs root. Programs that open a disk
 * without O_EXCL are not seen.
 *
 * What stands on a device is tried before the device, because a claimed partition makes its whole
 * disk answer EBUSY, too. (A claimed disk does the same to its partitions; then the last of them is
 * named.) Opening a disk that does not answer may hang, so children do it, each under the host's
 * deadline. Returns 0, or -errno when it could not find out, such as -ETIMEDOUT. A device that
 * fails to open with any other error than EBUSY counts as free. Source: Linux block/bdev.c,
 * bd_prepare_to_claim(), bd_may_claim().
 */
int guard_claimed(const struct host *h, const struct stack *s, const struct stack_dev **ret);

#endif
