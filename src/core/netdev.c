// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/netdev.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <netlink/netlink.h>
#include <netlink/msg.h>

#include "base/mem.h"

struct answer {
	char name[IFNAMSIZ];
	uint8_t mac[6];
	bool has_mac;
};

static void free_socket(struct nl_sock **s)
{
	nl_socket_free(*s);
}

static void free_msg(struct nl_msg **m)
{
	nlmsg_free(*m);
}

static int take_link(struct nl_msg *msg, void *arg)
{
	struct nlattr *tb[IFLA_MAX + 1];
	struct answer *a = arg;

	if (nlmsg_hdr(msg)->nlmsg_type != RTM_NEWLINK ||
	    nlmsg_parse(nlmsg_hdr(msg), sizeof(struct ifinfomsg), tb, IFLA_MAX, NULL) < 0)
		return NL_SKIP;
	if (tb[IFLA_IFNAME])
		nla_strlcpy(a->name, tb[IFLA_IFNAME], sizeof(a->name));
	if (tb[IFLA_PERM_ADDRESS] && nla_len(tb[IFLA_PERM_ADDRESS]) == (int)sizeof(a->mac)) {
		memcpy(a->mac, nla_data(tb[IFLA_PERM_ADDRESS]), sizeof(a->mac));
		a->has_mac = true;
	}
	return NL_OK;
}

/* libnl has its own numbers for errors; only "no such device" makes a difference here. */
static int from_nl(int r)
{
	return r == -NLE_OBJ_NOTFOUND || r == -NLE_NODEV ? -ENODEV : -EIO;
}

/* One RTM_GETLINK by a name attribute; without auto-ack the answer, or the error, is all that
 * comes. */
static int get_link(int attribute, const char *name, struct answer *ret)
{
	_cleanup_(free_socket) struct nl_sock *s = nl_socket_alloc();
	_cleanup_(free_msg) struct nl_msg *msg = nlmsg_alloc_simple(RTM_GETLINK, 0);
	struct ifinfomsg ifi = { .ifi_family = AF_UNSPEC };
	int r;

	if (!s || !msg)
		return -ENOMEM;
	nl_socket_disable_auto_ack(s);
	nl_socket_modify_cb(s, NL_CB_VALID, NL_CB_CUSTOM, take_link, ret);
	if (nlmsg_append(msg, &ifi, sizeof(ifi), NLMSG_ALIGNTO) < 0 ||
	    nla_put_string(msg, attribute, name) < 0)
		return -EMSGSIZE;
	r = nl_connect(s, NETLINK_ROUTE);
	if (r == 0)
		r = nl_send_auto(s, msg);
	if (r >= 0)
		r = nl_recvmsgs_default(s);
	if (r < 0)
		return from_nl(r);
	return ret->name[0] ? 0 : -ENODEV;
}

int netdev_of_altname(const char *altname, char ret[IFNAMSIZ])
{
	struct answer a = { 0 };
	int r = get_link(IFLA_ALT_IFNAME, altname, &a);

	if (r == 0)
		memcpy(ret, a.name, sizeof(a.name));
	return r;
}

int netdev_permanent_mac(const char *netdev, uint8_t ret[6])
{
	struct answer a = { 0 };
	int r = strlen(netdev) < IFNAMSIZ ? get_link(IFLA_IFNAME, netdev, &a) : -ENODEV;

	if (r == 0 && !a.has_mac)
		return -ENOENT;
	if (r == 0)
		memcpy(ret, a.mac, sizeof(a.mac));
	return r;
}
