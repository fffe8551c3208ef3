/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which interfaces the host's default routes leave by, asked of the kernel. */
#ifndef VFY_HOST_NET_ROUTES_H
#define VFY_HOST_NET_ROUTES_H

#include <linux/netlink.h>

#define NETROUTE_MAX 64

struct netroute {
	unsigned n;
	int ifindex[NETROUTE_MAX]; /* each once */
};

/**
 * netroute_defaults - interfaces of the running host's default routes, in every table
 *
 * For what the files do not have: /proc/net/route lacks the tables of policy routing and of VRFs,
 * and all ways but the first of a route with several; /proc/net/ipv6_route all ways but the first
 * of a route over a group of nexthop objects. Needs no privileges. The kernel dumps routes under
 * the lock of all network devices, so a child asks, under a deadline. Returns 0 or -errno:
 * -ETIMEDOUT, -E2BIG for more than NETROUTE_MAX interfaces, -EAGAIN when routes changed in every
 * dump, -EOPNOTSUPP as netroute_add().
 * Source: Linux net/ipv4/fib_trie.c, fib_route_seq_start(), fib_route_seq_show();
 * net/ipv4/fib_frontend.c, inet_dump_fib(); net/ipv6/ip6_fib.c, ipv6_route_native_seq_show(),
 * inet6_dump_fib().
 */
int netroute_defaults(struct netroute *ret, unsigned timeout_ms);

/* The same, or its answer (a failure, too) of at most a second ago to this thread: who asks about
 * each of many functions must not make the kernel dump a big table each time. */
int netroute_recent_defaults(struct netroute *ret, unsigned timeout_ms);

/**
 * netroute_add - the interfaces of one message, when it is a default route that leads somewhere
 *
 * Looks at no byte beyond the message. 0, -E2BIG, or -EOPNOTSUPP for a route that names a nexthop
 * object and not its interfaces, as with the sysctl net.ipv4.nexthop_compat_mode=0 (of IPv6, too).
 * Source: Linux net/ipv4/fib_semantics.c, fib_dump_info(); net/ipv6/route.c, rt6_fill_node().
 */
int netroute_add(struct netroute *n, const struct nlmsghdr *hdr);

#endif
