/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether a network device is up and has a link: drivers make settings of VFs depend on it. */
#ifndef VFY_HOST_NET_CARRIER_H
#define VFY_HOST_NET_CARRIER_H

#include "host/host.h"

enum netdev_link {
	LINK_DOWN,   /* the device is not up, or not there: somebody must bring it up */
	LINK_COMING, /* up without a carrier: it may come, if there is a cable */
	LINK_UP,
};

/* The kernel tells of a lost carrier so much later at most. */
#define NETDEV_LINK_LATE_MS 1500u

/**
 * netdev_link - the link of a device, from files that are read without a lock
 *
 * Not from its `carrier`: since Linux 6.8 a reader goes round in the kernel while somebody has the
 * lock of all network devices, for ever with a driver that hangs. `operstate` follows the carrier,
 * but once a second when there are many changes.
 * Source: Linux net/core/net-sysfs.c, carrier_show(), operstate_show(); net/core/link_watch.c,
 * linkwatch_schedule_work().
 */
enum netdev_link netdev_link(const struct host *h, const char *netdev);

/* Asks for the device to be up, or down: 0, or -errno of the kernel. What came of it is not read
 * back (host/guard/netdev_up.h does). -EROFS in a tree. */
int netdev_write_up(const struct host *h, const char *netdev, bool up);

/* Does this driver of a PF take rates of VFs other than 0 only while the PF has a link? @driver may
 * be NULL. Source: Linux drivers/net/ethernet/intel/igb/igb_main.c, igb_ndo_set_vf_bw();
 * drivers/net/ethernet/intel/ixgbe/ixgbe_sriov.c, ixgbe_ndo_set_vf_bw(). */
bool netdev_rates_need_link(const char *driver);

#endif
