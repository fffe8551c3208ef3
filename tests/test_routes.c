// SPDX-License-Identifier: GPL-2.0-or-later
/* Which routes count as default routes, and which interfaces they use. */
#include "test.h"

#include <string.h>
#include <errno.h>
#include <net/if.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/mman.h>
#include <linux/rtnetlink.h>
#include <netlink/msg.h>

#include "base/mem.h"
#include "fake_root.h"
#include "host/net/routes.h"
#include "host/net/routes_captured.h"

static struct nl_msg *route(unsigned char type, unsigned char dst_len)
{
	struct rtmsg r = { .rtm_family = AF_INET, .rtm_type = type, .rtm_dst_len = dst_len };
	struct nl_msg *msg = nlmsg_alloc_simple(RTM_NEWROUTE, NLM_F_MULTI);

	assert_non_null(msg);
	assert_int_equal(nlmsg_append(msg, &r, sizeof(r), NLMSG_ALIGNTO), 0);
	assert_int_equal(nla_put_u32(msg, RTA_TABLE, 100), 0);
	return msg;
}

static struct nl_msg *route_by(unsigned char type, unsigned char dst_len, int ifindex)
{
	struct nl_msg *msg = route(type, dst_len);

	assert_int_equal(nla_put_u32(msg, RTA_OIF, (uint32_t)ifindex), 0);
	return msg;
}

static struct nl_msg *route_by_many(const int *ifindex, unsigned n)
{
	struct nl_msg *msg = route(RTN_UNICAST, 0);
	struct nlattr *ways = nla_nest_start(msg, RTA_MULTIPATH);
	const uint32_t gateway = 0x0100000a;

	for (unsigned i = 0; i < n; i++) {
		struct {
			struct rtnexthop way;
			struct nlattr head;
			uint32_t gateway;
		} one = { { .rtnh_len = sizeof(one), .rtnh_ifindex = ifindex[i] },
			  { .nla_len = NLA_HDRLEN + 4, .nla_type = RTA_GATEWAY },
			  gateway };

		assert_int_equal(nlmsg_append(msg, &one, sizeof(one), NLMSG_ALIGNTO), 0);
	}
	nla_nest_end(msg, ways);
	return msg;
}

static int add(struct netroute *n, struct nl_msg *msg)
{
	int r = netroute_add(n, nlmsg_hdr(msg));

	nlmsg_free(msg);
	return r;
}

static void a_default_route_counts_once(void **state UNUSED)
{
	struct netroute n = { 0 };

	assert_int_equal(add(&n, route_by(RTN_UNICAST, 0, 7)), 0);
	assert_int_equal(add(&n, route_by(RTN_UNICAST, 0, 7)), 0);
	assert_int_equal(add(&n, route_by(RTN_UNICAST, 0, 3)), 0);
	assert_int_equal(n.n, 2);
	assert_int_equal(n.ifindex[0], 7);
	assert_int_equal(n.ifindex[1], 3);
}

static void other_routes_do_not_count(void **state UNUSED)
{
	struct netroute n = { 0 };

	assert_int_equal(add(&n, route_by(RTN_UNICAST, 24, 7)), 0);
	assert_int_equal(add(&n, route_by(RTN_BLACKHOLE, 0, 7)), 0);
	assert_int_equal(add(&n, route_by(RTN_UNREACHABLE, 0, 7)), 0);
	assert_int_equal(add(&n, route(RTN_UNICAST, 0)), 0);
	assert_int_equal(n.n, 0);
}

static void all_ways_of_a_route_count(void **state UNUSED)
{
	static const int ways[] = { 4, 9, 4, 12 };
	struct netroute n = { 0 };

	assert_int_equal(add(&n, route_by_many(ways, 4)), 0);
	assert_int_equal(n.n, 3);
	assert_int_equal(n.ifindex[1], 9);
	assert_int_equal(n.ifindex[2], 12);
}

/* net.ipv4.nexthop_compat_mode=0: the message does not say which interfaces these are. */
static void a_route_that_only_names_a_nexthop_object_cannot_be_told(void **state UNUSED)
{
	struct nl_msg *msg = route(RTN_UNICAST, 0);
	struct netroute n = { 0 };

	assert_int_equal(nla_put_u32(msg, RTA_NH_ID, 3), 0);
	assert_int_equal(add(&n, msg), -EOPNOTSUPP);
	msg = route_by(RTN_UNICAST, 0, 7);
	assert_int_equal(nla_put_u32(msg, RTA_NH_ID, 3), 0);
	assert_int_equal(add(&n, msg), 0);
	assert_int_equal(n.n, 1);
	msg = route(RTN_UNICAST, 24);
	assert_int_equal(nla_put_u32(msg, RTA_NH_ID, 3), 0);
	assert_int_equal(add(&n, msg), 0);
	msg = route(RTN_BLACKHOLE, 0);
	assert_int_equal(nla_put_u32(msg, RTA_NH_ID, 3), 0);
	assert_int_equal(add(&n, msg), 0);
	assert_int_equal(n.n, 1);
}

static void more_interfaces_than_fit_is_an_error(void **state UNUSED)
{
	struct netroute n = { 0 };

	for (int i = 1; i <= NETROUTE_MAX; i++)
		assert_int_equal(add(&n, route_by(RTN_UNICAST, 0, i)), 0);
	assert_int_equal(add(&n, route_by(RTN_UNICAST, 0, NETROUTE_MAX)), 0);
	assert_int_equal(add(&n, route_by(RTN_UNICAST, 0, NETROUTE_MAX + 1)), -E2BIG);
}

/* The message is cut anywhere, each time in memory of exactly its length: valgrind and ASan
 * watch. */
static void nothing_is_read_beyond_a_message(void **state UNUSED)
{
	static const int ways[] = { 4, 9 };
	struct nl_msg *msg = route_by_many(ways, 2);
	const struct nlmsghdr *whole = nlmsg_hdr(msg);

	for (uint32_t len = sizeof(*whole); len < whole->nlmsg_len; len++) {
		_cleanup_free_ struct nlmsghdr *cut = malloc(len);
		struct netroute n = { 0 };

		memcpy(cut, whole, len);
		cut->nlmsg_len = len;
		assert_int_equal(netroute_add(&n, cut), 0);
		assert_true(n.n <= 2);
	}
	nlmsg_free(msg);
}

/* The whole message, too, ends where there is no memory, so that every build notices a byte too
 * far. */
static void nothing_is_read_behind_the_last_way(void **state UNUSED)
{
	static const int ways[] = { 4, 9 };
	struct nl_msg *msg = route_by_many(ways, 2);
	const struct nlmsghdr *whole = nlmsg_hdr(msg);
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	char *two =
		mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct netroute n = { 0 };
	char *at = two + page - whole->nlmsg_len;

	assert_true(two != MAP_FAILED);
	assert_int_equal(mprotect(two + page, page, PROT_NONE), 0);
	memcpy(at, whole, whole->nlmsg_len);
	assert_int_equal(netroute_add(&n, (const struct nlmsghdr *)at), 0);
	assert_int_equal(n.n, 2);
	munmap(two, 2 * page);
	nlmsg_free(msg);
}

/* What /proc/net/route has is in it, too. */
static void the_running_host_is_asked(void **state UNUSED)
{
	_cleanup_file_ FILE *f = fopen("/proc/net/route", "r");
	struct netroute n;
	char line[256], name[IFNAMSIZ];
	unsigned dst, mask, flags;

	assert_int_equal(netroute_defaults(&n, 60000), 0);
	while (f && fgets(line, sizeof(line), f)) {
		bool found = false;

		if (sscanf(line, "%15s %x %*x %x %*d %*d %*d %x", name, &dst, &flags, &mask) != 4 ||
		    dst || mask || flags & 0x200 /* RTF_REJECT */)
			continue;
		for (unsigned i = 0; i < n.n; i++)
			found |= n.ifindex[i] == (int)if_nametoindex(name);
		assert_true(found);
	}
}

static void routes_of_a_capture_are_those_of_every_table(void **state UNUSED)
{
	struct fake_root f;

	fake_root_init(&f, (const char *const[]){
				   "vfyard/ip-route=default dev eth0\\n"
				   "default dev vf0 table 100\\nunreachable default dev lo\\n"
				   "default dev eth1 dev eth2 table dev\\nfe80::/64 dev eth9",
				   NULL });
	assert_int_equal(netroute_captured(&f.host, "eth0"), 1);
	assert_int_equal(netroute_captured(&f.host, "vf0"), 1);
	assert_int_equal(netroute_captured(&f.host, "eth1"), 1);
	assert_int_equal(netroute_captured(&f.host, "eth2"), 1);
	assert_int_equal(netroute_captured(&f.host, "eth"), 0);
	assert_int_equal(netroute_captured(&f.host, "100"), 0);
	assert_int_equal(netroute_captured(&f.host, "lo"), 0);
	assert_int_equal(netroute_captured(&f.host, "eth9"), 0);
	fake_root_add(&f, "vfyard/ip-route=default nhid 3\\ndefault dev eth0");
	assert_int_equal(netroute_captured(&f.host, "eth0"), -EOPNOTSUPP);
	fake_root_done(&f);
	/* An old capture has no routes. */
	fake_root_init(&f, NULL);
	assert_int_equal(netroute_captured(&f.host, "eth0"), 0);
	fake_root_done(&f);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(routes_of_a_capture_are_those_of_every_table),
	cmocka_unit_test(a_default_route_counts_once),
	cmocka_unit_test(other_routes_do_not_count),
	cmocka_unit_test(all_ways_of_a_route_count),
	cmocka_unit_test(a_route_that_only_names_a_nexthop_object_cannot_be_told),
	cmocka_unit_test(more_interfaces_than_fit_is_an_error),
	cmocka_unit_test(nothing_is_read_beyond_a_message),
	cmocka_unit_test(nothing_is_read_behind_the_last_way),
	cmocka_unit_test(the_running_host_is_asked),
};

TEST_MAIN(tests)
