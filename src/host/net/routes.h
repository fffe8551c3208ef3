/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which interfaces the host's default routes use, asked of the kernel. */
#ifndef VFY_HOST_NET_ROUTES_H
#define VFY_HOST_NET_ROUTES_H

#include <linux/netlink.h>

#define NETROUTE_MAX 64

struct netroute {
	unsigned n;
	int ifindex[NETROUTE_MAX]; /* each once */
};

/**
 * netroute_defaults - list the interfaces of the running host's default routes, in every table
 *
 * This finds what the files lack: /proc/net/route omits the tables of policy routing and of VRFs,
 * and every nexthop of a multipath route except the first; /proc/net/ipv6_route omits every nexthop
 * except the first when a route uses a group of nexthop objects. It needs no privileges. The kernel
 * dumps routes under the lock of all network devices, so a child asks, under a deadline. Returns 0
 * or -errno: -ETIMEDOUT; -E2BIG for more than NETROUTE_MAX interfaces; -EAGAIN when routes changed
 * during every dump; -EOPNOTSUPP as netroute_add() does.
 * Source: Linux net/ipv4/fib_trie.c, fib_route_seq_start(), fib_route_seq_show();
 * net/ipv4/fib_frontend.c, inet_dump_fib(); net/ipv6/ip6_fib.c, ipv6_route_native_seq_show(),
 * inet6_dump_fib().
 */
int netroute_defaults(struct netroute *ret, unsigned timeout_ms);

/* Returns the same, or the answer (a failure, too) that this thread got at most a second ago: a
 * caller that asks about many functions must not make the kernel dump a big table for each. */
int netroute_recent_defaults(struct netroute *ret, unsigned timeout_ms);

/**
 * netroute_add - add the interfaces of one message, if it is a default route that leads somewhere
 *
 * Reads no byte beyond the message. Returns 0; -E2BIG; or -EOPNOTSUPP for a route that names a
 * nexthop object instead of its interfaces, which the sysctl net.ipv4.nexthop_compat_mode=0 causes
 * (for IPv6, too).
 * Source: Linux net/ipv4/fib_semantics.c, fib_dump_info(); net/ipv6/route.c, rt6_fill_node().
 */
int netroute_add(struct netroute *n, const struct nlmsghdr *hdr);

#endif
