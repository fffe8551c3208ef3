/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A PF's network device, up and down. */
#ifndef VFY_HOST_GUARD_NETDEV_UP_H
#define VFY_HOST_GUARD_NETDEV_UP_H

#include "host/inventory/inventory.h"

/**
 * netdev_set_up - as ip link set up, or down; read back
 *
 * One RTM_NEWLINK by name under the deadline. -ETIMEDOUT is EXIT_LEFT, because it may still be
 * done; -EROFS below --root; -EIO when the kernel says success and it is not so. Source: Linux
 * net/core/rtnetlink.c, do_setlink(); ifi_change says which flags are meant.
 */
int netdev_set_up(const struct host *h, const struct pf *pf, bool up, struct err *e);

/**
 * netdev_is_used - would somebody miss the PF's network device if it went down?
 * @why: at least 256 bytes, gets who, when it returns 1
 *
 * All that guard_net() knows, and any route of the main tables but those that every device has
 * that is up: with an address come routes. 1, 0, or -errno when it could not look.
 */
int netdev_is_used(const struct host *h, const struct pf *pf, char why[256]);

#endif
