// SPDX-License-Identifier: GPL-2.0-or-later
/* The same against a real QEMU, stopped before its first instruction, with a stand-in for VFs. */
#include "test.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "backend/kvm/kvm.h"
#include "backend/kvm/hotplug.h"
#include "base/deadline.h"

#define STAND_IN "virtio-rng-pci"
#define TIMEOUT	 20000u

/* vfrp0 and vfrp1 are free, vfrp2 is taken, vfrp3 has no hot plug; a switch has a free and a taken
 * port. */
#define PORTS                                                                                      \
	"-device", "pcie-root-port,id=vfrp0,chassis=1,slot=1,addr=0x1.0,multifunction=on",         \
		"-device", "pcie-root-port,id=vfrp1,chassis=2,slot=2,addr=0x1.1", "-device",       \
		"pcie-root-port,id=vfrp2,chassis=3,slot=3,addr=0x1.2", "-device",                  \
		"pcie-root-port,id=vfrp3,chassis=4,slot=4,addr=0x1.3,hotplug=off", "-device",      \
		STAND_IN ",bus=vfrp2,addr=0x0", "-device",                                         \
		"pcie-root-port,id=sw0rp,chassis=5,slot=5,addr=0x2", "-device",                    \
		"x3130-upstream,id=sw0up,bus=sw0rp,addr=0x0", "-device",                           \
		"xio3130-downstream,id=sw0d0,bus=sw0up,chassis=6,slot=6,addr=0x0", "-device",      \
		"xio3130-downstream,id=sw0d1,bus=sw0up,chassis=7,slot=7,addr=0x1", "-device",      \
		STAND_IN ",id=taken,bus=sw0d1,addr=0x0"

static struct {
	char dir[64], path[96], name[32];
	pid_t pid;
	struct host host;
	struct backend *backend;
	struct qmp *q;
	struct machine m;
	struct err e;
} env;

/* Replaces this process. */
static void exec_qemu(const char *machine, const char *hotplug)
{
	char qmp[128];

	snprintf(qmp, sizeof(qmp), "unix:%s,server=on,wait=off", env.path);
	if (strcmp(machine, "q35") != 0)
		execlp("qemu-system-x86_64", "qemu-system-x86_64", "-S", "-nodefaults", "-display",
		       "none", "-machine", machine, "-accel", "tcg", "-m", "64", "-name", env.name,
		       "-qmp", qmp, "-global", hotplug, "-device", STAND_IN ",addr=0x5",
		       (char *)NULL);
	execlp("qemu-system-x86_64", "qemu-system-x86_64", "-S", "-nodefaults", "-display", "none",
	       "-machine", "q35", "-accel", "tcg", "-m", "64", "-name", env.name, "-qmp", qmp,
	       "-global", hotplug, PORTS, (char *)NULL);
	perror("qemu-system-x86_64");
	_exit(127);
}

static int setup(const char *machine, const char *hotplug)
{
	struct deadline d = deadline_in(TIMEOUT);

	memset(&env, 0, sizeof(env));
	snprintf(env.dir, sizeof(env.dir), "/tmp/vfyard-qemu-XXXXXX");
	assert_non_null(mkdtemp(env.dir));
	snprintf(env.path, sizeof(env.path), "%s/q.qmp", env.dir);
	snprintf(env.name, sizeof(env.name), "vfyard-test-%d", getpid());
	assert_int_equal(host_open(&env.host, NULL, &env.e), 0);
	assert_int_equal(kvm_backend.open(&env.backend, &env.host, NULL, &env.e), 0);
	env.pid = fork();
	assert_true(env.pid >= 0);
	if (!env.pid)
		exec_qemu(machine, hotplug);
	while (qmp_open(&env.q, &env.host, env.path, TIMEOUT, &env.e) < 0)
		if (waitpid(env.pid, NULL, WNOHANG) != 0 || !deadline_pause(&d))
			fail_msg("QEMU does not come up: %s", env.e.cause);
	return 0;
}

/* Native hot plug: a slot that is powered off lets go without a guest. */
static int setup_native(void **state UNUSED)
{
	return setup("q35", "ICH9-LPC.acpi-pci-hotplug-with-bridge-support=off");
}

/* ACPI: nothing happens before a guest says so. */
static int setup_acpi(void **state UNUSED)
{
	return setup("q35", "ICH9-LPC.acpi-pci-hotplug-with-bridge-support=on");
}

/* QEMU's default is i440fx, whose root bus allows hot plug. */
static int setup_pc(void **state UNUSED)
{
	return setup("pc", "PIIX4_PM.acpi-root-pci-hotplug=on");
}

static int setup_pc_off(void **state UNUSED)
{
	return setup("pc", "PIIX4_PM.acpi-root-pci-hotplug=off");
}

static int setup_pc_no_acpi(void **state UNUSED)
{
	return setup("pc,acpi=off", "PIIX4_PM.acpi-root-pci-hotplug=on");
}

static void end_qemu(void)
{
	if (!env.pid)
		return;
	kill(env.pid, SIGKILL);
	waitpid(env.pid, NULL, 0);
	env.pid = 0;
}

static int teardown(void **state UNUSED)
{
	machine_done(&env.m);
	qmp_close(env.q);
	kvm_backend.close(env.backend);
	end_qemu();
	unlink(env.path);
	rmdir(env.dir);
	host_close(&env.host);
	return 0;
}

static void look(void)
{
	machine_done(&env.m);
	assert_int_equal(machine_read(&env.m, env.q, TIMEOUT, &env.e), 0);
}

static bool is_free(const char *id)
{
	for (size_t i = 0; i < env.m.n_ports; i++)
		if (!strcmp(env.m.ports[i].id, id))
			return env.m.ports[i].is_free;
	fail_msg("no port %s", id);
	return false;
}

static int in(const char *id, const char *bus)
{
	const struct plug p = { .driver = STAND_IN, .id = id, .bus = bus };

	return plug_in(env.q, &p, TIMEOUT, &env.e);
}

static void assert_fix(const char *text)
{
	if (!strstr(env.e.fix, text))
		fail_msg("'%s' is not in '%s' of '%s'", text, env.e.fix, env.e.cause);
}

static void ports_are_free_taken_or_not_for_hot_plug(void **state UNUSED)
{
	look();
	assert_int_equal(env.m.n_ports, 7);
	assert_int_equal(machine_free_ports(&env.m), 3);
	assert_true(is_free("vfrp0") && is_free("vfrp1") && is_free("sw0d0"));
	assert_false(is_free("vfrp2") || is_free("vfrp3") || is_free("sw0rp") || is_free("sw0d1"));
	assert_string_equal(machine_pick(&env.m, 0)->id, machine_pick(&env.m, -1)->id);
	assert_string_equal(machine_pick(&env.m, 6)->id, "sw0d0");
	assert_null(machine_pick(&env.m, 3));
	assert_int_equal(env.m.n_devs, 0);
}

static void a_device_goes_in_and_its_port_is_taken(void **state UNUSED)
{
	bool is_there;

	assert_int_equal(in("vf-a", "vfrp1"), 0);
	assert_int_equal(in("vf-b", "sw0d0"), 0);
	look();
	assert_false(is_free("vfrp1") || is_free("sw0d0"));
	assert_int_equal(machine_has(env.q, "/machine/peripheral/vf-a", &is_there, TIMEOUT, &env.e),
			 0);
	assert_true(is_there);
	assert_int_equal(machine_has(env.q, "/machine/peripheral/vf-x", &is_there, TIMEOUT, &env.e),
			 0);
	assert_false(is_there);
}

static void refusals_are_as_we_know_them(void **state UNUSED)
{
	assert_int_equal(in("vf-a", "vfrp1"), 0);
	assert_int_equal(in("vf-b", "vfrp1"), -EREMOTEIO);
	assert_fix("something was plugged in");
	assert_int_equal(in("vf-a", "vfrp0"), -EREMOTEIO);
	assert_fix("an earlier detach is not finished");
	assert_int_equal(in("vf-b", "vfrp3"), -EREMOTEIO);
	assert_fix("hot plug of that port is off");
	assert_int_equal(in("vf-b", "pcie.0"), -EREMOTEIO);
	assert_fix("hot plug of that port is off");
	assert_int_equal(in("vf-b", "nowhere"), -EREMOTEIO);
	assert_non_null(strstr(env.e.cause, "Bus 'nowhere' not found"));
}

static void a_group_that_is_not_there_is_qemus_to_say(void **state UNUSED)
{
	const struct plug p = { .driver = "vfio-pci",
				.id = "vf-a",
				.bus = "vfrp0",
				.property = "host",
				.value = "0000:ff:1f.7" };

	assert_int_equal(plug_in(env.q, &p, TIMEOUT, &env.e), -EREMOTEIO);
	assert_non_null(strstr(env.e.cause, "0000:ff:1f.7"));
	look();
	assert_true(is_free("vfrp0"));
}

static void a_device_is_out_with_the_event(void **state UNUSED)
{
	assert_int_equal(in("vf-a", "vfrp1"), 0);
	assert_int_equal(plug_out(env.q, "vf-a", "/machine/peripheral/vf-a", TIMEOUT, &env.e), 0);
	look();
	assert_true(is_free("vfrp1"));
	assert_int_equal(in("vf-a", "vfrp1"), 0);
	assert_int_equal(plug_out(env.q, "vf-a", "/machine/peripheral/vf-a", TIMEOUT, &env.e), 0);
}

static void a_device_without_id_goes_out_by_its_path(void **state UNUSED)
{
	json_t *list = NULL, *item;
	char path[128] = "";
	size_t i;

	/* This is not the one in vfrp2, whose slot is on and asks the guest. */
	assert_int_equal(
		qmp_call(env.q, "device_add",
			 json_pack("{s:s, s:s}", "driver", "virtio-balloon-pci", "bus", "vfrp1"),
			 TIMEOUT, NULL, &env.e),
		0);
	assert_int_equal(qmp_call(env.q, "qom-list",
				  json_pack("{s:s}", "path", "/machine/peripheral-anon"), TIMEOUT,
				  &list, &env.e),
			 0);
	json_array_foreach(list, i,
			   item) if (strstr(json_string_value(json_object_get(item, "type")),
					    "virtio-balloon"))
		snprintf(path, sizeof(path), "/machine/peripheral-anon/%s",
			 json_string_value(json_object_get(item, "name")));
	json_decref(list);
	assert_string_not_equal(path, "");
	assert_int_equal(plug_out(env.q, "", path, TIMEOUT, &env.e), 0);
	look();
	assert_true(is_free("vfrp1"));
}

static void what_is_not_there_is_out(void **state UNUSED)
{
	assert_int_equal(plug_out(env.q, "vf-x", "/machine/peripheral/vf-x", TIMEOUT, &env.e), 0);
}

static void a_guest_that_never_answers_keeps_it(void **state UNUSED)
{
	bool is_there = false;

	assert_int_equal(in("vf-a", "vfrp1"), 0);
	assert_int_equal(plug_out(env.q, "vf-a", "/machine/peripheral/vf-a", 1000, &env.e),
			 -ETIMEDOUT);
	assert_non_null(strstr(env.e.cause, "the guest has not released it"));
	assert_int_equal(machine_has(env.q, "/machine/peripheral/vf-a", &is_there, TIMEOUT, &env.e),
			 0);
	assert_true(is_there);
}

static int in_function(const char *id, unsigned fn, bool is_multifunction)
{
	const struct plug p = { .driver = STAND_IN,
				.id = id,
				.bus = "vfrp1",
				.fn = fn,
				.is_multifunction = is_multifunction };

	return plug_in(env.q, &p, TIMEOUT, &env.e);
}

static bool is_there(const char *id)
{
	char path[96];
	bool is = false;

	snprintf(path, sizeof(path), "/machine/peripheral/%s", id);
	assert_int_equal(machine_has(env.q, path, &is, TIMEOUT, &env.e), 0);
	return is;
}

static const struct leaving both[] = {
	{ "vf-a", "/machine/peripheral/vf-a" },
	{ "vf-b", "/machine/peripheral/vf-b" },
};

/* In native mode the slot of a machine that never ran is off, so that all of it goes at once. */
static void functions_of_a_slot_come_before_function_0_and_go_with_it(void **state UNUSED)
{
	assert_int_equal(in_function("vf-b", 3, false), 0);
	assert_int_equal(in_function("vf-a", 0, true), 0);
	look();
	assert_false(is_free("vfrp1"));
	assert_int_equal(plug_out_all(env.q, both, 2, TIMEOUT, &env.e), 0);
	assert_false(is_there("vf-a") || is_there("vf-b"));
	look();
	assert_true(is_free("vfrp1"));
	assert_int_equal(in_function("vf-b", 3, false), 0);
	assert_int_equal(in_function("vf-a", 0, true), 0);
}

/* With ACPI all wait for the guest. */
static void functions_of_a_slot_stay_together(void **state UNUSED)
{
	assert_int_equal(in_function("vf-b", 3, false), 0);
	assert_int_equal(in_function("vf-a", 0, true), 0);
	assert_int_equal(plug_out_all(env.q, both, 2, 1000, &env.e), -ETIMEDOUT);
	assert_true(is_there("vf-a") && is_there("vf-b"));
}

/* This is why their order is as it is, and why function 0 says that there are others. */
static void functions_are_refused_as_we_know_it(void **state UNUSED)
{
	assert_int_equal(in_function("vf-b", 3, false), 0);
	assert_int_equal(in_function("vf-a", 0, false), -EREMOTEIO);
	assert_non_null(strstr(env.e.cause, "single function"));
	assert_int_equal(in_function("vf-a", 0, true), 0);
	env.e = (struct err){ 0 };
	assert_int_equal(in_function("vf-c", 5, false), -EREMOTEIO);
	assert_non_null(strstr(env.e.cause, "function 0 already occupied"));
}

static void function_that_waits_goes_by_itself(void **state UNUSED)
{
	assert_int_equal(in_function("vf-b", 3, false), 0);
	assert_int_equal(plug_out_all(env.q, &both[1], 1, TIMEOUT, &env.e), 0);
	assert_false(is_there("vf-b"));
}

static int in_slot(const char *id, unsigned slot)
{
	const struct plug p = { .driver = STAND_IN, .id = id, .bus = "pci.0", .addr = slot };

	return plug_in(env.q, &p, TIMEOUT, &env.e);
}

static void a_pc_takes_devices_in_its_free_slots(void **state UNUSED)
{
	look();
	assert_memory_equal(env.m.type, "pc-i440fx-", 10);
	assert_true(machine_has_slots(&env.m));
	assert_int_equal(env.m.n_ports, 31);
	/* The chipset is in slot 1, the stand-in in 5. */
	assert_int_equal(machine_free_ports(&env.m), 29);
	assert_null(machine_pick(&env.m, 1));
	assert_null(machine_pick(&env.m, 5));
	assert_int_equal(machine_pick(&env.m, 0)->addr, 31);
	assert_int_equal(in_slot("vf-a", machine_pick(&env.m, 0)->addr), 0);
	assert_int_equal(in_slot("vf-b", machine_pick(&env.m, 7)->addr), 0);
	look();
	assert_int_equal(machine_free_ports(&env.m), 27);
	assert_int_equal(machine_pick(&env.m, 0)->addr, 30);
	assert_null(machine_pick(&env.m, 7));
	assert_int_equal(in_slot("vf-c", 7), -EREMOTEIO);
	assert_fix("something was plugged in");
	assert_int_equal(in_slot("vf-c", 0), -EREMOTEIO);
}

static void a_slot_of_a_pc_is_taken_until_the_guest_lets_go(void **state UNUSED)
{
	assert_int_equal(in_slot("vf-a", 31), 0);
	assert_int_equal(plug_out(env.q, "vf-a", "/machine/peripheral/vf-a", 300, &env.e),
			 -ETIMEDOUT);
	look();
	assert_null(machine_pick(&env.m, 31));
	assert_int_equal(qmp_call(env.q, "system_reset", NULL, TIMEOUT, NULL, &env.e), 0);
	assert_int_equal(plug_out(env.q, "vf-a", "/machine/peripheral/vf-a", TIMEOUT, &env.e), 0);
	look();
	assert_int_equal(machine_pick(&env.m, 0)->addr, 31);
}

static void a_pc_without_hot_plug_has_no_free_slot(void **state UNUSED)
{
	look();
	assert_int_equal(machine_free_ports(&env.m), 0);
	assert_int_equal(in_slot("vf-a", 31), -EREMOTEIO);
	assert_fix("without ACPI hot plug");
}

static void a_reset_lets_a_requested_device_go(void **state UNUSED)
{
	assert_int_equal(in("vf-a", "vfrp1"), 0);
	assert_int_equal(plug_out(env.q, "vf-a", "/machine/peripheral/vf-a", 200, &env.e),
			 -ETIMEDOUT);
	assert_int_equal(qmp_call(env.q, "system_reset", NULL, TIMEOUT, NULL, &env.e), 0);
	assert_int_equal(plug_out(env.q, "vf-a", "/machine/peripheral/vf-a", TIMEOUT, &env.e), 0);
}

static void a_second_client_finds_the_monitor_held(void **state UNUSED)
{
	struct qmp *second;

	assert_int_equal(qmp_open(&second, &env.host, env.path, 200, &env.e), -EBUSY);
	assert_non_null(strstr(env.e.cause, "another QMP client"));
}

static void the_process_is_found_by_name_pid_and_socket(void **state UNUSED)
{
	char pid[16];
	struct domain d;

	snprintf(pid, sizeof(pid), "%d", env.pid);
	assert_int_equal(qmp_peer(env.q), env.pid);
	assert_int_equal(kvm_domain_find(env.backend, env.name, &d, &env.e), 0);
	assert_int_equal(d.id, env.pid);
	assert_int_equal(kvm_domain_find(env.backend, pid, &d, &env.e), 0);
	assert_string_equal(d.name, env.name);
	assert_int_equal(kvm_domain_find(env.backend, env.path, &d, &env.e), 0);
	assert_string_equal(d.name, env.name);
}

static void its_listing_is_empty_and_says_so(void **state UNUSED)
{
	struct attachment *list = NULL;
	struct domain d;
	size_t n = 9;

	qmp_close(env.q);
	env.q = NULL;
	assert_int_equal(kvm_domain_find(env.backend, env.name, &d, &env.e), 0);
	assert_int_equal(kvm_list(env.backend, &d, &list, &n, &env.e), 0);
	assert_int_equal(n, 0);
	free(list);
}

static void a_qemu_that_dies_ends_the_session(void **state UNUSED)
{
	end_qemu();
	assert_int_equal(in("vf-a", "vfrp0"), -EPIPE);
	assert_true(qmp_is_broken(env.q));
}

#define NATIVE(f) cmocka_unit_test_setup_teardown(f, setup_native, teardown)
#define ACPI(f)	  cmocka_unit_test_setup_teardown(f, setup_acpi, teardown)
#define PC(f, up) cmocka_unit_test_setup_teardown(f, up, teardown)

static const struct CMUnitTest tests[] = {
	NATIVE(ports_are_free_taken_or_not_for_hot_plug),
	NATIVE(a_device_goes_in_and_its_port_is_taken),
	NATIVE(refusals_are_as_we_know_them),
	NATIVE(a_group_that_is_not_there_is_qemus_to_say),
	NATIVE(a_device_is_out_with_the_event),
	NATIVE(a_device_without_id_goes_out_by_its_path),
	NATIVE(what_is_not_there_is_out),
	NATIVE(functions_of_a_slot_come_before_function_0_and_go_with_it),
	NATIVE(functions_are_refused_as_we_know_it),
	NATIVE(function_that_waits_goes_by_itself),
	ACPI(functions_of_a_slot_stay_together),
	ACPI(a_guest_that_never_answers_keeps_it),
	ACPI(a_reset_lets_a_requested_device_go),
	PC(a_pc_takes_devices_in_its_free_slots, setup_pc),
	PC(a_slot_of_a_pc_is_taken_until_the_guest_lets_go, setup_pc),
	PC(a_pc_without_hot_plug_has_no_free_slot, setup_pc_off),
	PC(a_pc_without_hot_plug_has_no_free_slot, setup_pc_no_acpi),
	NATIVE(a_second_client_finds_the_monitor_held),
	NATIVE(the_process_is_found_by_name_pid_and_socket),
	NATIVE(its_listing_is_empty_and_says_so),
	NATIVE(a_qemu_that_dies_ends_the_session),
};

TEST_MAIN(tests)
