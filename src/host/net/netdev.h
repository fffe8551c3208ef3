/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What only the kernel can tell about network devices. */
#ifndef VFY_HOST_NET_NETDEV_H
#define VFY_HOST_NET_NETDEV_H

#include <net/if.h>
#include <stdint.h>
#include "base/mac.h"
#include "host/host.h"

/*
 * These ask the running host; with --root there is nobody to ask. They need no privileges. The
 * kernel answers under the lock of all network devices, and a driver that hangs keeps that lock:
 * after HOST_TIMEOUT_MS both return -ETIMEDOUT.
 * Source: Linux net/core/rtnetlink.c, rtnl_getlink(); IFLA_ALT_IFNAME since 5.5, IFLA_PERM_ADDRESS
 * since 5.6.
 */

/* Finds the name of the device that has this alternative name. Returns 0 or -errno, -ENODEV when no
 * device has it. */
int netdev_of_altname(const struct host *h, const char *altname, char ret[IFNAMSIZ]);

/* Reads the permanent address, which stays the same when somebody sets another one; below --root
 * the capture may have it. Returns 0 or -errno, -ENOENT when the kernel, the device or the capture
 * has none. */
int netdev_permanent_mac(const struct host *h, const char *netdev, uint8_t ret[MAC_LEN]);

#endif
