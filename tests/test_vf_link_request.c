// SPDX-License-Identifier: GPL-2.0-or-later
/* The bytes that each setting sends to the kernel. */
#include "test.h"

#include <string.h>
#include <linux/if_ether.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>

#include "host/net/vf_link_parts.h"

#define PF "enp5s0f0"

/* Returns the one attribute of the one VF in a request, which has nothing else. */
static const struct nlattr *only_attribute(struct nl_msg **msg, enum vf_setting s,
					   struct vf_attrs a)
{
	const struct ifinfomsg nothing = { .ifi_family = AF_UNSPEC };
	struct nlattr *tb[IFLA_MAX + 1], *vf, *attr;
	struct nlmsghdr *hdr;

	assert_int_equal(vf_link_request_set(PF, 3, s, &a, msg), 0);
	hdr = nlmsg_hdr(*msg);
	assert_int_equal(hdr->nlmsg_type, RTM_SETLINK);
	assert_int_equal(hdr->nlmsg_flags, NLM_F_REQUEST | NLM_F_ACK);
	assert_memory_equal(nlmsg_data(hdr), &nothing, sizeof(nothing));
	assert_int_equal(nlmsg_parse(hdr, sizeof(nothing), tb, IFLA_MAX, NULL), 0);
	for (int i = 0; i <= IFLA_MAX; i++)
		assert_int_equal(!!tb[i], i == IFLA_IFNAME || i == IFLA_VFINFO_LIST);
	assert_string_equal(nla_data(tb[IFLA_IFNAME]), PF);
	vf = nla_data(tb[IFLA_VFINFO_LIST]);
	assert_int_equal(nla_type(vf), IFLA_VF_INFO);
	assert_int_equal(nla_total_size(nla_len(vf)), nla_len(tb[IFLA_VFINFO_LIST]));
	attr = nla_data(vf);
	assert_int_equal(nla_total_size(nla_len(attr)), nla_len(vf));
	return attr;
}

static void assert_carries(const struct nlattr *attr, int type, const void *data, size_t n)
{
	assert_int_equal(nla_type(attr), type);
	assert_int_equal(nla_len(attr), n);
	assert_memory_equal(nla_data(attr), data, n);
}

static void a_mac_is_sent_as_6_of_32_bytes(void **state UNUSED)
{
	_cleanup_(rtnl_free_msg) struct nl_msg *msg = NULL;
	const struct vf_attrs a = { .given = VF_ATTR_MAC, .mac = { 2, 0, 0, 0, 0, 3 } };
	const struct ifla_vf_mac wanted = { 3, { 2, 0, 0, 0, 0, 3 } };

	assert_carries(only_attribute(&msg, VF_SET_MAC, a), IFLA_VF_MAC, &wanted, sizeof(wanted));
}

static void guids_are_sent_as_numbers(void **state UNUSED)
{
	const struct vf_attrs a = { .given = VF_ATTR_GUIDS,
				    .node_guid = 7,
				    .port_guid = 1ull << 63 };
	struct ifla_vf_guid wanted;

	for (unsigned i = 0; i < 2; i++) {
		_cleanup_(rtnl_free_msg) struct nl_msg *msg = NULL;

		memset(&wanted, 0, sizeof(wanted));
		wanted.vf = 3;
		wanted.guid = i ? a.port_guid : a.node_guid;
		assert_carries(only_attribute(&msg, i ? VF_SET_PORT_GUID : VF_SET_NODE_GUID, a),
			       i ? IFLA_VF_IB_PORT_GUID : IFLA_VF_IB_NODE_GUID, &wanted,
			       sizeof(wanted));
	}
}

static void a_vlan_of_802_1q_is_sent_plainly(void **state UNUSED)
{
	_cleanup_(rtnl_free_msg) struct nl_msg *msg = NULL;
	const struct vf_attrs a = { .given = VF_ATTR_VLAN | VF_ATTR_QOS, .vlan = 100, .qos = 2 };
	const struct ifla_vf_vlan wanted = { 3, 100, 2 };

	assert_carries(only_attribute(&msg, VF_SET_VLAN, a), IFLA_VF_VLAN, &wanted, sizeof(wanted));
}

static void a_vlan_of_802_1ad_is_sent_with_its_protocol_in_network_order(void **state UNUSED)
{
	_cleanup_(rtnl_free_msg) struct nl_msg *msg = NULL;
	const struct vf_attrs a = { .given = VF_ATTR_VLAN | VF_ATTR_PROTO,
				    .vlan = 100,
				    .qos = 7, /* not given */
				    .proto = ETH_P_8021AD };
	const unsigned char wanted[] = { 0x88, 0xa8, 0, 0 };
	const uint32_t numbers[] = { 3, 100, 0 };
	const struct nlattr *list = only_attribute(&msg, VF_SET_VLAN, a), *info;

	assert_int_equal(nla_type(list), IFLA_VF_VLAN_LIST);
	info = nla_data(list);
	assert_int_equal(nla_type(info), IFLA_VF_VLAN_INFO);
	assert_int_equal(nla_len(info), sizeof(struct ifla_vf_vlan_info));
	assert_memory_equal(nla_data(info), numbers, sizeof(numbers));
	assert_memory_equal((char *)nla_data(info) + sizeof(numbers), wanted, sizeof(wanted));
}

static void spoofchk_and_trust_are_sent_as_1_and_0(void **state UNUSED)
{
	_cleanup_(rtnl_free_msg) struct nl_msg *msg = NULL;
	const struct vf_attrs a = { .given = VF_ATTR_SPOOFCHK | VF_ATTR_TRUST, .trust = true };
	const struct ifla_vf_spoofchk off = { 3, 0 };
	const struct ifla_vf_trust on = { 3, 1 };

	assert_carries(only_attribute(&msg, VF_SET_SPOOFCHK, a), IFLA_VF_SPOOFCHK, &off,
		       sizeof(off));
	nlmsg_free(STEAL(msg));
	assert_carries(only_attribute(&msg, VF_SET_TRUST, a), IFLA_VF_TRUST, &on, sizeof(on));
}

static void each_link_state_is_sent_as_the_kernel_counts_them(void **state UNUSED)
{
	_cleanup_(rtnl_free_msg) struct nl_msg *msg = NULL;
	static const struct {
		enum vf_link link;
		uint32_t kernel;
	} cases[] = { { VF_LINK_AUTO, IFLA_VF_LINK_STATE_AUTO },
		      { VF_LINK_ON, IFLA_VF_LINK_STATE_ENABLE },
		      { VF_LINK_OFF, IFLA_VF_LINK_STATE_DISABLE } };

	for (unsigned i = 0; i < ARRAY_SIZE(cases); i++) {
		const struct vf_attrs a = { .given = VF_ATTR_LINK, .link = cases[i].link };
		const struct ifla_vf_link_state wanted = { 3, cases[i].kernel };

		nlmsg_free(STEAL(msg));
		assert_carries(only_attribute(&msg, VF_SET_LINK, a), IFLA_VF_LINK_STATE, &wanted,
			       sizeof(wanted));
	}
}

static void both_rates_are_sent_when_one_is_given(void **state UNUSED)
{
	_cleanup_(rtnl_free_msg) struct nl_msg *msg = NULL;
	const struct vf_attrs a = { .given = VF_ATTR_MAX_TX_RATE,
				    .min_tx_rate = 7, /* not given */
				    .max_tx_rate = 1000 };
	const struct ifla_vf_rate wanted = { 3, 0, 1000 };

	assert_carries(only_attribute(&msg, VF_SET_RATE, a), IFLA_VF_RATE, &wanted, sizeof(wanted));
}

static void a_name_longer_than_any_is_no_device(void **state UNUSED)
{
	struct nl_msg *msg = NULL;
	const struct vf_attrs a = { .given = VF_ATTR_TRUST };

	assert_int_equal(vf_link_request_set("sixteen-letters-", 3, VF_SET_TRUST, &a, &msg),
			 -ENODEV);
	assert_int_equal(vf_link_request_read("", &msg), -ENODEV);
	assert_null(msg);
}

static void the_request_asks_for_vfs_of_one_device_without_statistics(void **state UNUSED)
{
	_cleanup_(rtnl_free_msg) struct nl_msg *msg = NULL;
	struct nlattr *tb[IFLA_MAX + 1];

	assert_int_equal(vf_link_request_read("enp5s0f0", &msg), 0);
	assert_int_equal(nlmsg_hdr(msg)->nlmsg_type, RTM_GETLINK);
	assert_int_equal(nlmsg_hdr(msg)->nlmsg_flags, NLM_F_REQUEST);
	assert_int_equal(nlmsg_parse(nlmsg_hdr(msg), sizeof(struct ifinfomsg), tb, IFLA_MAX, NULL),
			 0);
	assert_string_equal(nla_data(tb[IFLA_IFNAME]), "enp5s0f0");
	assert_int_equal(nla_get_u32(tb[IFLA_EXT_MASK]), RTEXT_FILTER_VF | RTEXT_FILTER_SKIP_STATS);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(a_mac_is_sent_as_6_of_32_bytes),
	cmocka_unit_test(a_vlan_of_802_1q_is_sent_plainly),
	cmocka_unit_test(guids_are_sent_as_numbers),
	cmocka_unit_test(a_vlan_of_802_1ad_is_sent_with_its_protocol_in_network_order),
	cmocka_unit_test(spoofchk_and_trust_are_sent_as_1_and_0),
	cmocka_unit_test(each_link_state_is_sent_as_the_kernel_counts_them),
	cmocka_unit_test(both_rates_are_sent_when_one_is_given),
	cmocka_unit_test(a_name_longer_than_any_is_no_device),
	cmocka_unit_test(the_request_asks_for_vfs_of_one_device_without_statistics),
};

TEST_MAIN(tests)
