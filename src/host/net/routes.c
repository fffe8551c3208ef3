// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/net/routes.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <linux/rtnetlink.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>

#include "base/child.h"
#include "base/deadline.h"
#include "base/mem.h"

#define RECENT_MS 1000

/* How often a dump is restarted because routes changed meanwhile. */
#define TRIES 5

static void free_socket(struct nl_sock **s)
{
	nl_socket_free(*s);
}

static int add_one(struct netroute *n, int ifindex)
{
	for (unsigned i = 0; i < n->n; i++)
		if (n->ifindex[i] == ifindex)
			return 0;
	if (n->n == NETROUTE_MAX)
		return -E2BIG;
	n->ifindex[n->n++] = ifindex;
	return 0;
}

/* Adds the interfaces of a multipath route. */
static int add_ways(struct netroute *n, const struct nlattr *multipath)
{
	const struct rtnexthop *way = nla_data(multipath);
	int left = nla_len(multipath), r = 0;

	/* RTNH_OK() reads the length before it knows that there is one. */
	for (; r == 0 && left >= (int)sizeof(*way) && RTNH_OK(way, left); way = RTNH_NEXT(way)) {
		r = add_one(n, way->rtnh_ifindex);
		left -= (int)RTNH_ALIGN(way->rtnh_len);
	}
	return r;
}

int netroute_add(struct netroute *n, const struct nlmsghdr *hdr)
{
	struct nlattr *tb[RTA_MAX + 1];
	const struct rtmsg *route = nlmsg_data(hdr);
	int r = 0;

	if (hdr->nlmsg_type != RTM_NEWROUTE || !nlmsg_valid_hdr(hdr, sizeof(*route)) ||
	    route->rtm_dst_len || route->rtm_type != RTN_UNICAST ||
	    nlmsg_parse((struct nlmsghdr *)hdr, sizeof(*route), tb, RTA_MAX, NULL) < 0)
		return 0;
	if (tb[RTA_OIF] && nla_len(tb[RTA_OIF]) >= (int)sizeof(uint32_t))
		r = add_one(n, (int)nla_get_u32(tb[RTA_OIF]));
	if (r == 0 && tb[RTA_MULTIPATH])
		r = add_ways(n, tb[RTA_MULTIPATH]);
	if (tb[RTA_NH_ID] && !tb[RTA_OIF] && !tb[RTA_MULTIPATH])
		r = -EOPNOTSUPP;
	return r;
}

struct dump {
	struct netroute routes;
	int code; /* of netroute_add() */
};

static int take_route(struct nl_msg *msg, void *arg)
{
	struct dump *d = arg;

	d->code = netroute_add(&d->routes, nlmsg_hdr(msg));
	return d->code < 0 ? NL_STOP : NL_OK;
}

static int dump_once(struct nl_sock *s, struct dump *d)
{
	/* A kernel without IPv6 answers the second request with all routes that it has. */
	static const unsigned char families[] = { AF_INET, AF_INET6 };
	int r = 0;

	*d = (struct dump){ .code = 0 };
	for (unsigned i = 0; r == 0 && i < ARRAY_SIZE(families); i++) {
		struct rtmsg ask = { .rtm_family = families[i] };

		r = nl_send_simple(s, RTM_GETROUTE, NLM_F_DUMP, &ask, sizeof(ask));
		if (r >= 0)
			r = nl_recvmsgs_default(s);
		if (r >= 0)
			r = d->code;
	}
	return r;
}

static int dump_routes(void *arg)
{
	_cleanup_(free_socket) struct nl_sock *s = nl_socket_alloc();
	struct dump *d = arg;
	int r = -NLE_DUMP_INTR;

	if (!s)
		return -ENOMEM;
	nl_socket_modify_cb(s, NL_CB_VALID, NL_CB_CUSTOM, take_route, d);
	if (nl_connect(s, NETLINK_ROUTE) < 0)
		return -EIO;
	for (unsigned i = 0; r == -NLE_DUMP_INTR && i < TRIES; i++)
		r = dump_once(s, d);
	if (d->code < 0)
		return d->code;
	return r == -NLE_DUMP_INTR ? -EAGAIN : r < 0 ? -EIO : 0;
}

int netroute_defaults(struct netroute *ret, unsigned timeout_ms)
{
	/* The child's answer is more than an errno, so it goes through shared memory. */
	struct dump *d =
		mmap(NULL, sizeof(*d), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct child child;
	int r;

	if (d == MAP_FAILED)
		return -errno;
	r = child_start(&child, dump_routes, d);
	if (r == 0)
		r = child_finish(&child, timeout_ms);
	*ret = d->routes;
	munmap(d, sizeof(*d));
	return r;
}

int netroute_recent_defaults(struct netroute *ret, unsigned timeout_ms)
{
	static _Thread_local struct {
		struct netroute routes;
		int64_t until_ms; /* 0: never asked */
		int code;
	} last;

	if (monotonic_ms() >= last.until_ms) {
		last.code = netroute_defaults(&last.routes, timeout_ms);
		last.until_ms = monotonic_ms() + RECENT_MS;
	}
	*ret = last.routes;
	return last.code;
}
