// SPDX-License-Identifier: GPL-2.0-or-later
/* How VFs of a captured host were set, as both kinds of ip print it. */
#include "test.h"

#include <string.h>
#include <linux/if_ether.h>

#include "host/net/netdev.h"
#include "host/net/vf_link.h"
#include "host/net/vf_link_captured.h"
#include "fake_root.h"

#define HEAD "[{\"ifindex\":4,\"ifname\":\"eth0\",\"address\":\"02:00:00:00:00:01\""

static struct vf_attrs read_one(const char *vf, unsigned index)
{
	_cleanup_free_ char *line = NULL;
	struct vf_attrs a[4];
	struct fake_root f;
	struct err e = { 0 };

	assert_true(asprintf(&line, "vfyard/ip-link/eth0=" HEAD ",\"vfinfo_list\":[%s]}]", vf) > 0);
	fake_root_init(&f, (const char *const[]){ line, NULL });
	assert_int_equal(vf_link_read(&f.host, "eth0", a, 4, &e), 0);
	fake_root_done(&f);
	for (unsigned i = 0; i < 4; i++)
		if (i != index)
			assert_int_equal(a[i].given, 0);
	return a[index];
}

static void all_that_ip_prints_is_read(void **state UNUSED)
{
	struct vf_attrs a = read_one(
		"{\"vf\":2,\"link_type\":\"ether\",\"address\":\"02:76:66:00:00:02\","
		"\"broadcast\":\"ff:ff:ff:ff:ff:ff\",\"vlan_list\":[{\"vlan\":100,\"qos\":2,"
		"\"protocol\":\"802.1ad\"}],\"rate\":{\"max_tx\":100,\"min_tx\":7},"
		"\"spoofchk\":false,\"link_state\":\"disable\",\"trust\":true,"
		"\"query_rss_en\":false}",
		2);

	assert_int_equal(a.given, VF_ATTR_MAC | VF_ATTR_VLAN | VF_ATTR_QOS | VF_ATTR_PROTO |
					  VF_ATTR_SPOOFCHK | VF_ATTR_TRUST | VF_ATTR_LINK |
					  VF_ATTR_MIN_TX_RATE | VF_ATTR_MAX_TX_RATE);
	assert_memory_equal(a.mac, "\x02\x76\x66\x00\x00\x02", 6);
	assert_int_equal(a.vlan, 100);
	assert_int_equal(a.qos, 2);
	assert_int_equal(a.proto, ETH_P_8021AD);
	assert_int_equal(a.max_tx_rate, 100);
	assert_int_equal(a.min_tx_rate, 7);
	assert_false(a.spoofchk);
	assert_true(a.trust);
	assert_int_equal(a.link, VF_LINK_OFF);
}

static void what_ip_leaves_out_is_nought_or_not_known(void **state UNUSED)
{
	struct vf_attrs a = read_one("{\"vf\":0,\"mac\":\"00:00:00:00:00:00\",\"vlan_list\":[{}],"
				     "\"link_state\":\"auto\"}",
				     0);

	assert_int_equal(a.given,
			 VF_ATTR_MAC | VF_ATTR_VLAN | VF_ATTR_QOS | VF_ATTR_PROTO | VF_ATTR_LINK);
	assert_int_equal(a.vlan, 0);
	assert_int_equal(a.proto, ETH_P_8021Q);
	assert_int_equal(a.link, VF_LINK_AUTO);
}

static void guids_of_infiniband_are_read(void **state UNUSED)
{
	struct vf_attrs a = read_one(
		"{\"vf\":1,\"link_type\":\"infiniband\",\"address\":\"00:00:00:00:fe:80:00:00:00:"
		"00:00:00:00:00:00:00:00:00:00:00\",\"node guid\":\"00:11:22:33:44:55:66:77\","
		"\"port guid\":\"00:11:22:33:44:55:66:78\"}",
		1);

	assert_int_equal(a.given & VF_ATTR_GUIDS, VF_ATTR_GUIDS);
	assert_int_equal(a.node_guid, 0x0011223344556677);
	assert_int_equal(a.port_guid, 0x0011223344556678);
}

static void junk_is_not_a_setting(void **state UNUSED)
{
	struct vf_attrs none = { 0 }, a;

	a = read_one("{\"vf\":0,\"address\":7,\"vlan_list\":[{\"vlan\":5000}],\"trust\":\"yes\","
		     "\"rate\":{\"max_tx\":\"x\"},\"link_state\":\"sideways\"},{\"vf\":-1},"
		     "{\"vf\":4},5",
		     0);
	assert_int_equal(a.given, none.given);
}

static void an_old_capture_gives_nothing(void **state UNUSED)
{
	struct vf_attrs a[2] = { { .given = VF_ATTR_MAC } };
	struct fake_root f;
	struct err e = { 0 };

	fake_root_init(&f, (const char *const[]){ "vfyard/ip-link/eth1=[{", NULL });
	assert_int_equal(vf_link_read(&f.host, "eth0", a, 2, &e), 0);
	assert_int_equal(a[0].given, 0);
	assert_int_equal(vf_link_read(&f.host, "eth1", a, 2, &e), 0);
	assert_int_equal(a[0].given, 0);
	fake_root_done(&f);
}

static void the_address_a_device_was_made_with(void **state UNUSED)
{
	struct fake_root f;
	uint8_t mac[6];

	fake_root_init(&f, (const char *const[]){ "vfyard/ip-link/eth0=" HEAD ",\"permaddr\":"
						  "\"52:54:00:00:00:01\"}]",
						  "vfyard/ip-link/eth1=" HEAD "}]", NULL });
	assert_true(netdev_captured_permanent_mac(&f.host, "eth0", mac));
	assert_memory_equal(mac, "\x52\x54\x00\x00\x00\x01", 6);
	assert_false(netdev_captured_permanent_mac(&f.host, "eth1", mac));
	assert_false(netdev_captured_permanent_mac(&f.host, "eth2", mac));
	fake_root_done(&f);
}

static void an_alternative_name_leads_to_the_name(void **state UNUSED)
{
	char name[IFNAMSIZ] = "before";
	struct fake_root f;

	fake_root_init(&f, (const char *const[]){
				   "vfyard/ip-link/eth0=" HEAD ",\"altnames\":[\"enp5s0f0np0\"]}]",
				   "vfyard/ip-link/eth1=" HEAD
				   ",\"altnames\":[\"enp5s0f1np1\",\"rack/left,1\"]}]",
				   "vfyard/ip-link/eth2=junk", NULL });
	assert_int_equal(netdev_of_altname(&f.host, "enp5s0f0np0", name), 0);
	assert_string_equal(name, "eth0");
	assert_int_equal(netdev_of_altname(&f.host, "rack/left,1", name), 0);
	assert_string_equal(name, "eth1");
	assert_int_equal(netdev_of_altname(&f.host, "enp5s0f1", name), -ENODEV);
	assert_string_equal(name, "eth1");
	fake_root_done(&f);
	fake_root_init(&f, NULL);
	assert_int_equal(netdev_of_altname(&f.host, "enp5s0f0np0", name), -ENODEV);
	fake_root_done(&f);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(all_that_ip_prints_is_read),
	cmocka_unit_test(what_ip_leaves_out_is_nought_or_not_known),
	cmocka_unit_test(guids_of_infiniband_are_read),
	cmocka_unit_test(junk_is_not_a_setting),
	cmocka_unit_test(an_old_capture_gives_nothing),
	cmocka_unit_test(the_address_a_device_was_made_with),
	cmocka_unit_test(an_alternative_name_leads_to_the_name),
};

TEST_MAIN(tests)
