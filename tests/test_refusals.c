// SPDX-License-Identifier: GPL-2.0-or-later
/* What the run refuses on KVM, check, plan and the dry run refuse, too, in the same words. */
#include <unistd.h>

#include "fake_kvm.h"
#include "fake_refusals.h"

#define TAKE                                                                                       \
	"{\"version\":1,\"pf\":[{\"name\":\"net0\",\"bdf\":\"0000:05:00.0\"}],"                    \
	"\"vf\":[{\"pf\":\"net0\",\"index\":\"0\",\"driver\":\"assign\"}]}"
#define GIVE(domain)                                                                               \
	"{\"version\":1,\"pf\":[{\"name\":\"net0\",\"bdf\":\"0000:05:00.0\"}],"                    \
	"\"domain\":[{\"name\":\"" domain "\",\"devices\":[{\"pf\":\"net0\",\"index\":\"0\"}]}]}"

static void put(const char *line)
{
	fake_root_add(&env.root, line);
}

static void drop(const char *path)
{
	assert_int_equal(unlinkat(env.root.host.root.fd, path, 0), 0);
}

static void add_neighbour(void)
{
	put("sys/bus/pci/devices/0000:05:00.1/driver -> ../../../bus/pci/drivers/e1000e");
	put("sys/kernel/iommu_groups/11/devices/0000:05:00.1 -> x");
}

/* A region that may be given up is no reason. */
static void keep_memory(void)
{
	put("sys/kernel/iommu_groups/11/reserved_regions=0x00000000000a0000 0x00000000000affff "
	    "direct-relaxable\\n0x00000000bdf83000 0x00000000bdf84fff direct\\n"
	    "0x00000000fee00000 0x00000000feefffff msi");
}

static void drop_group(void)
{
	drop("sys/bus/pci/devices/0000:05:10.0/iommu_group");
}

/* While it has a driver, the survey calls it broken. */
static void open_its_group(void)
{
	drop("sys/bus/pci/devices/0000:05:10.0/driver");
	env_open(WEB1_PID, "11");
}

static const struct refusal_case rows[] = {
	{ .name = "group",
	  .cause = "IOMMU group 11 also has 0000:05:00.1 (e1000e)",
	  .provoke = add_neighbour },
	{ .name = "reserved",
	  .cause = "the firmware keeps memory for it (0xbdf83000 to 0xbdf84fff, RMRR)",
	  .provoke = keep_memory },
	{ .name = "used",
	  .cause = "web1 (pid 4242) has its IOMMU group 11 open",
	  .provoke = open_its_group },
};

static void unload_driver(void)
{
	char command[128];

	snprintf(command, sizeof(command), "rm -r %s/sys/bus/pci/drivers/vfio-pci", env.root.dir);
	assert_int_equal(system(command), 0);
}

static void open_by_a_guest(void)
{
	env_open(WEB1_PID, "11");
}

static void route_through_it(void)
{
	put("sys/devices/pci0000:05/0000:05:10.0/net/vf0/device -> ../..");
	put("sys/devices/pci0000:05/0000:05:10.0/net/vf0/flags=0x1003");
	put("sys/class/net/vf0 -> ../../devices/pci0000:05/0000:05:10.0/net/vf0");
	put("proc/net/route=Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\\n"
	    "vf0\t00000000\t010A0A0A\t0003\t0\t0\t0\t00000000");
}

static void put_into_a_container(void)
{
	put("sys/devices/pci0000:05/0000:05:10.0/net/");
}

/* Reasons that are not rows: the host's need, who has it, and the driver. */
static const struct refusal_case others[] = {
	{ .name = "no group", .cause = "it has no IOMMU group", .provoke = drop_group },
	{ .name = "driver", .cause = "driver vfio-pci is not loaded", .provoke = unload_driver },
	{ .name = "broken",
	  .cause = "a process has its IOMMU group open",
	  .provoke = open_by_a_guest },
	{ .name = "host",
	  .cause = "the host needs it: vf0 carries the default route",
	  .provoke = route_through_it },
	{ .name = "container",
	  .cause = "its network device is in another network namespace",
	  .provoke = put_into_a_container },
};

static struct refused_host take(void)
{
	env_reload();
	return (struct refused_host){ .host = &env.root.host,
				      .ops = &kvm_backend,
				      .backend = env.backend,
				      .dev = "net0/0",
				      .topology = TAKE };
}

static void drive(const struct refusal_case *c, bool is_row)
{
	struct refused_host h;
	unsigned writes;

	c->provoke();
	h = take();
	writes = env.kernel.n_writes;
	refused_everywhere(&h, c, is_row);
	/* The same when it goes to a domain. */
	h.topology = GIVE("off1");
	refused_everywhere(&h, c, is_row);
	assert_int_equal(env.kernel.n_writes, writes);
}

static void nothing_refuses_a_plain_host(void **state UNUSED)
{
	struct refused_host h = take();

	refused_nowhere(&h);
}

static void every_row_has_a_case(void **state UNUSED)
{
	refusals_have_cases(kvm_backend.refusals, rows, ARRAY_SIZE(rows));
}

/* Each case gets a host of its own. */
static void drive_each(void **state, const struct refusal_case *cases, size_t n, bool are_rows)
{
	for (size_t i = 0; i < n; i++) {
		if (i) {
			env_teardown(state);
			env_setup(state);
		}
		print_message("  %s\n", cases[i].name);
		drive(&cases[i], are_rows);
	}
}

static void every_row_is_asked_by_all(void **state)
{
	drive_each(state, rows, ARRAY_SIZE(rows), true);
}

static void the_other_refusals_are_asked_by_all(void **state)
{
	drive_each(state, others, ARRAY_SIZE(others), false);
}

/* When one run takes both, neither is in the way of the other; each alone is. */
static void neighbours_go_together(void **state UNUSED)
{
	struct refused_host h = take();
	unsigned writes;

	put("sys/kernel/iommu_groups/11/devices/0000:05:10.2 -> x");
	topology_refused(&h, "IOMMU group 11 also has 0000:05:10.2 (igbvf)");
	h.topology = "{\"version\":1,\"pf\":[{\"name\":\"net0\",\"bdf\":\"0000:05:00.0\"}],"
		     "\"vf\":[{\"pf\":\"net0\",\"index\":\"0-1\",\"driver\":\"assign\"}]}";
	h.dev = "net0/0-1";
	refused_nowhere(&h);
	writes = env.kernel.n_writes;
	refused_not_by_the_run(&h);
	assert_true(env.kernel.n_writes > writes);
	assert_string_equal(env_driver(0), "vfio-pci");
	assert_string_equal(env_driver(1), "vfio-pci");
}

/* The guest that has the group first has it alone. */
static void two_guests_do_not_share_a_group(void **state UNUSED)
{
	static const char *const args[] = {
		"/usr/bin/qemu-system-x86_64",		"-name", "guest=db1", "-qmp",
		"unix:/run/db1.qmp,server=on,wait=off", NULL
	};
	static const char topology[] =
		"{\"version\":1,\"pf\":[{\"name\":\"net0\",\"bdf\":\"0000:05:00.0\"}],\"domain\":["
		"{\"name\":\"web1\",\"devices\":[{\"pf\":\"net0\",\"index\":\"1\"}]},"
		"{\"name\":\"db1\",\"devices\":[{\"pf\":\"net0\",\"index\":\"0\"}]}]}";
	static const struct refusal_case shared = {
		.name = "shared",
		.cause = "web1 (pid 4242) has its IOMMU group 11 open",
		.check_cause = "its IOMMU group 11 also has net0/1 of domain web1"
	};
	static const struct fake_qmp_device port = {
		.id = "rp0", .type = "pcie-root-port", .bus = "pcie.0", .slot = 1
	};
	static struct fake_qmp second;
	struct refused_host h;

	fake_qmp_add(&second, &port);
	fake_qmp_start(&second, &env.root, "/run/db1.qmp");

	put("sys/kernel/iommu_groups/11/devices/0000:05:10.2 -> x");
	drop("sys/bus/pci/devices/0000:05:10.2/iommu_group");
	put("sys/bus/pci/devices/0000:05:10.2/iommu_group -> ../../../kernel/iommu_groups/11");
	h = take();
	h.dev = "net0/0-1";
	refused_not_by_the_run(&h);
	h = take();
	h.topology = topology;
	/* As long as one of them is off, they may run in turn. */
	refused_not_without_attach(&h);
	env_process(91, "qemu-system-x86", args);
	h = take();
	h.topology = topology;
	topology_refused(&h, shared.check_cause);
	refused_not_without_attach(&h);
	env_give(1);
	env_open(WEB1_PID, "11");
	h = take();
	h.topology = topology;
	h.domain = "db1";
	refused_everywhere(&h, &shared, false);
	fake_qmp_stop(&second);
}

static void start_libvirts(void)
{
	static const char *const args[] = { "/usr/bin/qemu-system-x86_64",
					    "-name",
					    "guest=lv1",
					    "-object",
					    "secret,file=/var/lib/libvirt/qemu/domain-1-lv1/key",
					    NULL };

	env_process(91, "qemu-system-x86", args);
}

static void start_incus(void)
{
	static const char *const args[] = {
		"/usr/bin/qemu-system-x86_64", "-name", "lv1", "-readconfig",
		"/run/incus/lv1/qemu.conf",    NULL
	};

	env_process(91, "qemu-system-x86", args);
}

static void start_without_monitor(void)
{
	static const char *const args[] = { "/usr/bin/qemu-system-x86_64", "-name", "guest=lv1",
					    NULL };

	env_process(91, "qemu-system-x86", args);
}

static const struct refusal_case guests[] = {
	{ .name = "libvirt",
	  .cause = "libvirt runs domain lv1, and cannot be asked: libvirt's library",
	  .provoke = start_libvirts },
	{ .name = "incus", .cause = "Incus runs domain lv1", .provoke = start_incus },
	{ .name = "monitor",
	  .cause = "QEMU of lv1 (pid 91) has no QMP monitor",
	  .provoke = start_without_monitor },
};

static void a_guest_that_takes_nothing_is_known_by_all(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(guests); i++) {
		struct refused_host h;
		unsigned writes;

		if (i) {
			env_teardown(state);
			env_setup(state);
		}
		guests[i].provoke();
		assert_int_equal(env_assign(0), 0);
		h = take();
		h.domain = "lv1";
		h.topology = GIVE("lv1");
		writes = env.kernel.n_writes;
		refused_everywhere(&h, &guests[i], false);
		assert_int_equal(env.kernel.n_writes, writes);
		refused_not_without_attach(&h);
	}
}

/* Nobody answers at the monitor of a captured guest, which is no reason to refuse; the guest's
 * command line tells whose it is. */
static void guests_of_a_capture_are_read_from_their_command_lines(void **state UNUSED)
{
	struct refused_host h;

	start_incus();
	assert_int_equal(env_assign(0), 0);
	env.root.host.root.write = NULL;
	fake_qmp_stop(&env.qmp);
	/* A capture has no sockets. */
	assert_int_equal(unlinkat(env.root.host.root.fd, "run/web1.qmp", 0), 0);
	h = take();
	h.topology = GIVE("web1");
	captured_is_not_refused(&h);
	h.topology = GIVE("lv1");
	captured_is_refused(&h, guests[1].cause);
	add_neighbour();
	h.topology = GIVE("off1");
	captured_is_refused(&h, rows[0].cause);
}

#define T(f) cmocka_unit_test_setup_teardown(f, env_setup, env_teardown)

static const struct CMUnitTest tests[] = {
	T(nothing_refuses_a_plain_host),
	T(every_row_has_a_case),
	T(every_row_is_asked_by_all),
	T(the_other_refusals_are_asked_by_all),
	T(neighbours_go_together),
	T(two_guests_do_not_share_a_group),
	T(guests_of_a_capture_are_read_from_their_command_lines),
	T(a_guest_that_takes_nothing_is_known_by_all),
};

TEST_MAIN(tests)
