// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/net/xdp.h"

#include <linux/if_link.h>
#include <linux/rtnetlink.h>

#include "host/net/rtnl.h"

/* Returns the number of the program, 0 for none. */
static uint32_t program_in(const struct rtnl_answer *a)
{
	struct nlattr *tb[IFLA_MAX + 1], *xdp[IFLA_XDP_MAX + 1];
	struct nlmsghdr *hdr = (struct nlmsghdr *)a->bytes;

	if (hdr->nlmsg_type != RTM_NEWLINK ||
	    nlmsg_parse(hdr, sizeof(struct ifinfomsg), tb, IFLA_MAX, NULL) < 0 || !tb[IFLA_XDP] ||
	    nla_parse_nested(xdp, IFLA_XDP_MAX, tb[IFLA_XDP], NULL) < 0 || !xdp[IFLA_XDP_PROG_ID] ||
	    nla_len(xdp[IFLA_XDP_PROG_ID]) < (int)sizeof(uint32_t))
		return 0;
	return nla_get_u32(xdp[IFLA_XDP_PROG_ID]);
}

int netxdp_program(const struct host *h, const char *netdev, uint32_t *ret)
{
	_cleanup_(rtnl_free_msg) struct nl_msg *msg = NULL;
	_cleanup_(rtnl_free_answer) struct rtnl_answer a = { 0 };
	struct ifinfomsg ifi = { .ifi_family = AF_UNSPEC };
	int r;

	if (root_is_tree(&h->root))
		return 0;
	*ret = 0;
	msg = nlmsg_alloc_simple(RTM_GETLINK, 0);
	if (!msg || nlmsg_append(msg, &ifi, sizeof(ifi), NLMSG_ALIGNTO) < 0 ||
	    nla_put_string(msg, IFLA_IFNAME, netdev) < 0)
		return -ENOMEM;
	r = rtnl_ask((void *)h, msg, h->timeout_ms, &a);
	/* For a device that is gone the kernel answers with an error; it has no program. */
	if (r == 0 && rtnl_answer_error(&a) == 0)
		*ret = program_in(&a);
	return r == -ETIMEDOUT ? r : *ret != 0;
}
