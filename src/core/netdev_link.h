/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether a network device has a link: drivers make settings of VFs depend on it. */
#ifndef VFY_CORE_NETDEV_LINK_H
#define VFY_CORE_NETDEV_LINK_H

#include "core/host.h"

enum netdev_link {
	LINK_DOWN,   /* the device is not up, or not there: somebody must bring it up */
	LINK_COMING, /* up without a carrier: it may come, if there is a cable */
	LINK_UP,
};

enum netdev_link netdev_link(const struct host *h, const char *netdev);

#endif
