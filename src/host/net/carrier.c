// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/net/carrier.h"

#include <net/if.h>
#include <string.h>

enum netdev_link netdev_link(const struct host *h, const char *netdev)
{
	uint64_t flags;
	char state[32];

	if (root_read_u64(&h->root, &flags, "sys/class/net/%s/flags", netdev) < 0 ||
	    !(flags & IFF_UP) ||
	    root_read(&h->root, state, sizeof(state), "sys/class/net/%s/operstate", netdev) < 0)
		return LINK_DOWN;
	/* "unknown": a driver that does not tell, or has not yet; no reason to wait. */
	return !strcmp(state, "up") || !strcmp(state, "unknown") ? LINK_UP : LINK_COMING;
}

bool netdev_rates_need_link(const char *driver)
{
	static const char *const drivers[] = { "igb", "ixgbe" };

	for (size_t i = 0; driver && i < ARRAY_SIZE(drivers); i++)
		if (!strcmp(driver, drivers[i]))
			return true;
	return false;
}
