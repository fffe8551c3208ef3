/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Hardware addresses of the host's own network devices. */
#ifndef VFY_HOST_NET_ADDRESSES_H
#define VFY_HOST_NET_ADDRESSES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bdf.h"
#include "base/mac.h"
#include "host/host.h"

struct netdev_mac {
	const char *netdev;
	uint8_t mac[MAC_LEN];
	bool has_bdf; /* it belongs to a PCI function */
	bool is_vf;   /* that function is a virtual one */
	struct bdf bdf;
};

/**
 * netdev_macs_each - call @fn for every hardware network device that has an address
 *
 * Devices built on another one (bridge, bond, VLAN) carry its address and are skipped, as are those
 * with the address 0. Stops at the first negative return of @fn, and returns it.
 */
int netdev_macs_each(const struct host *h, int (*fn)(void *arg, const struct netdev_mac *m),
		     void *arg);

/* Reads the permanent address of a device; the present one when the kernel has none, or cannot be
 * asked. Returns false when it has neither. */
bool netdev_address(const struct host *h, const char *netdev, uint8_t ret[MAC_LEN]);

#endif
