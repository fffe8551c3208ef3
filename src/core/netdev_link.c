// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/netdev_link.h"

/* Of a device that is not up the carrier cannot be read.
 * Source: Linux net/core/net-sysfs.c, carrier_show(). */
enum netdev_link netdev_link(const struct host *h, const char *netdev)
{
	uint64_t carrier;

	if (root_read_u64(&h->root, &carrier, "sys/class/net/%s/carrier", netdev) < 0)
		return LINK_DOWN;
	return carrier ? LINK_UP : LINK_COMING;
}
