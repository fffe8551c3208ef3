// SPDX-License-Identifier: GPL-2.0-or-later
/* Reads the VFs in the kernel's description of a device. Source: Linux net/core/rtnetlink.c. */
#include <string.h>
#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <netlink/attr.h>

#include "host/net/vf_link_parts.h"

/* mlx4 reports "no VLAN" as the number that no VLAN can have.
 * Source: Linux drivers/net/ethernet/mellanox/mlx4, MLX4_VGT. */
#define NO_VLAN 4095

struct span {
	unsigned char *at;
	size_t left;
};

static struct nlattr *first(const struct span *s)
{
	return (struct nlattr *)s->at;
}

static bool vf_is_whole(const struct span *s)
{
	return s->left >= NLA_HDRLEN && first(s)->nla_len >= NLA_HDRLEN &&
	       first(s)->nla_len <= s->left;
}

static void step_over(struct span *s, size_t n)
{
	n = NLA_ALIGN(n);
	if (n > s->left)
		n = s->left;
	s->at += n;
	s->left -= n;
}

/*
 * The list has a 16-bit length, which wraps after 334 VFs, and the kernel sends it wrapped, so
 * nothing behind the list can be found. That is why this does not use a parser for whole messages,
 * and stops at the list; the number of VFs stands before it.
 * Source: rtnl_fill_vf(), include/net/netlink.h, nla_nest_end().
 */
static bool find_list(struct span *s, uint32_t *n_vfs)
{
	*n_vfs = 0;
	while (s->left >= NLA_HDRLEN && nla_type(first(s)) != IFLA_VFINFO_LIST) {
		if (!vf_is_whole(s))
			return false;
		if (nla_type(first(s)) == IFLA_NUM_VF && nla_len(first(s)) == sizeof(*n_vfs))
			*n_vfs = nla_get_u32(first(s));
		step_over(s, first(s)->nla_len);
	}
	if (s->left < NLA_HDRLEN)
		return false;
	step_over(s, NLA_HDRLEN);
	return true;
}

/* Each attribute of a VF repeats the index. */
static bool is_of(struct nlattr *const *tb, int type, uint32_t index)
{
	return !tb[type] || nla_get_u32(tb[type]) == index;
}

static bool take_vlan(struct nlattr *const *tb, uint32_t index, struct vf_attrs *ret)
{
	static const struct nla_policy policy[IFLA_VF_VLAN_INFO_MAX + 1] = {
		[IFLA_VF_VLAN_INFO] = { .minlen = sizeof(struct ifla_vf_vlan_info) },
	};
	struct ifla_vf_vlan_info v = { .vlan_proto = htons(ETH_P_8021Q) };
	struct nlattr *list[IFLA_VF_VLAN_INFO_MAX + 1] = { 0 };

	if (tb[IFLA_VF_VLAN_LIST] &&
	    nla_parse_nested(list, IFLA_VF_VLAN_INFO_MAX, tb[IFLA_VF_VLAN_LIST], policy) < 0)
		return false;
	if (list[IFLA_VF_VLAN_INFO])
		memcpy(&v, nla_data(list[IFLA_VF_VLAN_INFO]), sizeof(v));
	else if (tb[IFLA_VF_VLAN])
		memcpy(&v, nla_data(tb[IFLA_VF_VLAN]), sizeof(struct ifla_vf_vlan));
	else
		return true;
	if (v.vf != index || v.vlan > NO_VLAN || v.qos > 7)
		return false;
	ret->vlan = v.vlan == NO_VLAN ? 0 : (uint16_t)v.vlan;
	ret->qos = (uint8_t)v.qos;
	ret->proto = ntohs(v.vlan_proto);
	ret->given |= VF_ATTR_VLAN | VF_ATTR_QOS;
	if (ret->proto == ETH_P_8021Q || ret->proto == ETH_P_8021AD)
		ret->given |= VF_ATTR_PROTO;
	return true;
}

/* 0xffffffff means that the driver did not say. Source: rtnl_fill_vfinfo(). */
static void take_on_off(const struct nlattr *nla, unsigned bit, struct vf_attrs *ret)
{
	uint32_t pair[2];

	memcpy(pair, nla_data(nla), sizeof(pair));
	if (pair[1] > 1)
		return;
	vf_attr_set_number(ret, vf_attr_info(bit), pair[1]);
	ret->given |= 1u << bit;
}

static void take_link(const struct nlattr *nla, struct vf_attrs *ret)
{
	static const uint8_t links[] = {
		[IFLA_VF_LINK_STATE_AUTO] = VF_LINK_AUTO,
		[IFLA_VF_LINK_STATE_ENABLE] = VF_LINK_ON,
		[IFLA_VF_LINK_STATE_DISABLE] = VF_LINK_OFF,
	};
	struct ifla_vf_link_state v;

	if (!nla)
		return;
	memcpy(&v, nla_data(nla), sizeof(v));
	if (v.link_state >= ARRAY_SIZE(links))
		return;
	ret->link = links[v.link_state];
	ret->given |= VF_ATTR_LINK;
}

static void take_guid(const struct nlattr *nla, unsigned bit, struct vf_attrs *ret)
{
	struct ifla_vf_guid v;

	memcpy(&v, nla_data(nla), sizeof(v));
	vf_attr_set_number(ret, vf_attr_info(bit), v.guid);
	ret->given |= 1u << bit;
}

/* Takes the attributes of one shape: an index and a value. */
static void take_plain(struct nlattr *const *tb, struct vf_attrs *ret)
{
	for (unsigned bit = 0; bit < VF_ATTR_N; bit++) {
		const struct vf_attr_info *info = vf_attr_info(bit);
		const struct nlattr *nla = info->ifla ? tb[info->ifla] : NULL;

		if (nla && info->kind == VF_KIND_GUID)
			take_guid(nla, bit, ret);
		else if (nla)
			take_on_off(nla, bit, ret);
	}
}

static void take_rest(struct nlattr *const *tb, struct vf_attrs *ret)
{
	struct ifla_vf_rate rate;

	memcpy(ret->mac, (unsigned char *)nla_data(tb[IFLA_VF_MAC]) + sizeof(uint32_t),
	       sizeof(ret->mac));
	ret->given |= VF_ATTR_MAC;
	take_link(tb[IFLA_VF_LINK_STATE], ret);
	take_plain(tb, ret);
	if (!tb[IFLA_VF_RATE])
		return;
	memcpy(&rate, nla_data(tb[IFLA_VF_RATE]), sizeof(rate));
	ret->min_tx_rate = rate.min_tx_rate;
	ret->max_tx_rate = rate.max_tx_rate;
	ret->given |= VF_ATTR_MIN_TX_RATE | VF_ATTR_MAX_TX_RATE;
}

/* Sets the minimum length of each attribute; for those of one shape it comes from the table of
 * attributes. */
static void fill_policy(struct nla_policy ret[IFLA_VF_MAX + 1])
{
	memset(ret, 0, (IFLA_VF_MAX + 1) * sizeof(*ret));
	ret[IFLA_VF_MAC].minlen = sizeof(struct ifla_vf_mac);
	ret[IFLA_VF_VLAN].minlen = sizeof(struct ifla_vf_vlan);
	ret[IFLA_VF_LINK_STATE].minlen = sizeof(struct ifla_vf_link_state);
	ret[IFLA_VF_RATE].minlen = sizeof(struct ifla_vf_rate);
	for (unsigned bit = 0; bit < VF_ATTR_N; bit++) {
		const struct vf_attr_info *info = vf_attr_info(bit);

		if (info->ifla)
			ret[info->ifla].minlen = info->kind == VF_KIND_GUID
							 ? sizeof(struct ifla_vf_guid)
							 : sizeof(struct ifla_vf_trust);
	}
}

/* Returns false when the entry as a whole makes no sense; then none of it is used. */
static bool read_vf(struct nlattr *entry, const struct nla_policy *policy, uint32_t *index,
		    struct vf_attrs *ret)
{
	struct nlattr *tb[IFLA_VF_MAX + 1];

	if (nla_parse_nested(tb, IFLA_VF_MAX, entry, policy) < 0 || !tb[IFLA_VF_MAC])
		return false;
	*index = nla_get_u32(tb[IFLA_VF_MAC]);
	for (int type = 0; type <= IFLA_VF_MAX; type++)
		if (policy[type].minlen && !is_of(tb, type, *index))
			return false;
	*ret = (struct vf_attrs){ 0 };
	if (!take_vlan(tb, *index, ret))
		return false;
	take_rest(tb, ret);
	return true;
}

/* The kernel leaves out a VF that the driver refuses to describe, so the position in the list is
 * not the index; but the indices are in ascending order. Source: rtnl_fill_vfinfo(). */
void vf_link_parse(const struct rtnl_answer *a, struct vf_attrs *ret, unsigned n)
{
	const struct nlmsghdr *hdr = (const struct nlmsghdr *)a->bytes;
	struct nla_policy policy[IFLA_VF_MAX + 1];
	struct span s = { a->bytes, a->len };
	uint32_t n_vfs, index, next = 0;
	struct vf_attrs vf;

	if (a->len < sizeof(*hdr) || hdr->nlmsg_type != RTM_NEWLINK)
		return;
	if (s.left > hdr->nlmsg_len)
		s.left = hdr->nlmsg_len;
	step_over(&s, NLMSG_LENGTH(sizeof(struct ifinfomsg)));
	if (!find_list(&s, &n_vfs))
		return;
	fill_policy(policy);
	while (vf_is_whole(&s) && nla_type(first(&s)) == IFLA_VF_INFO) {
		if (read_vf(first(&s), policy, &index, &vf) && index >= next && index < n_vfs) {
			next = index + 1;
			if (index < n)
				ret[index] = vf;
		}
		step_over(&s, first(&s)->nla_len);
	}
}
