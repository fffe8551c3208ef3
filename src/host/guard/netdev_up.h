/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Brings a PF's network device up and down. */
#ifndef VFY_HOST_GUARD_NETDEV_UP_H
#define VFY_HOST_GUARD_NETDEV_UP_H

#include "host/inventory/inventory.h"

/**
 * netdev_set_up - bring it up or down, as ip link set does, and read that back
 *
 * Sends one RTM_NEWLINK by name, under the deadline. Returns 0; -ETIMEDOUT with EXIT_LEFT, because
 * the kernel may still do it; -EROFS below --root; -EIO when the kernel reports success but has not
 * done it. Source: Linux net/core/rtnetlink.c, do_setlink(): ifi_change says which flags are meant.
 */
int netdev_set_up(const struct host *h, const struct pf *pf, bool up, struct err *e);

/**
 * netdev_is_used - tell whether somebody would miss the PF's network device if it went down
 * @why: at least 256 bytes; says who, when it returns 1
 *
 * Asks guard_net(), and looks for any route of the main tables except those that every device has
 * while it is up: an address brings routes. Returns 1, 0, or -errno when it could not look.
 */
int netdev_is_used(const struct host *h, const struct pf *pf, char why[256]);

#endif
