/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which interfaces the host's default routes leave by, asked of the kernel. */
#ifndef VFY_CORE_NETROUTE_H
#define VFY_CORE_NETROUTE_H

#include <linux/netlink.h>

#define NETROUTE_MAX 64

struct netroute {
	unsigned n;
	int ifindex[NETROUTE_MAX]; /* each once */
};

/**
 * netroute_defaults4 - interfaces of the running host's IPv4 default routes, in every table
 *
 * For what /proc/net/route does not have: tables of policy routing and of VRFs, and all ways but
 * the first of a route with several. (/proc/net/ipv6_route has them all.) Needs no privileges. The
 * kernel dumps routes under the lock of all network devices, so a child asks, under a deadline.
 * Returns 0 or -errno: -ETIMEDOUT, -E2BIG for more than NETROUTE_MAX interfaces.
 * Source: Linux net/ipv4/fib_trie.c, fib_route_seq_start(), fib_route_seq_show();
 * net/ipv4/fib_frontend.c, inet_dump_fib(); net/ipv6/ip6_fib.c, ipv6_route_seq_next().
 */
int netroute_defaults4(struct netroute *ret, unsigned timeout_ms);

/* Adds the interfaces of one message when it is a default route that leads somewhere. Looks at no
 * byte beyond the message. 0 or -E2BIG. */
int netroute_add(struct netroute *n, const struct nlmsghdr *hdr);

#endif
