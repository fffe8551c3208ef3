// SPDX-License-Identifier: GPL-2.0-or-later
#include "test.h"

#include "fake_vf_message.h"

#include <stdlib.h>
#include <string.h>
#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>

static size_t put(struct fake_vf_message *m, uint16_t type, const void *data, size_t n)
{
	struct nlattr head = { (uint16_t)(NLA_HDRLEN + n), type };
	size_t at = m->len;

	assert_true(m->len + NLA_HDRLEN + n + NLA_ALIGNTO <= sizeof(m->bytes));
	memcpy(m->bytes + at, &head, sizeof(head));
	if (n)
		memcpy(m->bytes + at + NLA_HDRLEN, data, n);
	m->len += NLA_ALIGN(NLA_HDRLEN + n);
	return at;
}

static void put_u32s(struct fake_vf_message *m, uint16_t type, uint32_t a, uint32_t b)
{
	uint32_t pair[] = { a, b };

	put(m, type, pair, sizeof(pair));
}

/* As in the kernel, what does not fit into 16 bits is lost. */
static void end_nest(struct fake_vf_message *m, size_t at)
{
	uint16_t len = (uint16_t)(m->len - at);

	memcpy(m->bytes + at, &len, sizeof(len));
}

static void put_vlan(struct fake_vf_message *m, const struct fake_vf *vf)
{
	struct ifla_vf_vlan_info info;
	size_t list;

	memset(&info, 0, sizeof(info));
	info.vf = vf->in_vlan;
	info.vlan = vf->vlan;
	info.qos = vf->qos;
	info.vlan_proto = htons(vf->proto);
	list = put(m, IFLA_VF_VLAN_LIST, NULL, 0);
	put(m, IFLA_VF_VLAN_INFO, &info, sizeof(info));
	end_nest(m, list);
}

static void put_guid(struct fake_vf_message *m, uint16_t type, uint32_t vf, uint64_t guid)
{
	struct ifla_vf_guid v;

	memset(&v, 0, sizeof(v));
	v.vf = vf;
	v.guid = guid;
	put(m, type, &v, sizeof(v));
}

static void put_vf(struct fake_vf_message *m, const struct fake_vf *vf)
{
	struct ifla_vf_mac mac = { .vf = vf->index, .mac = { 2, 0, 0, 0 } };
	struct ifla_vf_vlan vlan = { vf->index, vf->vlan, vf->qos };
	struct ifla_vf_rate rate = { vf->index, 100 + vf->index, 5000 };
	unsigned char broadcast[32] = { 0 };
	size_t at = put(m, IFLA_VF_INFO, NULL, 0);

	mac.mac[4] = (uint8_t)(vf->index >> 8);
	mac.mac[5] = (uint8_t)vf->index;
	if (!vf->no_mac)
		put(m, IFLA_VF_MAC, &mac, sizeof(mac));
	put(m, IFLA_VF_BROADCAST, broadcast, sizeof(broadcast));
	put(m, IFLA_VF_VLAN, &vlan, sizeof(vlan));
	put(m, IFLA_VF_RATE, &rate, sizeof(rate));
	put_u32s(m, IFLA_VF_TX_RATE, vf->index, 5000);
	put_u32s(m, IFLA_VF_SPOOFCHK, vf->index, vf->spoofchk);
	put_u32s(m, IFLA_VF_LINK_STATE, vf->index, vf->link);
	put_u32s(m, IFLA_VF_RSS_QUERY_EN, vf->index, FAKE_VF_UNKNOWN);
	put_u32s(m, IFLA_VF_TRUST, vf->in_trust, vf->trust);
	if (!vf->no_vlan_list)
		put_vlan(m, vf);
	if (vf->guid) {
		put_guid(m, IFLA_VF_IB_NODE_GUID, vf->index, vf->guid);
		put_guid(m, IFLA_VF_IB_PORT_GUID, vf->index, vf->guid + 1);
	}
	end_nest(m, at);
}

static void start_message(struct fake_vf_message *m, uint16_t type)
{
	struct nlmsghdr hdr = { .nlmsg_type = type };
	struct ifinfomsg ifi = { .ifi_index = 2 };

	memcpy(m->bytes, &hdr, sizeof(hdr));
	memcpy(m->bytes + NLMSG_HDRLEN, &ifi, sizeof(ifi));
	m->len = NLMSG_LENGTH(sizeof(ifi));
	put(m, IFLA_IFNAME, "enp5s0f0", sizeof("enp5s0f0"));
}

static void end_message(struct fake_vf_message *m)
{
	uint32_t len = (uint32_t)m->len;

	memcpy(m->bytes, &len, sizeof(len));
}

struct fake_vf fake_vf_of(uint32_t index)
{
	return (struct fake_vf){
		.index = index,
		.in_vlan = index,
		.in_trust = index,
		.vlan = 100,
		.qos = 2,
		.spoofchk = 1,
		.link = IFLA_VF_LINK_STATE_ENABLE,
		.proto = ETH_P_8021AD,
	};
}

void fake_vf_message(struct fake_vf_message *m, const struct fake_vf *vfs, uint32_t n)
{
	size_t list;

	start_message(m, RTM_NEWLINK);
	put(m, IFLA_NUM_VF, &n, sizeof(n));
	list = put(m, IFLA_VFINFO_LIST, NULL, 0);
	for (uint32_t i = 0; i < n; i++)
		if (!vfs[i].refused)
			put_vf(m, &vfs[i]);
	end_nest(m, list);
	put(m, IFLA_PERM_ADDRESS, "\2\0\0\0\0\1", 6);
	end_message(m);
}

void fake_vf_message_without_list(struct fake_vf_message *m, uint32_t n)
{
	start_message(m, RTM_NEWLINK);
	put(m, IFLA_NUM_VF, &n, sizeof(n));
	end_message(m);
}

void fake_vf_message_error(struct fake_vf_message *m, int code)
{
	struct nlmsgerr no = { .error = -code };

	start_message(m, NLMSG_ERROR);
	memcpy(m->bytes + NLMSG_HDRLEN, &no, sizeof(no));
	m->len = NLMSG_LENGTH(sizeof(no));
	end_message(m);
}
