// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/net/netdev.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>

#include "host/net/vf_link_captured.h"
#include "host/net/vf_link_parts.h"

struct answer {
	char name[IFNAMSIZ];
	uint8_t mac[MAC_LEN];
	bool has_mac;
};

static int take_link(const struct rtnl_answer *from, struct answer *ret)
{
	struct nlmsghdr *hdr = (struct nlmsghdr *)from->bytes;
	struct nlattr *tb[IFLA_MAX + 1];

	if (hdr->nlmsg_type != RTM_NEWLINK ||
	    nlmsg_parse(hdr, sizeof(struct ifinfomsg), tb, IFLA_MAX, NULL) < 0)
		return -EPROTO;
	if (tb[IFLA_IFNAME])
		nla_strlcpy(ret->name, tb[IFLA_IFNAME], sizeof(ret->name));
	if (tb[IFLA_PERM_ADDRESS] && nla_len(tb[IFLA_PERM_ADDRESS]) == (int)sizeof(ret->mac)) {
		memcpy(ret->mac, nla_data(tb[IFLA_PERM_ADDRESS]), sizeof(ret->mac));
		ret->has_mac = true;
	}
	return ret->name[0] ? 0 : -ENODEV;
}

/* Sends one RTM_GETLINK that names the device by this attribute. */
static int get_link(const struct host *h, int attribute, const char *name, struct answer *ret)
{
	_cleanup_(rtnl_free_msg) struct nl_msg *msg = nlmsg_alloc_simple(RTM_GETLINK, 0);
	_cleanup_(rtnl_free_answer) struct rtnl_answer a = { 0 };
	struct ifinfomsg ifi = { .ifi_family = AF_UNSPEC };
	int r;

	if (!msg)
		return -ENOMEM;
	if (nlmsg_append(msg, &ifi, sizeof(ifi), NLMSG_ALIGNTO) < 0 ||
	    nla_put_string(msg, attribute, name) < 0)
		return -EMSGSIZE;
	r = rtnl_ask((void *)h, msg, HOST_TIMEOUT_MS, &a);
	if (r == 0)
		r = rtnl_answer_error(&a);
	return r < 0 ? r : take_link(&a, ret);
}

int netdev_of_altname(const struct host *h, const char *altname, char ret[IFNAMSIZ])
{
	struct answer a = { 0 };
	int r;

	if (root_is_tree(&h->root))
		return netdev_captured_altname(h, altname, ret) ? 0 : -ENODEV;
	r = get_link(h, IFLA_ALT_IFNAME, altname, &a);
	if (r == 0)
		memcpy(ret, a.name, sizeof(a.name));
	return r;
}

int netdev_permanent_mac(const struct host *h, const char *netdev, uint8_t ret[MAC_LEN])
{
	struct answer a = { 0 };
	int r;

	if (root_is_tree(&h->root))
		return netdev_captured_permanent_mac(h, netdev, ret) ? 0 : -ENOENT;
	r = strlen(netdev) < IFNAMSIZ ? get_link(h, IFLA_IFNAME, netdev, &a) : -ENODEV;
	if (r == 0 && !a.has_mac)
		return -ENOENT;
	if (r == 0)
		memcpy(ret, a.mac, sizeof(a.mac));
	return r;
}
