// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Builds the two requests: read all VFs of one device, and set one setting of one VF.
 *
 * The attributes are built with libnl-3 and not with the VF objects of libnl-route-3, because these
 * send two bytes of uninitialised padding with a VLAN that has a protocol (802.1ad), omit what does
 * not fit without an error (lib/route/link/sriov.c, sriov_fill_vf_vlan_list(),
 * sriov_fill_vfinfo()), and contradict themselves about who releases a VLAN list.
 */
#include <string.h>
#include <arpa/inet.h>
#include <net/if.h>
#include <linux/if_ether.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <netlink/attr.h>

#include "host/net/vf_link_parts.h"

/*
 * The request has the name and not the number, because the kernel looks the name up under the same
 * lock. Without a number the kernel does not take the name for a new one to set; flags and change 0
 * leave the device as it is.
 * Source: Linux net/core/rtnetlink.c, rtnl_setlink(), do_setlink().
 */
static int start(int type, int flags, const char *netdev, struct nl_msg **ret)
{
	_cleanup_(rtnl_free_msg) struct nl_msg *msg = NULL;
	struct ifinfomsg ifi = { .ifi_family = AF_UNSPEC };

	if (!netdev[0] || strlen(netdev) >= IFNAMSIZ)
		return -ENODEV;
	msg = nlmsg_alloc_simple(type, flags);
	if (!msg || nlmsg_append(msg, &ifi, sizeof(ifi), NLMSG_ALIGNTO) < 0 ||
	    nla_put_string(msg, IFLA_IFNAME, netdev) < 0)
		return -ENOMEM;
	*ret = STEAL(msg);
	return 0;
}

int vf_link_request_read(const char *netdev, struct nl_msg **ret)
{
	_cleanup_(rtnl_free_msg) struct nl_msg *msg = NULL;
	int r = start(RTM_GETLINK, NLM_F_REQUEST, netdev, &msg);

	if (r < 0)
		return r;
	if (nla_put_u32(msg, IFLA_EXT_MASK, RTEXT_FILTER_VF | RTEXT_FILTER_SKIP_STATS) < 0)
		return -ENOMEM;
	*ret = STEAL(msg);
	return 0;
}

/* The plain attribute means 802.1q, and kernels before 4.9 know only that. */
static int put_vlan(struct nl_msg *msg, uint32_t vf, const struct vf_attrs *a)
{
	struct ifla_vf_vlan plain = { vf, a->vlan, a->qos };
	struct ifla_vf_vlan_info info;
	struct nlattr *list;
	int r;

	if (a->proto == ETH_P_8021Q)
		return nla_put(msg, IFLA_VF_VLAN, sizeof(plain), &plain);
	memset(&info, 0, sizeof(info)); /* its padding is sent, too */
	info.vf = vf;
	info.vlan = a->vlan;
	info.qos = a->qos;
	info.vlan_proto = htons(a->proto);
	list = nla_nest_start(msg, IFLA_VF_VLAN_LIST);
	if (!list)
		return -ENOMEM;
	r = nla_put(msg, IFLA_VF_VLAN_INFO, sizeof(info), &info);
	return r < 0 ? r : nla_nest_end(msg, list);
}

static int put_on_off(struct nl_msg *msg, int attribute, uint32_t vf, uint32_t value)
{
	/* struct ifla_vf_spoofchk, ifla_vf_trust and ifla_vf_link_state are all these two words. */
	uint32_t pair[] = { vf, value };

	return nla_put(msg, attribute, sizeof(pair), pair);
}

static int put_guid(struct nl_msg *msg, int attribute, uint32_t vf, uint64_t guid)
{
	struct ifla_vf_guid v;

	memset(&v, 0, sizeof(v)); /* its padding is sent, too */
	v.vf = vf;
	v.guid = guid;
	return nla_put(msg, attribute, sizeof(v), &v);
}

static int put_setting(struct nl_msg *msg, uint32_t vf, enum vf_setting s, const struct vf_attrs *a)
{
	static const uint8_t links[] = {
		[VF_LINK_AUTO] = IFLA_VF_LINK_STATE_AUTO,
		[VF_LINK_ON] = IFLA_VF_LINK_STATE_ENABLE,
		[VF_LINK_OFF] = IFLA_VF_LINK_STATE_DISABLE,
	};
	struct ifla_vf_rate rate = { vf, a->min_tx_rate, a->max_tx_rate };
	struct ifla_vf_mac mac = { .vf = vf };
	const struct vf_attr_info *info;

	switch (s) {
	case VF_SET_MAC:
		memcpy(mac.mac, a->mac, sizeof(a->mac));
		return nla_put(msg, IFLA_VF_MAC, sizeof(mac), &mac);
	case VF_SET_VLAN:
		return put_vlan(msg, vf, a);
	case VF_SET_LINK:
		return put_on_off(msg, IFLA_VF_LINK_STATE, vf, links[a->link]);
	case VF_SET_RATE:
		return nla_put(msg, IFLA_VF_RATE, sizeof(rate), &rate);
	default:
		break;
	}
	info = vf_attr_info((unsigned)__builtin_ctz(vf_setting_bits(s)));
	return info->kind == VF_KIND_GUID
		       ? put_guid(msg, info->ifla, vf, vf_attr_number(a, info))
		       : put_on_off(msg, info->ifla, vf, (uint32_t)vf_attr_number(a, info));
}

int vf_link_request_set(const char *netdev, unsigned index, enum vf_setting s,
			const struct vf_attrs *a, struct nl_msg **ret)
{
	_cleanup_(rtnl_free_msg) struct nl_msg *msg = NULL;
	struct vf_attrs all = { .proto = ETH_P_8021Q };
	struct nlattr *list, *vf;
	int r = start(RTM_SETLINK, NLM_F_REQUEST | NLM_F_ACK, netdev, &msg);

	if (r < 0)
		return r;
	vf_attrs_take(&all, a, vf_setting_bits(s));
	list = nla_nest_start(msg, IFLA_VFINFO_LIST);
	vf = list ? nla_nest_start(msg, IFLA_VF_INFO) : NULL;
	if (!vf || put_setting(msg, index, s, &all) < 0)
		return -ENOMEM;
	nla_nest_end(msg, vf);
	nla_nest_end(msg, list);
	*ret = STEAL(msg);
	return 0;
}
