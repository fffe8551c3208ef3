/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether a network device is up and has a link, because drivers make settings of VFs depend on
 * it. */
#ifndef VFY_HOST_NET_CARRIER_H
#define VFY_HOST_NET_CARRIER_H

#include "host/host.h"

enum netdev_link {
	LINK_DOWN,   /* the device is not up, or does not exist: somebody must bring it up */
	LINK_COMING, /* up without a carrier: one may come, if there is a cable */
	LINK_UP,
};

/* The kernel reports a lost carrier this much later at most. */
#define NETDEV_LINK_LATE_MS 1500u

/**
 * netdev_link - tell whether a device has a link, from files that are read without a lock
 *
 * It does not read `carrier`, because since Linux 6.8 a reader of that file spins in the kernel
 * while somebody holds the lock of all network devices, for ever when a driver hangs. `operstate`
 * follows the carrier, but only once a second when there are many changes.
 * Source: Linux net/core/net-sysfs.c, carrier_show(), operstate_show(); net/core/link_watch.c,
 * linkwatch_schedule_work().
 */
enum netdev_link netdev_link(const struct host *h, const char *netdev);

/* Asks for the device to be up, or down. Returns 0 or the kernel's -errno; -EROFS in a tree. It
 * does not read back the result (host/guard/netdev_up.h does). */
int netdev_write_up(const struct host *h, const char *netdev, bool up);

/* Tells whether a PF's driver accepts rates of VFs other than 0 only while the PF has a link.
 * @driver may be NULL. Source: Linux drivers/net/ethernet/intel/igb/igb_main.c,
 * igb_ndo_set_vf_bw(); drivers/net/ethernet/intel/ixgbe/ixgbe_sriov.c, ixgbe_ndo_set_vf_bw(). */
bool netdev_rates_need_link(const char *driver);

#endif
