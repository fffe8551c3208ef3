// SPDX-License-Identifier: GPL-2.0-or-later
/* What the kernel's description of a PF's network device says about its VFs. */
#include "test.h"

#include <stdlib.h>
#include <string.h>
#include <linux/if_ether.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>

#include "host/net/vf_link_parts.h"
#include "fake_vf_message.h"

#define MAX_VFS 1000
#define ALL	((1u << VF_ATTR_N) - 1 - VF_ATTR_DRIVER - VF_ATTR_GUIDS)

struct env {
	struct fake_vf_message m;
	struct fake_vf vfs[MAX_VFS];
	struct vf_attrs got[MAX_VFS];
};

/* Parses a copy of exactly this size, so that a read behind it is noticed. */
static void parse(struct env *t, size_t len, unsigned n)
{
	struct rtnl_answer a = { malloc(len ? len : 1), len };

	memcpy(a.bytes, t->m.bytes, len);
	memset(t->got, 0, sizeof(t->got));
	vf_link_parse(&a, t->got, n);
	rtnl_free_answer(&a);
}

static int setup(void **state)
{
	struct env *t = calloc(1, sizeof(*t));

	for (uint32_t i = 0; i < MAX_VFS; i++)
		t->vfs[i] = fake_vf_of(i);
	*state = t;
	return 0;
}

static int teardown(void **state)
{
	free(*state);
	return 0;
}

static void assert_is(const struct vf_attrs *a, uint32_t index)
{
	const uint8_t mac[6] = { 2, 0, 0, 0, (uint8_t)(index >> 8), (uint8_t)index };

	assert_int_equal(a->given, ALL);
	assert_memory_equal(a->mac, mac, sizeof(mac));
	assert_int_equal(a->min_tx_rate, 100 + index);
}

static void assert_all(const struct env *t, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		assert_is(&t->got[i], i);
}

static void guids_of_infiniband_are_read(void **state)
{
	struct env *t = *state;

	t->vfs[1].guid = 0x8000000000000007u;
	fake_vf_message(&t->m, t->vfs, 3);
	parse(t, t->m.len, 3);
	assert_is(&t->got[0], 0);
	assert_int_equal(t->got[1].given, ALL | VF_ATTR_GUIDS);
	assert_true(t->got[1].node_guid == 0x8000000000000007u);
	assert_true(t->got[1].port_guid == 0x8000000000000008u);
	assert_is(&t->got[2], 2);
}

static void all_settings_of_7_vfs_are_read(void **state)
{
	struct env *t = *state;
	const struct vf_attrs *a = &t->got[3];

	fake_vf_message(&t->m, t->vfs, 7);
	parse(t, t->m.len, 7);
	assert_all(t, 7);
	assert_int_equal(a->vlan, 100);
	assert_int_equal(a->qos, 2);
	assert_int_equal(a->proto, ETH_P_8021AD);
	assert_true(a->spoofchk);
	assert_false(a->trust);
	assert_int_equal(a->link, VF_LINK_ON);
	assert_int_equal(a->max_tx_rate, 5000);
}

static void vfs_beyond_the_221_of_other_readers_are_read(void **state)
{
	struct env *t = *state;

	fake_vf_message(&t->m, t->vfs, 250);
	parse(t, t->m.len, 250);
	assert_all(t, 250);
}

static void a_list_whose_length_wrapped_is_read_to_its_end(void **state)
{
	struct env *t = *state;

	fake_vf_message(&t->m, t->vfs, 1000);
	assert_true(t->m.len > 2 * 65536);
	parse(t, t->m.len, 1000);
	assert_all(t, 1000);
}

/* A VF takes 196 bytes, and the list 4: 16 bits hold 334 VFs. */
static void no_number_of_vfs_around_the_wrap_is_special(void **state)
{
	struct env *t = *state;

	for (unsigned n = 330; n < 340; n++) {
		fake_vf_message(&t->m, t->vfs, n);
		parse(t, t->m.len, n);
		assert_all(t, n);
	}
}

static void fewer_are_wanted_than_there_are(void **state)
{
	struct env *t = *state;

	fake_vf_message(&t->m, t->vfs, 7);
	parse(t, t->m.len, 2);
	assert_all(t, 2);
	assert_int_equal(t->got[2].given, 0);
}

static void a_cut_message_gives_the_vfs_before_the_cut(void **state)
{
	struct env *t = *state;
	unsigned whole = 0;

	fake_vf_message(&t->m, t->vfs, 7);
	for (size_t len = 0; len < t->m.len; len++) {
		unsigned n = 0;

		parse(t, len, 7);
		while (n < 7 && t->got[n].given)
			n++;
		assert_all(t, n);
		assert_true(n == whole || n == whole + 1);
		whole = n;
	}
	assert_int_equal(whole, 7);
}

/* This is mostly for the sanitizers and valgrind. */
static void a_changed_byte_leads_to_no_value_that_cannot_be(void **state)
{
	static const unsigned char changes[] = { 0x01, 0x04, 0x80, 0xff };
	struct env *t = *state;

	fake_vf_message(&t->m, t->vfs, 3);
	for (size_t at = 0; at < t->m.len * sizeof(changes); at++) {
		unsigned char change = changes[at % sizeof(changes)];

		t->m.bytes[at / sizeof(changes)] ^= change;
		parse(t, t->m.len, 3);
		t->m.bytes[at / sizeof(changes)] ^= change;
		for (unsigned i = 0; i < 3; i++) {
			assert_int_equal(t->got[i].given & ~ALL, 0);
			assert_true(t->got[i].vlan < 4095 && t->got[i].qos < 8);
			assert_true(t->got[i].link <= VF_LINK_OFF);
		}
		assert_int_equal(t->got[3].given, 0);
	}
}

static void what_a_driver_does_not_report_is_not_given(void **state)
{
	struct env *t = *state;

	t->vfs[1].spoofchk = t->vfs[1].trust = FAKE_VF_UNKNOWN;
	fake_vf_message(&t->m, t->vfs, 3);
	parse(t, t->m.len, 3);
	assert_int_equal(t->got[1].given, ALL & ~(VF_ATTR_SPOOFCHK | VF_ATTR_TRUST));
	assert_is(&t->got[2], 2);
}

static void a_link_state_nobody_knows_is_not_given(void **state)
{
	struct env *t = *state;

	t->vfs[1].link = 3;
	fake_vf_message(&t->m, t->vfs, 2);
	parse(t, t->m.len, 2);
	assert_int_equal(t->got[1].given, ALL & ~VF_ATTR_LINK);
}

static void a_vf_whose_attributes_name_two_indices_is_not_given(void **state)
{
	struct env *t = *state;

	t->vfs[0].in_trust = 2;
	t->vfs[1].in_vlan = 2;
	fake_vf_message(&t->m, t->vfs, 3);
	parse(t, t->m.len, 3);
	assert_int_equal(t->got[0].given, 0);
	assert_int_equal(t->got[1].given, 0);
	assert_is(&t->got[2], 2);
}

static void a_vf_without_address_is_not_given(void **state)
{
	struct env *t = *state;

	t->vfs[1].no_mac = true;
	fake_vf_message(&t->m, t->vfs, 3);
	parse(t, t->m.len, 3);
	assert_int_equal(t->got[1].given, 0);
	assert_is(&t->got[2], 2);
}

static void an_index_beyond_the_number_of_vfs_is_not_believed(void **state)
{
	struct env *t = *state;

	t->vfs[1] = fake_vf_of(5);
	fake_vf_message(&t->m, t->vfs, 3);
	parse(t, t->m.len, MAX_VFS);
	assert_int_equal(t->got[1].given, 0);
	assert_int_equal(t->got[5].given, 0);
	assert_is(&t->got[2], 2);
}

static void a_second_vf_with_the_same_index_is_not_believed(void **state)
{
	struct env *t = *state;

	t->vfs[1] = fake_vf_of(0);
	t->vfs[1].trust = 1;
	fake_vf_message(&t->m, t->vfs, 2);
	parse(t, t->m.len, 2);
	assert_is(&t->got[0], 0);
	assert_false(t->got[0].trust);
	assert_int_equal(t->got[1].given, 0);
}

static void a_vf_that_the_driver_refuses_does_not_shift_the_others(void **state)
{
	struct env *t = *state;

	t->vfs[1].refused = true;
	fake_vf_message(&t->m, t->vfs, 4);
	parse(t, t->m.len, 4);
	assert_int_equal(t->got[1].given, 0);
	assert_is(&t->got[2], 2);
	assert_is(&t->got[3], 3);
}

static void an_old_kernel_without_vlan_protocols_means_802_1q(void **state)
{
	struct env *t = *state;

	t->vfs[0].no_vlan_list = true;
	fake_vf_message(&t->m, t->vfs, 1);
	parse(t, t->m.len, 1);
	assert_is(&t->got[0], 0);
	assert_int_equal(t->got[0].vlan, 100);
	assert_int_equal(t->got[0].qos, 2);
	assert_int_equal(t->got[0].proto, ETH_P_8021Q);
}

static void vlan_4095_of_mlx4_is_none(void **state)
{
	struct env *t = *state;

	t->vfs[0].vlan = 4095;
	fake_vf_message(&t->m, t->vfs, 1);
	parse(t, t->m.len, 1);
	assert_true(t->got[0].given & VF_ATTR_VLAN);
	assert_int_equal(t->got[0].vlan, 0);
}

static void a_vlan_that_cannot_be_discredits_the_vf(void **state)
{
	struct env *t = *state;

	t->vfs[0].vlan = 4096;
	t->vfs[1].qos = 8;
	fake_vf_message(&t->m, t->vfs, 3);
	parse(t, t->m.len, 3);
	assert_int_equal(t->got[0].given, 0);
	assert_int_equal(t->got[1].given, 0);
	assert_is(&t->got[2], 2);
}

static void a_message_that_describes_no_device_gives_nothing(void **state)
{
	struct env *t = *state;

	fake_vf_message(&t->m, t->vfs, 2);
	((struct nlmsghdr *)(void *)t->m.bytes)->nlmsg_type = RTM_DELLINK;
	parse(t, t->m.len, 2);
	assert_int_equal(t->got[0].given, 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

static const struct CMUnitTest tests[] = {
	TEST(all_settings_of_7_vfs_are_read),
	TEST(guids_of_infiniband_are_read),
	TEST(vfs_beyond_the_221_of_other_readers_are_read),
	TEST(a_list_whose_length_wrapped_is_read_to_its_end),
	TEST(no_number_of_vfs_around_the_wrap_is_special),
	TEST(fewer_are_wanted_than_there_are),
	TEST(a_cut_message_gives_the_vfs_before_the_cut),
	TEST(a_changed_byte_leads_to_no_value_that_cannot_be),
	TEST(what_a_driver_does_not_report_is_not_given),
	TEST(a_link_state_nobody_knows_is_not_given),
	TEST(a_vf_whose_attributes_name_two_indices_is_not_given),
	TEST(a_vf_without_address_is_not_given),
	TEST(an_index_beyond_the_number_of_vfs_is_not_believed),
	TEST(a_second_vf_with_the_same_index_is_not_believed),
	TEST(a_vf_that_the_driver_refuses_does_not_shift_the_others),
	TEST(an_old_kernel_without_vlan_protocols_means_802_1q),
	TEST(vlan_4095_of_mlx4_is_none),
	TEST(a_vlan_that_cannot_be_discredits_the_vf),
	TEST(a_message_that_describes_no_device_gives_nothing),
};

TEST_MAIN(tests)
