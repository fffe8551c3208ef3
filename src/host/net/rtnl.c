// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/net/rtnl.h"

#include <sys/socket.h>
#include <linux/rtnetlink.h>
#include <netlink/netlink.h>

#include "base/worker.h"

static void free_socket(struct nl_sock **s)
{
	nl_socket_free(*s);
}

static int receive(struct nl_sock *s, uint32_t seq, struct rtnl_answer *ret)
{
	_cleanup_(rtnl_free_answer) struct rtnl_answer a = { 0 };
	struct sockaddr_nl from;
	const struct nlmsghdr *hdr;
	int n = nl_recv(s, &from, &a.bytes, NULL);

	if (n <= 0)
		return n == -NLE_NOMEM ? -ENOMEM : -EIO;
	a.len = (size_t)n;
	hdr = (const struct nlmsghdr *)a.bytes;
	if (!nlmsg_ok(hdr, n) || hdr->nlmsg_seq != seq)
		return -EPROTO;
	*ret = (struct rtnl_answer){ STEAL(a.bytes), a.len };
	return 0;
}

/*
 * The kernel carries out a request inside send(2), in the sender's context and under the lock of
 * all network devices. A driver that hangs blocks the sender, so a deadline for the answer alone
 * would never start. So a worker sends; when it is done, the answer is in the socket that both
 * share. Source: Linux net/netlink/af_netlink.c, netlink_unicast_kernel(); net/core/rtnetlink.c,
 * rtnl_setlink().
 */
int rtnl_ask(void *host, struct nl_msg *msg, unsigned timeout_ms, struct rtnl_answer *ret)
{
	_cleanup_(free_socket) struct nl_sock *s = nl_socket_alloc();
	struct workers *workers = ((const struct host *)host)->root.workers;
	const struct nlmsghdr *hdr = nlmsg_hdr(msg);
	struct child child;
	int r;

	if (!s)
		return -ENOMEM;
	nl_socket_disable_auto_ack(s);
	/* The kernel decides how long the answer is: 250 VFs take 48 KiB. */
	nl_socket_enable_msg_peek(s);
	if (nl_connect(s, NETLINK_ROUTE) < 0 || nl_socket_set_nonblocking(s) < 0)
		return -EIO;
	nl_complete_msg(s, msg);
	r = worker_start(workers, &(struct work){ nl_socket_get_fd(s), NULL, hdr, hdr->nlmsg_len },
			 &child);
	if (r == 0)
		r = worker_finish(workers, &child, timeout_ms);
	return r < 0 ? r : receive(s, hdr->nlmsg_seq, ret);
}

int rtnl_answer_error(const struct rtnl_answer *a)
{
	const struct nlmsghdr *hdr = (const struct nlmsghdr *)a->bytes;

	if (a->len < sizeof(*hdr))
		return -EPROTO;
	if (hdr->nlmsg_type != NLMSG_ERROR)
		return 0;
	if (a->len < NLMSG_LENGTH(sizeof(struct nlmsgerr)))
		return -EPROTO;
	return ((const struct nlmsgerr *)NLMSG_DATA(hdr))->error;
}
