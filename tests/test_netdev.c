// SPDX-License-Identifier: GPL-2.0-or-later
/* What the running kernel says about network devices, asked in a network namespace of our own. */
#include "test.h"

#include <errno.h>
#include <sched.h>
#include <string.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <netlink/netlink.h>
#include <netlink/msg.h>

#include "base/mem.h"
#include "engine/operands.h"
#include "host/net/netdev.h"

#define ALTNAME "uplink-of-the-second-data-centre"
#define ODDNAME "rack/left,1"

/* This is no tree, so the kernel is asked. */
static char no_tree[] = "";
static const struct host here = { .root.dir = no_tree };

/* Gives the loopback device (always number 1) its alternative name. */
static int add_altname(void)
{
	struct ifinfomsg ifi = { .ifi_index = 1 };
	struct nl_msg *msg = nlmsg_alloc_simple(RTM_NEWLINKPROP, NLM_F_CREATE | NLM_F_APPEND);
	struct nl_sock *s = nl_socket_alloc();
	struct nlattr *list;
	int r;

	assert_true(msg && s);
	assert_int_equal(nlmsg_append(msg, &ifi, sizeof(ifi), NLMSG_ALIGNTO), 0);
	list = nla_nest_start(msg, IFLA_PROP_LIST);
	assert_non_null(list);
	assert_int_equal(nla_put_string(msg, IFLA_ALT_IFNAME, ALTNAME), 0);
	assert_int_equal(nla_put_string(msg, IFLA_ALT_IFNAME, ODDNAME), 0);
	nla_nest_end(msg, list);
	r = nl_connect(s, NETLINK_ROUTE);
	if (r == 0)
		r = nl_send_sync(s, msg);
	else
		nlmsg_free(msg);
	nl_socket_free(s);
	return r;
}

/* When no namespace can be made, the tests say so and are skipped. */
static int setup(void **state)
{
	static int ready;

	if (unshare(CLONE_NEWNET) < 0 && unshare(CLONE_NEWUSER | CLONE_NEWNET) < 0)
		print_message("no network namespace here, skipped\n");
	else if (add_altname() == 0)
		*state = &ready;
	else
		return -1;
	return 0;
}

static void an_alternative_name_leads_to_the_name(void **state)
{
	char name[IFNAMSIZ] = "";

	if (!*state)
		skip();
	assert_int_equal(netdev_of_altname(&here, ALTNAME, name), 0);
	assert_string_equal(name, "lo");
}

/* It works for DEV and PF on the command line and netdev= in the topology; the kernel allows such a
 * name. */
static void a_pf_is_found_by_any_alternative_name(void **state)
{
	static const char *const names[] = { ALTNAME "/3", ODDNAME "/3", "'" ODDNAME "'/3" };
	struct vf vfs[4] = { { .state = VF_HOST } };
	struct pf pf = { .netdev = "lo", .n_vfs = 4, .numvfs = 4, .vfs = vfs };
	struct inventory inv = { .pfs = &pf, .n_pfs = 1 };
	struct devlist l = { 0 };
	struct host h;

	if (!*state)
		skip();
	assert_int_equal(host_open(&h, NULL, NULL), 0);
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		struct err e = { 0 };

		if (devlist_add(&l, &h, &inv, NULL, names[i], &e) < 0)
			fail_msg("%s: %s", names[i], e.cause);
		assert_int_equal(l.n, 1);
		assert_int_equal(l.vfs[0].index, 3);
		devlist_done(&l);
	}
	host_close(&h);
}

static void an_unknown_alternative_name_is_no_device(void **state)
{
	char name[IFNAMSIZ] = "before";

	if (!*state)
		skip();
	assert_int_equal(netdev_of_altname(&here, "nobody-has-this-name", name), -ENODEV);
	assert_string_equal(name, "before");
}

static void a_name_longer_than_any_is_an_error(void **state)
{
	char altname[300], name[IFNAMSIZ] = "before";

	if (!*state)
		skip();
	memset(altname, 'x', sizeof(altname) - 1);
	altname[sizeof(altname) - 1] = '\0';
	assert_true(netdev_of_altname(&here, altname, name) < 0);
	assert_string_equal(name, "before");
}

static void a_device_without_permanent_address_has_none(void **state)
{
	uint8_t mac[6] = { 1 };

	if (!*state)
		skip();
	assert_int_equal(netdev_permanent_mac(&here, "lo", mac), -ENOENT);
	assert_int_equal(mac[0], 1);
}

static void a_device_that_is_not_there_has_no_address(void **state)
{
	uint8_t mac[6];

	if (!*state)
		skip();
	assert_int_equal(netdev_permanent_mac(&here, "eth77", mac), -ENODEV);
	assert_int_equal(netdev_permanent_mac(&here, "a-name-that-no-netdev-can-have", mac),
			 -ENODEV);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(an_alternative_name_leads_to_the_name),
	cmocka_unit_test(a_pf_is_found_by_any_alternative_name),
	cmocka_unit_test(an_unknown_alternative_name_is_no_device),
	cmocka_unit_test(a_name_longer_than_any_is_an_error),
	cmocka_unit_test(a_device_without_permanent_address_has_none),
	cmocka_unit_test(a_device_that_is_not_there_has_no_address),
};

TEST_MAIN_WITH(tests, setup, NULL)
