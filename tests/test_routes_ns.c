// SPDX-License-Identifier: GPL-2.0-or-later
/* Default routes that no file below /proc shows, made in a network namespace of our own. */
#include "test.h"

#include <string.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>
#include <linux/nexthop.h>
#include <linux/rtnetlink.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>

#include "base/deadline.h"
#include "base/mem.h"
#include "host/net/routes.h"

#define LO 1

/* Returns 0 or libnl's error. */
static int request(struct nl_msg *msg)
{
	struct nl_sock *s = nl_socket_alloc();
	int r;

	assert_int_equal(nl_connect(s, NETLINK_ROUTE), 0);
	r = nl_send_sync(s, msg);
	nl_socket_free(s);
	return r;
}

static int bring_up(int ifindex)
{
	struct ifinfomsg ifi = { .ifi_index = ifindex, .ifi_flags = IFF_UP, .ifi_change = IFF_UP };
	struct nl_msg *msg = nlmsg_alloc_simple(RTM_NEWLINK, 0);

	assert_int_equal(nlmsg_append(msg, &ifi, sizeof(ifi), NLMSG_ALIGNTO), 0);
	return request(msg);
}

/* Adds a default route by a device or by a nexthop object. */
static int add_route(unsigned char family, uint32_t table, int attr, uint32_t value)
{
	struct rtmsg r = { .rtm_family = family,
			   .rtm_type = RTN_UNICAST,
			   .rtm_scope = attr == RTA_OIF ? RT_SCOPE_LINK : RT_SCOPE_UNIVERSE,
			   .rtm_protocol = RTPROT_STATIC };
	struct nl_msg *msg = nlmsg_alloc_simple(RTM_NEWROUTE, NLM_F_CREATE);

	assert_int_equal(nlmsg_append(msg, &r, sizeof(r), NLMSG_ALIGNTO), 0);
	assert_int_equal(nla_put_u32(msg, RTA_TABLE, table), 0);
	assert_int_equal(nla_put_u32(msg, attr, value), 0);
	return request(msg);
}

static struct nl_msg *nexthop(unsigned char family, uint32_t id)
{
	struct nhmsg nh = { .nh_family = family };
	struct nl_msg *msg = nlmsg_alloc_simple(RTM_NEWNEXTHOP, NLM_F_CREATE);

	assert_int_equal(nlmsg_append(msg, &nh, sizeof(nh), NLMSG_ALIGNTO), 0);
	assert_int_equal(nla_put_u32(msg, NHA_ID, id), 0);
	return msg;
}

/* Makes object 3 of 1 and 2, which are the two devices. */
static int add_group(int first, int second)
{
	struct nexthop_grp group[] = { { .id = 1 }, { .id = 2 } };
	struct nl_msg *msg;
	int r = 0;

	for (uint32_t id = 1; r == 0 && id <= 2; id++) {
		msg = nexthop(AF_INET6, id);
		assert_int_equal(nla_put_u32(msg, NHA_OIF, (uint32_t)(id == 1 ? first : second)),
				 0);
		r = request(msg);
	}
	msg = nexthop(AF_UNSPEC, 3);
	assert_int_equal(nla_put(msg, NHA_GROUP, sizeof(group), group), 0);
	if (r == 0)
		return request(msg);
	nlmsg_free(msg);
	return r;
}

/* Adds two devices that IPv6 takes for real ones, both up. */
static bool add_pair(int *first, int *second)
{
	struct ifinfomsg ifi = { 0 };
	struct nl_msg *msg = nlmsg_alloc_simple(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL);
	struct nlattr *info;

	assert_int_equal(nlmsg_append(msg, &ifi, sizeof(ifi), NLMSG_ALIGNTO), 0);
	info = nla_nest_start(msg, IFLA_LINKINFO);
	assert_int_equal(nla_put_string(msg, IFLA_INFO_KIND, "veth"), 0);
	nla_nest_end(msg, info);
	if (request(msg) < 0)
		return false;
	*first = (int)if_nametoindex("veth0");
	*second = (int)if_nametoindex("veth1");
	return *first && *second && bring_up(*first) == 0 && bring_up(*second) == 0;
}

static bool found(const struct netroute *n, int ifindex)
{
	for (unsigned i = 0; i < n->n; i++)
		if (n->ifindex[i] == ifindex)
			return true;
	return false;
}

/* Each test has a namespace of its own; when none can be made, they say so and are skipped. */
static int setup(void **state)
{
	static int ready;

	*state = NULL;
	if (unshare(CLONE_NEWNET) < 0 && unshare(CLONE_NEWUSER | CLONE_NEWNET) < 0)
		print_message("no network namespace here, skipped\n");
	else if (bring_up(LO) == 0)
		*state = &ready;
	else
		return -1;
	return 0;
}

static void a_route_of_another_table_is_found(void **state)
{
	struct netroute n;

	if (!*state)
		skip();
	assert_int_equal(netroute_defaults(&n, 60000), 0);
	assert_int_equal(n.n, 0);
	assert_int_equal(add_route(AF_INET, 4711, RTA_OIF, LO), 0);
	assert_int_equal(netroute_defaults(&n, 60000), 0);
	assert_int_equal(n.n, 1);
	assert_int_equal(n.ifindex[0], LO);
}

static void routes_of_both_protocols_are_found(void **state)
{
	struct netroute n;
	int first = 0, second = 0;

	if (!*state || !add_pair(&first, &second))
		skip();
	if (add_route(AF_INET6, 4711, RTA_OIF, (uint32_t)second) < 0)
		skip(); /* a kernel without IPv6 */
	assert_int_equal(add_route(AF_INET, 4711, RTA_OIF, (uint32_t)first), 0);
	assert_int_equal(netroute_defaults(&n, 60000), 0);
	assert_int_equal(n.n, 2);
	assert_true(found(&n, first) && found(&n, second));
}

static bool set_compat_mode(const char *value)
{
	_cleanup_close_ int fd =
		open("/proc/sys/net/ipv4/nexthop_compat_mode", O_WRONLY | O_CLOEXEC);

	return fd >= 0 && write(fd, value, 1) == 1;
}

/* /proc/net/ipv6_route has only the first nexthop. */
static void all_ways_of_a_nexthop_group_are_found_or_none_can_be_told(void **state)
{
	struct netroute n;
	int first = 0, second = 0;

	if (!*state || !add_pair(&first, &second) || add_group(first, second) < 0 ||
	    add_route(AF_INET6, RT_TABLE_MAIN, RTA_NH_ID, 3) < 0)
		skip();
	assert_int_equal(netroute_defaults(&n, 60000), 0);
	assert_int_equal(n.n, 2);
	assert_true(found(&n, first) && found(&n, second));
	if (set_compat_mode("0"))
		assert_int_equal(netroute_defaults(&n, 60000), -EOPNOTSUPP);
}

static void a_recent_answer_is_kept_for_a_second(void **state)
{
	int64_t start = monotonic_ms();
	struct netroute n;

	if (!*state)
		skip();
	assert_int_equal(netroute_recent_defaults(&n, 60000), 0);
	assert_int_equal(n.n, 0);
	assert_int_equal(add_route(AF_INET, 4711, RTA_OIF, LO), 0);
	assert_int_equal(netroute_recent_defaults(&n, 60000), 0);
	if (monotonic_ms() - start < 1000)
		assert_int_equal(n.n, 0);
	while (n.n == 0) {
		poll(NULL, 0, 50);
		assert_int_equal(netroute_recent_defaults(&n, 60000), 0);
	}
	assert_int_equal(n.ifindex[0], LO);
}

#define TEST(f) cmocka_unit_test_setup(f, setup)

static const struct CMUnitTest tests[] = {
	TEST(a_route_of_another_table_is_found),
	TEST(routes_of_both_protocols_are_found),
	TEST(all_ways_of_a_nexthop_group_are_found_or_none_can_be_told),
	TEST(a_recent_answer_is_kept_for_a_second),
};

TEST_MAIN(tests)
