// SPDX-License-Identifier: GPL-2.0-or-later
/* up=1: a PF's network device goes up before its VFs are made, and down again. */
#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "host/guard/netdev_up.h"
#include "fake_yard_check.h"
#include "topology/build/load.h"

#define TOPOLOGY(up)                                                                               \
	"{\"version\":1,\"pf\":[{\"name\":\"net0\",\"bdf\":\"0000:05:00.0\",\"numvfs\":4" up "}]}"

/* eth0 is down, and now has a driver that needs it up. */
static struct fake_yard *yard_with(void **state, const char *driver, const char *topology)
{
	struct fake_yard *y = *state;
	char line[128];

	if (driver) {
		snprintf(line, sizeof(line), "sys/bus/pci/drivers/%s/", driver);
		fake_root_add(&y->root, line);
		snprintf(line, sizeof(line),
			 "sys/bus/pci/devices/0000:05:00.0/driver -> ../../../bus/pci/drivers/%s",
			 driver);
		unlinkat(y->root.host.root.fd, "sys/bus/pci/devices/0000:05:00.0/driver", 0);
		fake_root_add(&y->root, line);
	}
	fake_yard_topology(y, topology);
	return y;
}

static unsigned flags(const struct fake_yard *y)
{
	uint64_t n = 0;

	assert_int_equal(root_read_u64(&y->root.host.root, &n, "sys/class/net/eth0/flags"), 0);
	return (unsigned)n;
}

static void a_driver_that_needs_it_is_refused_without_up(void **state)
{
	struct fake_yard *y = yard_with(state, "bnxt_en", TOPOLOGY(""));

	yard_must(y, YARD_PLAN);
	assert_int_equal(y->n_problems, 1);
	assert_non_null(strstr(fake_yard_notes(y), "write up=1 for this PF"));
	yard_fails(y, YARD_APPLY, EXIT_REFUSED, "refused");
	assert_int_equal(y->changes, 0);
}

static void up_comes_first_and_release_takes_it_back(void **state)
{
	struct fake_yard *y = yard_with(state, "bnxt_en", TOPOLOGY(",\"up\":1"));
	_cleanup_free_ char *before = fake_yard_snapshot(y), *after = NULL;

	yard_must(y, YARD_PLAN);
	assert_int_equal(y->n_problems, 0);
	assert_int_equal(y->n_steps, 2);
	yard_must(y, YARD_APPLY);
	assert_int_equal(flags(y), 0x1003);
	assert_int_equal(yard_number(y, "0000:05:00.0", "sriov_numvfs"), 4);
	yard_must(y, YARD_STATUS);
	assert_int_equal(y->n_steps, 0);
	yard_must(y, YARD_RELEASE);
	after = fake_yard_snapshot(y);
	assert_string_equal(after, before);
}

static void one_that_was_up_stays_up(void **state)
{
	struct fake_yard *y = yard_with(state, NULL, TOPOLOGY(",\"up\":1"));

	fake_root_add(&y->root, "sys/class/net/eth0/flags=0x1003");
	yard_must(y, YARD_APPLY);
	yard_must(y, YARD_RELEASE);
	assert_int_equal(flags(y), 0x1003);
}

static void a_failure_later_takes_it_back(void **state)
{
	struct fake_yard *y = yard_with(state, NULL, TOPOLOGY(",\"up\":1"));
	_cleanup_free_ char *before = fake_yard_snapshot(y), *after = NULL;

	y->fail_at = 2;
	y->fail_code = EIO;
	yard_fails(y, YARD_APPLY, EXIT_FAILED, "");
	after = fake_yard_snapshot(y);
	assert_string_equal(after, before);
}

static void success_that_is_none_is_a_failure(void **state)
{
	struct fake_yard *y = yard_with(state, NULL, TOPOLOGY(",\"up\":1"));

	y->netvf.up_fails = true;
	yard_fails(y, YARD_APPLY, EXIT_FAILED, "network device eth0 is not up");
	assert_int_equal(yard_number(y, "0000:05:00.0", "sriov_numvfs"), 0);
}

/* Each is something that a user of the device has. */
static void what_is_used_meanwhile_stays_up(void **state)
{
	static const char *const uses[] = {
		"proc/net/route=Iface Destination Gateway Flags\\neth0 000000C0 00000000 0001 0 0 0 "
		"00FFFFFF 0 0 0",
		"proc/net/ipv6_route=20010db8000000000000000000000000 40 00000000000000000000000000000000 "
		"00 00000000000000000000000000000000 00000100 00000001 00000000 00000001 eth0",
		"sys/class/net/eth0/master -> ../../br0",
	};
	static const char *const forced[] = { "net0" };
	struct fake_yard *y = yard_with(state, NULL, TOPOLOGY(",\"up\":1"));

	for (size_t i = 0; i < ARRAY_SIZE(uses); i++) {
		fake_root_add(&y->root, "sys/class/net/eth0/flags=0x1002");
		fake_root_add(&y->root, "proc/net/route=Iface");
		fake_root_add(&y->root, "proc/net/ipv6_route=");
		yard_must(y, YARD_APPLY);
		fake_root_add(&y->root, uses[i]);
		/* The guard forbids unmaking VFs of a member of a bridge. */
		y->root.host.forced = forced;
		y->root.host.n_forced = 1;
		yard_must(y, YARD_RELEASE);
		assert_int_equal(flags(y), 0x1003);
	}
	assert_non_null(strstr(fake_yard_notes(y), "stays up: eth0 has an address or a route"));
	assert_non_null(strstr(fake_yard_notes(y), "stays up: eth0 is a member of"));
}

/* Every device has these addresses. */
static void link_local_addresses_are_no_use(void **state)
{
	struct fake_yard *y = yard_with(state, NULL, TOPOLOGY(",\"up\":1"));

	yard_must(y, YARD_APPLY);
	fake_root_add(
		&y->root,
		"proc/net/ipv6_route=fe800000000000000000000000000000 40 "
		"00000000000000000000000000000000 00 00000000000000000000000000000000 00000100 "
		"00000001 00000000 00000001 eth0\\nff000000000000000000000000000000 08 "
		"00000000000000000000000000000000 00 00000000000000000000000000000000 00000100 "
		"00000001 00000000 00000001 eth0");
	yard_must(y, YARD_RELEASE);
	assert_int_equal(flags(y), 0x1002);
}

static void in_another_boot_somebody_else_brought_it_up(void **state)
{
	struct fake_yard *y = yard_with(state, NULL, TOPOLOGY(",\"up\":1"));

	yard_must(y, YARD_APPLY);
	fake_root_add(&y->root, "proc/sys/kernel/random/boot_id=9999");
	yard_must(y, YARD_APPLY);
	yard_must(y, YARD_RELEASE);
	assert_int_equal(flags(y), 0x1003);
}

static void release_with_the_device_down_says_what_to_do(void **state)
{
	struct fake_yard *y = yard_with(state, "bnxt_en", TOPOLOGY(",\"up\":1"));

	yard_must(y, YARD_APPLY);
	fake_root_add(&y->root, "sys/class/net/eth0/flags=0x1002");
	yard_fails(y, YARD_RELEASE, EXIT_REFUSED, "only while network device eth0 is up");
	assert_non_null(strstr(y->e.fix, "ip link set eth0 up"));
}

static void up_without_numvfs_is_an_error_of_the_file(void **state UNUSED)
{
	static const char text[] =
		"{\"version\":1,\"pf\":[{\"name\":\"a\",\"bdf\":\"05:00.0\",\"up\":true}]}";
	struct problems problems = { .file = "t.cfg" };
	struct topology *t = NULL;

	assert_true(topology_parse(&t, text, sizeof(text) - 1, "t.cfg", &problems, NULL) < 0);
	assert_int_equal(problems.n, 1);
	assert_non_null(strstr(problems.v[0].err.cause, "'a' has no numvfs="));
	problems_done(&problems);
}

static void up_is_read_in_both_syntaxes(void **state UNUSED)
{
	static const char *const texts[] = {
		"version = 1\npf = [ \"a: bdf=05:00.0, numvfs=1, up=1\" ]\n",
		"{\"version\":1,\"pf\":[{\"name\":\"a\",\"bdf\":\"05:00.0\",\"numvfs\":1,\"up\":true}]}",
	};

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		struct problems problems = { .file = "t.cfg" };
		struct topology *t = NULL;

		assert_int_equal(
			topology_parse(&t, texts[i], strlen(texts[i]), "t", &problems, NULL), 0);
		assert_true(t->pfs[0].up);
		topology_free(t);
		problems_done(&problems);
	}
}

#define T(f) cmocka_unit_test_setup_teardown(f, fake_yard_setup, fake_yard_teardown)

static const struct CMUnitTest tests[] = {
	T(a_driver_that_needs_it_is_refused_without_up),
	T(up_comes_first_and_release_takes_it_back),
	T(one_that_was_up_stays_up),
	T(a_failure_later_takes_it_back),
	T(success_that_is_none_is_a_failure),
	T(what_is_used_meanwhile_stays_up),
	T(link_local_addresses_are_no_use),
	T(in_another_boot_somebody_else_brought_it_up),
	T(release_with_the_device_down_says_what_to_do),
	cmocka_unit_test(up_without_numvfs_is_an_error_of_the_file),
	cmocka_unit_test(up_is_read_in_both_syntaxes),
};

TEST_MAIN(tests)
