// SPDX-License-Identifier: GPL-2.0-or-later
/* At boot: waits for PFs whose drivers, netdevs and links appear meanwhile. */
#include "test.h"

#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/deadline.h"
#include "host/net/carrier.h"
#include "fake_yard.h"

#define LONG_ENOUGH_MS 60000

#define TOPOLOGY(vf)                                                                               \
	"{\"version\":1,\"pf\":[{\"name\":\"net0\",\"bdf\":\"0000:05:00.0\",\"numvfs\":5}],"       \
	"\"vf\":[{\"pf\":\"net0\",\"index\":\"0\"," vf "}]}"

static const char topology[] = TOPOLOGY("\"max_tx_rate\":100");

/* Does somebody else's work: @line is on the host a moment later. */
static pid_t later(struct fake_yard *y, const char *line)
{
	pid_t pid = fork();

	if (pid == 0) {
		poll(NULL, 0, 50);
		fake_root_add(&y->root, line);
		_exit(0);
	}
	return pid;
}

static int wait_for(struct fake_yard *y, unsigned ms)
{
	struct session s = { .hypervisor = "auto", .lock_fd = -1 };
	int r = host_open(&s.host, y->root.dir, &y->e);

	if (r == 0)
		r = session_topology(&s, true, &y->e);
	if (r == 0)
		r = apply_wait(&s, ms, &y->e);
	session_close(&s);
	return r;
}

static bool is_up(struct fake_yard *y)
{
	return netdev_link(&y->root.host, "eth0") != LINK_DOWN;
}

static void rates_wait_for_a_device_that_is_brought_up(void **state)
{
	struct fake_yard *y = *state;
	pid_t other = later(y, "sys/class/net/eth0/flags=0x1003");

	fake_yard_topology(y, topology);
	assert_int_equal(wait_for(y, LONG_ENOUGH_MS), 0);
	assert_true(is_up(y));
	assert_int_equal(waitpid(other, NULL, 0), other);
}

/* Tells whether a wait ends before its time, with a device that nobody brings up. */
static bool is_ready_at_once(struct fake_yard *y)
{
	int64_t start = monotonic_ms();

	assert_int_equal(wait_for(y, LONG_ENOUGH_MS), 0);
	assert_false(is_up(y));
	return monotonic_ms() - start < LONG_ENOUGH_MS;
}

static void rates_of_other_drivers_do_not_wait_for_it(void **state)
{
	struct fake_yard *y = *state;

	fake_root_add(&y->root, "sys/bus/pci/devices/0000:05:00.0/driver -> "
				"../../../bus/pci/drivers/i40e");
	fake_yard_topology(y, topology);
	assert_true(is_ready_at_once(y));
}

static void rates_without_limit_and_other_attributes_do_not_wait_for_it(void **state)
{
	static const char *const topologies[] = {
		TOPOLOGY("\"min_tx_rate\":0,\"max_tx_rate\":0"),
		TOPOLOGY("\"vlan\":7"),
	};
	struct fake_yard *y = *state;

	for (size_t i = 0; i < ARRAY_SIZE(topologies); i++) {
		fake_yard_topology(y, topologies[i]);
		assert_true(is_ready_at_once(y));
	}
}

static void what_never_comes_is_no_error_here(void **state)
{
	struct fake_yard *y = *state;

	fake_yard_topology(y, topology);
	assert_int_equal(wait_for(y, 1), 0);
	assert_false(is_up(y));
}

static void a_driver_that_needs_it_for_vfs_is_waited_for(void **state)
{
	struct fake_yard *y = *state;
	pid_t other = later(y, "sys/class/net/eth0/flags=0x1003");

	fake_root_add(&y->root, "sys/bus/pci/devices/0000:05:00.0/driver -> "
				"../../../bus/pci/drivers/bnxt_en");
	fake_yard_topology(y, TOPOLOGY("\"vlan\":7"));
	assert_int_equal(wait_for(y, LONG_ENOUGH_MS), 0);
	assert_true(is_up(y));
	assert_int_equal(waitpid(other, NULL, 0), other);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, fake_yard_setup, fake_yard_teardown)

static const struct CMUnitTest tests[] = {
	TEST(rates_wait_for_a_device_that_is_brought_up),
	TEST(rates_of_other_drivers_do_not_wait_for_it),
	TEST(rates_without_limit_and_other_attributes_do_not_wait_for_it),
	TEST(what_never_comes_is_no_error_here),
	TEST(a_driver_that_needs_it_for_vfs_is_waited_for),
};

TEST_MAIN(tests)
