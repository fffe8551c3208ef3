/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Block devices that are in use although no list of the kernel says so. */
#ifndef VFY_HOST_GUARD_CLAIMED_H
#define VFY_HOST_GUARD_CLAIMED_H

#include "host/guard/stack.h"
#include "host/host.h"

/**
 * guard_claimed - the first device of @s that something on the running host has for itself alone
 * @ret: it, borrowed from @s; NULL when there is none, and always in a tree
 *
 * For what neither mountinfo, swaps nor holders has: filesystems of other mount namespaces,
 * journals and logs on a device of their own, further members of btrfs and ZFS, DRBD. The kernel
 * lets one holder claim a device, with O_EXCL; who else asks for that gets EBUSY. A claim is held
 * for the moment of the look, and needs root. Programs that open a disk without O_EXCL are not
 * seen.
 *
 * What stands on a device is asked before it, because a partition that is claimed makes its whole
 * disk answer EBUSY too. (So does the disk its partitions; then the last of them is named.) An open
 * may hang on a disk that does not answer, so children do it, each under the host's deadline.
 * Returns 0, or -errno when it could not be asked: -ETIMEDOUT. What fails to open in any other way
 * than EBUSY counts as free. Source: Linux block/bdev.c, bd_prepare_to_claim(), bd_may_claim().
 */
int guard_claimed(const struct host *h, const struct stack *s, const struct stack_dev **ret);

#endif
