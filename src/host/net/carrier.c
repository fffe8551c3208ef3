// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/net/carrier.h"

#include <net/if.h>
#include <string.h>
#include <linux/rtnetlink.h>
#include <netlink/attr.h>

#include "host/net/vf_link_parts.h"

enum netdev_link netdev_link(const struct host *h, const char *netdev)
{
	uint64_t flags;
	char state[32];

	if (root_read_u64(&h->root, &flags, "sys/class/net/%s/flags", netdev) < 0 ||
	    !(flags & IFF_UP) ||
	    root_read(&h->root, state, sizeof(state), "sys/class/net/%s/operstate", netdev) < 0)
		return LINK_DOWN;
	/* "unknown" means that the driver does not tell, or not yet, so there is no reason to
	 * wait. */
	return !strcmp(state, "up") || !strcmp(state, "unknown") ? LINK_UP : LINK_COMING;
}

bool netdev_rates_need_link(const char *driver)
{
	static const char *const drivers[] = { "igb", "ixgbe" };

	for (size_t i = 0; driver && i < ARRAY_SIZE(drivers); i++)
		if (!strcmp(driver, drivers[i]))
			return true;
	return false;
}

static int ask_kernel(const struct host *h, const char *netdev, bool up)
{
	_cleanup_(rtnl_free_msg) struct nl_msg *msg = NULL;
	_cleanup_(rtnl_free_answer) struct rtnl_answer answer = { 0 };
	struct ifinfomsg ifi = { .ifi_family = AF_UNSPEC,
				 .ifi_flags = up ? IFF_UP : 0,
				 .ifi_change = IFF_UP };
	int r;

	if (strlen(netdev) >= IFNAMSIZ)
		return -ENODEV;
	msg = nlmsg_alloc_simple(RTM_NEWLINK, NLM_F_REQUEST | NLM_F_ACK);
	if (!msg || nlmsg_append(msg, &ifi, sizeof(ifi), NLMSG_ALIGNTO) < 0 ||
	    nla_put_string(msg, IFLA_IFNAME, netdev) < 0)
		return -ENOMEM;
	r = rtnl_ask((void *)h, msg, h->timeout_ms, &answer);
	return r < 0 ? r : rtnl_answer_error(&answer);
}

static int write_up(const struct host *h, const char *netdev, bool up)
{
	if (h->vf_link)
		return h->vf_link->up ? h->vf_link->up(h->vf_link_arg, netdev, up) : -EOPNOTSUPP;
	return root_is_tree(&h->root) ? -EROFS : ask_kernel(h, netdev, up);
}

int netdev_write_up(const struct host *h, const char *netdev, bool up)
{
	int r = write_up(h, netdev, up);

	log_effect(&h->log, r, "bring network device %s %s", netdev, up ? "up" : "down");
	return r;
}
