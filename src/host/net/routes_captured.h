/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Default routes of a captured host, in every table. CAPTURE_DIR/ip-route has the default routes
 * that ip route show table all prints for both protocols, without addresses. */
#ifndef VFY_HOST_NET_ROUTES_CAPTURED_H
#define VFY_HOST_NET_ROUTES_CAPTURED_H

#include "host/host.h"

/**
 * netroute_captured - tell whether a default route uses this device
 *
 * Returns 1; 0, also when the capture has no routes; -EOPNOTSUPP, as netroute_defaults() does, for
 * a route that names no device. A line looks like "default dev eth0 dev eth1 table 100". Source:
 * iproute2 ip/iproute.c, print_route().
 */
int netroute_captured(const struct host *h, const char *netdev);

#endif
