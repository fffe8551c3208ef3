// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/net/xdp.h"

#include <string.h>
#include <sys/mman.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>

#include "base/child.h"

/* Memory shared with the child. */
struct question {
	const char *netdev;
	uint32_t program; /* 0: none */
};

static void free_socket(struct nl_sock **s)
{
	nl_socket_free(*s);
}

static void free_message(struct nl_msg **m)
{
	nlmsg_free(*m);
}

static int take_link(struct nl_msg *msg, void *arg)
{
	struct nlattr *tb[IFLA_MAX + 1], *xdp[IFLA_XDP_MAX + 1];
	struct question *q = arg;

	if (nlmsg_parse(nlmsg_hdr(msg), sizeof(struct ifinfomsg), tb, IFLA_MAX, NULL) < 0 ||
	    !tb[IFLA_XDP] || nla_parse_nested(xdp, IFLA_XDP_MAX, tb[IFLA_XDP], NULL) < 0)
		return NL_OK;
	if (xdp[IFLA_XDP_PROG_ID] && nla_len(xdp[IFLA_XDP_PROG_ID]) >= (int)sizeof(uint32_t))
		q->program = nla_get_u32(xdp[IFLA_XDP_PROG_ID]);
	return NL_OK;
}

static int ask(void *arg)
{
	_cleanup_(free_socket) struct nl_sock *s = nl_socket_alloc();
	_cleanup_(free_message) struct nl_msg *m = nlmsg_alloc_simple(RTM_GETLINK, 0);
	const struct ifinfomsg ifi = { .ifi_family = AF_UNSPEC };
	struct question *q = arg;

	if (!s || !m || nlmsg_append(m, (void *)&ifi, sizeof(ifi), NLMSG_ALIGNTO) < 0 ||
	    nla_put_string(m, IFLA_IFNAME, q->netdev) < 0)
		return -ENOMEM;
	nl_socket_modify_cb(s, NL_CB_VALID, NL_CB_CUSTOM, take_link, q);
	nl_socket_disable_auto_ack(s);
	if (nl_connect(s, NETLINK_ROUTE) < 0 || nl_send_auto(s, m) < 0)
		return -EIO;
	/* For a device that is gone the kernel answers with an error; it has no program. */
	nl_recvmsgs_default(s);
	return 0;
}

int netxdp_program(const struct host *h, const char *netdev, uint32_t *ret)
{
	struct question *q;
	struct child child;
	int r;

	if (root_is_tree(&h->root))
		return 0;
	q = mmap(NULL, sizeof(*q), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (q == MAP_FAILED)
		return -errno;
	q->netdev = netdev;
	r = child_start(&child, ask, q);
	if (r == 0)
		r = child_finish(&child, h->timeout_ms);
	*ret = q->program;
	munmap(q, sizeof(*q));
	return r == -ETIMEDOUT ? r : *ret != 0;
}
