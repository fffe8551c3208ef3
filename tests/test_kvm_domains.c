// SPDX-License-Identifier: GPL-2.0-or-later
/* Running guests by name, pid and socket; and what they have. */
#include "fake_kvm.h"

#include <sys/stat.h>

#include "topology/build/load.h"

static struct domain d;

static int find(const char *name)
{
	env.e = (struct err){ 0 };
	return kvm_backend.domain_find(env.backend, name, &d, &env.e);
}

static void load_topology(const char *text)
{
	struct problems problems = { 0 };
	int r = topology_parse(&env.topo, text, strlen(text), "t.cfg", &problems, &env.e);

	if (r < 0)
		problems_print(&problems, stderr);
	problems_done(&problems);
	assert_int_equal(r, 0);
	env_reload();
}

/* As JSON, which every build reads. */
#define SHOP(qmp)                                                                                  \
	"{\"version\":1,\"pf\":[{\"name\":\"net0\",\"bdf\":\"0000:05:00.0\",\"numvfs\":7}],"       \
	"\"domain\":[{\"name\":\"shop\",\"kvm\":{\"qmp\":\"" qmp                                   \
	"\"},\"devices\":[{\"pf\":\"net0\",\"index\":\"0\"}]}]}"

static void a_guest_is_found_by_name(void **state UNUSED)
{
	assert_int_equal(find("web1"), 0);
	assert_string_equal(d.name, "web1");
	assert_int_equal(d.id, WEB1_PID);
	kvm_backend.domain_done(&d);
}

static void a_guest_is_found_by_its_name_in_libvirt_too(void **state UNUSED)
{
	load_topology("{\"version\":1,\"pf\":[{\"name\":\"net0\",\"bdf\":\"0000:05:00.0\","
		      "\"numvfs\":7}],\"domain\":[{\"name\":\"shop\",\"kvm\":{\"libvirt\":"
		      "\"web1\"},\"devices\":[{\"pf\":\"net0\",\"index\":\"0\"}]}]}");
	assert_int_equal(find("shop"), 0);
	assert_int_equal(d.id, WEB1_PID);
	assert_int_equal(find("web1"), 0);
	assert_int_equal(d.id, WEB1_PID);
	assert_string_equal(d.name, "shop");
}

static void a_guest_is_found_by_pid(void **state UNUSED)
{
	assert_int_equal(find("4242"), 0);
	assert_string_equal(d.name, "web1");
}

static void a_guest_is_found_by_its_socket(void **state UNUSED)
{
	assert_int_equal(find("/run/web1.qmp"), 0);
	assert_string_equal(d.name, "web1");
	assert_int_equal(d.id, WEB1_PID);
}

static void a_socket_of_a_process_not_seen_is_asked_for_its_name(void **state UNUSED)
{
	unlinkat(env.root.host.root.fd, "proc/4242/cmdline", 0);
	env_reload();
	assert_int_equal(find("/run/web1.qmp"), 0);
	assert_string_equal(d.name, "web1");
	assert_int_equal(d.id, getpid());
	assert_int_equal(env_assign(3), 0);
	assert_int_equal(env_attach("/run/web1.qmp", 3), 0);
	assert_int_equal(env.qmp.connections, 1);
}

static void a_nameless_socket_is_called_by_its_path(void **state UNUSED)
{
	unlinkat(env.root.host.root.fd, "proc/4242/cmdline", 0);
	env.qmp.name[0] = '\0';
	env_reload();
	assert_int_equal(find("/run/web1.qmp"), 0);
	assert_string_equal(d.name, "/run/web1.qmp");
}

static void a_socket_nobody_listens_on_is_an_error(void **state UNUSED)
{
	assert_int_equal(find("/run/nobody.qmp"), -ENOENT);
	assert_says("-qmp unix:/run/nobody.qmp");
}

static void an_unknown_name_lists_what_runs(void **state UNUSED)
{
	static const char *const args[] = { "qemu-kvm", "-name", "db1", NULL };

	env_process(90, "qemu-kvm", args);
	env_reload();
	assert_int_equal(find("nobody"), -ESRCH);
	assert_says("running: db1, web1");
}

static void the_topology_says_how_a_guest_is_called_and_reached(void **state UNUSED)
{
	load_topology(SHOP("/run/web1.qmp"));
	assert_int_equal(find("shop"), 0);
	assert_string_equal(d.name, "shop");
	assert_int_equal(d.id, WEB1_PID);
	assert_int_equal(env_assign(0), 0);
	assert_int_equal(env_attach("shop", 0), 0);
	assert_int_equal(env_survey(), 0);
	assert_string_equal(vf_of(env_vf(0))->domain, "shop");
}

static void another_path_to_the_same_socket_is_the_same_guest(void **state UNUSED)
{
	fake_root_add(&env.root, "run/link -> web1.qmp");
	load_topology(SHOP("/run/link"));
	assert_int_equal(find("shop"), 0);
	assert_int_equal(d.id, WEB1_PID);
}

static void a_guest_that_only_listens_is_found_by_the_topology(void **state UNUSED)
{
	unlinkat(env.root.host.root.fd, "proc/4242/cmdline", 0);
	load_topology(SHOP("/run/web1.qmp"));
	assert_int_equal(find("shop"), 0);
	assert_string_equal(d.name, "shop");
}

static void a_guest_of_the_topology_that_does_not_run_is_not_found(void **state UNUSED)
{
	load_topology(SHOP("/run/shop.qmp"));
	assert_int_equal(find("shop"), -ESRCH);
	assert_says("nobody listens on /run/shop.qmp");
	assert_says("vfyard render --with-machine qemu shop");
}

static void a_relative_socket_is_where_qemu_was_started(void **state UNUSED)
{
	static const char *const args[] = {
		"qemu-kvm", "-name", "rel", "-qmp", "unix:web1.qmp,server=on", NULL
	};

	env_process(90, "qemu-kvm", args);
	fake_root_add(&env.root, "proc/90/cwd -> /run");
	env_reload();
	assert_int_equal(env_assign(3), 0);
	assert_int_equal(env_attach("rel", 3), 0);
}

static void a_program_that_is_not_qemu_is_no_domain(void **state UNUSED)
{
	static const char *const args[] = { "testpmd", NULL };

	env_process(77, "testpmd", args);
	env_reload();
	assert_int_equal(find("77"), -ESRCH);
}

static void a_long_command_line_is_read_whole(void **state UNUSED)
{
	const char *args[2000] = { "qemu-kvm" };

	for (unsigned i = 1; i < 1990; i++)
		args[i] = "-device pcie-root-port,some=thing,that=is,rather=long";
	args[1990] = "-name";
	args[1991] = "late";
	env_process(90, "qemu-kvm", args);
	env_reload();
	assert_int_equal(find("late"), 0);
}

static struct attachment *list;
static size_t n_list;

static int list_all(const char *domain)
{
	free(list);
	list = NULL;
	n_list = 0;
	env.e = (struct err){ 0 };
	if (domain && find(domain) < 0)
		return -ESRCH;
	return kvm_backend.list(env.backend, domain ? &d : NULL, &list, &n_list, &env.e);
}

static int teardown(void **state)
{
	free(list);
	list = NULL;
	return env_teardown(state);
}

static void a_listing_has_the_address_the_guest_sees(void **state UNUSED)
{
	char buf[BDF_STRLEN];

	env_give(3);
	env_give(4);
	assert_int_equal(list_all("web1"), 0);
	assert_int_equal(n_list, 2);
	assert_string_equal(bdf_str(buf, list[0].bdf), "0000:05:10.6");
	assert_string_equal(list[0].guest_addr, "01:00.0");
	assert_string_equal(list[1].guest_addr, "02:00.0");
	assert_string_equal(list[1].domain, "web1");
	assert_true(list[0].is_ready);
}

static void before_the_guest_looks_the_port_is_named(void **state UNUSED)
{
	env_give(3);
	env.qmp.devs[4].is_numbered = false;
	assert_int_equal(list_all("web1"), 0);
	assert_string_equal(list[0].guest_addr, "vfrp0");
	assert_false(list[0].is_ready);
}

static void a_guest_without_devices_has_an_empty_listing(void **state UNUSED)
{
	assert_int_equal(list_all("web1"), 0);
	assert_int_equal(n_list, 0);
	assert_non_null(list);
}

static void all_guests_are_listed_whoever_they_are(void **state UNUSED)
{
	static const char *const pmd[] = { "testpmd", NULL };
	static const char *const lv[] = { "qemu-kvm",
					  "-name",
					  "guest=lv1",
					  "-object",
					  "secret,file=/var/lib/libvirt/qemu/d/key",
					  NULL };
	static const char *const names[] = { "lv1", "web1", "testpmd-77" };

	env_process(77, "testpmd", pmd);
	env_process(91, "qemu-kvm", lv);
	for (unsigned i = 0; i < 3; i++)
		assert_int_equal(env_assign(i), 0);
	env_open(91, "11");
	env_open(77, "13");
	env_reload();
	assert_int_equal(env_attach("web1", 1), 0);
	env_reload();
	assert_int_equal(list_all(NULL), 0);
	assert_int_equal(n_list, 3);
	for (unsigned i = 0; i < 3; i++)
		assert_string_equal(list[i].domain, names[i]);
}

static void of_a_guest_that_is_silent_the_rest_is_listed(void **state UNUSED)
{
	env_give(3);
	env_reload();
	fake_qmp_fail(&env.qmp,
		      (struct fake_qmp_rule){ .command = "qom-list", .act = FAKE_QMP_HANGUP });
	assert_int_equal(list_all(NULL), 0);
	assert_int_equal(n_list, 1);
	assert_string_equal(list[0].guest_addr, "");
	assert_non_null(strstr(env_notes(), "web1: guest addresses are not known"));
}

static void a_listing_of_one_guest_that_fails_is_an_error(void **state UNUSED)
{
	env_give(3);
	env_reload();
	fake_qmp_fail(&env.qmp,
		      (struct fake_qmp_rule){ .command = "query-pci", .act = FAKE_QMP_HANGUP });
	assert_int_equal(list_all("web1"), -EPIPE);
	assert_null(list);
}

static void guests_without_devices_are_not_disturbed(void **state UNUSED)
{
	assert_int_equal(list_all(NULL), 0);
	assert_int_equal(env.qmp.connections, 0);
}

/* As on a running host, the kernel knows who listens on the fake's monitor: this process. */
static void know_processes(void)
{
	env.root.host.knows_processes = true;
	env_reload();
}

/* Adds a QEMU by its program, as @uid; @name and @qmp are in its arguments. */
static void add_qemu(unsigned pid, unsigned uid, const char *name, const char *qmp)
{
	char socket[64], line[160];
	const char *args[] = { "qemu-system-x86_64", "-name", name, "-qmp", socket, NULL };

	snprintf(socket, sizeof(socket), "unix:%s,server=on", qmp);
	env_process(pid, "qemu-system-x86", args);
	snprintf(line, sizeof(line), "proc/%u/exe -> /usr/bin/qemu-system-x86_64", pid);
	fake_root_add(&env.root, line);
	snprintf(line, sizeof(line),
		 "proc/%u/status=Name:\tqemu\\nUid:\t%u\t%u\t%u\t%u\\n"
		 "Gid:\t%u\t%u\t%u\t%u\\nGroups:\t%u 107",
		 pid, uid, uid, uid, uid, uid, uid, uid, uid, uid);
	fake_root_add(&env.root, line);
}

static void chmod_node(const char *node, mode_t mode)
{
	assert_int_equal(fchmodat(env.root.host.root.fd, node, mode, 0), 0);
}

/* Makes the nodes root's only. */
static void close_nodes(void)
{
	for (unsigned i = 0; i < 7; i++) {
		char node[32];

		snprintf(node, sizeof(node), "dev/vfio/%u", FIRST_GROUP + i);
		chmod_node(node, 0600);
	}
}

/* Anybody may start a QEMU, and call it whatever he likes. */
static void a_process_that_may_open_no_device_is_no_guest(void **state UNUSED)
{
	close_nodes();
	chmod_node("dev/vfio/vfio", 0666);
	add_qemu(90, 65533, "web1", "/tmp/x");
	add_qemu(91, 65533, "db1", "/tmp/x");
	env_reload();
	assert_int_equal(find("web1"), 0);
	assert_int_equal(d.id, WEB1_PID);
	assert_int_equal(find("db1"), -ESRCH);
	assert_non_null(strstr(env_notes(), "call themselves QEMU, are ignored"));
	/* One node is enough, by any of its three rights. */
	chmod_node("dev/vfio/12", 0606);
	env_reload();
	assert_int_equal(find("db1"), 0);
}

static void a_process_that_has_a_device_is_a_guest_whoever_it_is(void **state UNUSED)
{
	close_nodes();
	add_qemu(91, 65533, "db1", "/tmp/x");
	env_open(91, "13");
	env_reload();
	assert_int_equal(find("db1"), 0);
}

/* systemd makes the scope; below one of his own a user can make any. */
static void libvirts_scope_counts_where_root_makes_it(void **state UNUSED)
{
	static const struct {
		const char *group;
		int want;
	} groups[] = {
		{ "0::/user.slice/user-1000.slice/machine-qemu", -ESRCH },
		/* Colons are no end of anything. */
		{ "0::/user.slice/a:/machine.slice/machine-qemu\\x2d1.scope", -ESRCH },
		{ "0::/user.slice/b::/machine/qemu-1", -ESRCH },
		{ "0::/machine.slice/machine-qemu\\x2d1.scope", 0 },
		{ "0::/machine.slice/machine-qemu\\x2d1.scope/libvirt/emulator", 0 },
		{ "12:pids:/a\\n1:name=systemd:/machine.slice/machine-qemu-1.scope\\n0::/", 0 },
		{ "4:cpu,cpuacct:/machine/qemu-1-web1.libvirt-qemu", 0 },
	};

	close_nodes();
	add_qemu(91, 65533, "db1", "/tmp/x");
	for (size_t i = 0; i < ARRAY_SIZE(groups); i++) {
		char line[200];

		snprintf(line, sizeof(line), "proc/91/cgroup=%s", groups[i].group);
		fake_root_add(&env.root, line);
		env_reload();
		assert_int_equal(find("db1"), groups[i].want);
	}
}

/* Whoever starts sudo or passwd chooses its name and its arguments. */
static void the_program_says_whether_it_is_qemu(void **state UNUSED)
{
	add_qemu(91, 0, "db1", "/tmp/x");
	unlinkat(env.root.host.root.fd, "proc/91/exe", 0);
	fake_root_add(&env.root, "usr/bin/sudo=x");
	chmod_node("usr/bin/sudo", 04755);
	fake_root_add(&env.root, "proc/91/exe -> ../../usr/bin/sudo");
	env_reload();
	assert_int_equal(find("db1"), -ESRCH);
	/* A wrapper that root itself started is believed. */
	chmod_node("usr/bin/sudo", 0755);
	env_reload();
	assert_int_equal(find("db1"), 0);
	add_qemu(92, 65533, "db2", "/tmp/x");
	unlinkat(env.root.host.root.fd, "proc/92/exe", 0);
	fake_root_add(&env.root, "proc/92/exe -> /usr/bin/python3.11");
	env_reload();
	assert_int_equal(find("db2"), -ESRCH);
}

/* It is like a process in a page fault: whoever reads its arguments waits. Those behind it are read
 * nevertheless. */
static void a_process_that_cannot_be_read_keeps_nobody_waiting(void **state UNUSED)
{
	for (unsigned pid = 90; pid < 93; pid++) {
		char path[32];

		add_qemu(pid, 0, "db1", "/tmp/x");
		snprintf(path, sizeof(path), "proc/%u/cmdline", pid);
		if (pid == 92)
			break;
		unlinkat(env.root.host.root.fd, path, 0);
		assert_int_equal(mkfifoat(env.root.host.root.fd, path, 0600), 0);
	}
	env.root.host.timeout_ms = 60000;
	env_reload();
	assert_int_equal(find("web1"), 0);
	assert_int_equal(find("db1"), 0);
	assert_int_equal(d.id, 92);
	assert_int_equal(find("qemu-system-x86-91"), 0);
	/* It may be one of those. */
	assert_int_equal(find("db2"), -ETIMEDOUT);
	assert_int_equal(env.e.status, EXIT_REFUSED);
	assert_says("does not let its arguments be read, and may be db2");
}

static void left_alone_no_monitor_is_asked(void **state UNUSED)
{
	env_give(3);
	load_topology(SHOP("/run/web1.qmp"));
	env.root.host.leaves_guests = true;
	env.qmp.connections = 0;
	env_reload();
	assert_int_equal(list_all(NULL), 0);
	assert_int_equal(n_list, 1);
	assert_int_equal(find("shop"), 0);
	unlinkat(env.root.host.root.fd, "proc/4242/cmdline", 0);
	env_reload();
	assert_int_equal(find("shop"), -ESRCH);
	assert_int_equal(env.qmp.connections, 0);
}

/* VF 3 is in web1, as web1 says; about 4 web1 says so without having it, and about 5 it says
 * nothing. */
static void what_the_monitor_says_is_held_against_the_kernel(void **state UNUSED)
{
	env_give(3);
	env_give(4);
	assert_int_equal(env_assign(5), 0);
	env_close(WEB1_PID, "15");
	env_open(WEB1_PID, "16");
	env_reload();
	assert_int_equal(list_all("web1"), 0);
	assert_int_equal(n_list, 3);
	for (unsigned i = 0; i < 3; i++)
		assert_int_equal(bdf_cmp(list[i].bdf, vf_of(env_vf(3 + i))->bdf), 0);
	assert_null(list[0].why);
	assert_true(list[1].is_broken);
	assert_non_null(strstr(list[1].why, "broken: QEMU says that it has it, but has neither"));
	assert_true(list[2].is_broken);
	assert_non_null(strstr(list[2].why, "broken: QEMU has it open, and does not say"));
	/* The same when all guests are listed. */
	assert_int_equal(list_all(NULL), 0);
	assert_int_equal(n_list, 3);
}

/* A user who starts QEMU himself may make it hang as he likes. */
static void who_can_have_no_device_is_not_read(void **state UNUSED)
{
	close_nodes();
	add_qemu(90, 65533, "db1", "/tmp/x");
	unlinkat(env.root.host.root.fd, "proc/90/cmdline", 0);
	assert_int_equal(mkfifoat(env.root.host.root.fd, "proc/90/cmdline", 0600), 0);
	env_reload();
	assert_int_equal(find("db1"), -ESRCH);
}

static void a_name_of_two_guests_is_neither(void **state UNUSED)
{
	add_qemu(90, 0, "web1", "/run/x");
	env_reload();
	assert_int_equal(find("web1"), -ENOTUNIQ);
	assert_int_equal(env.e.status, EXIT_REFUSED);
	assert_says("2 running guests say that they are web1: web1-90 (pid 90) and web1-4242");
	assert_int_equal(find("web1-4242"), 0);
	assert_int_equal(find("4242"), 0);
}

static void of_two_of_one_name_the_one_that_listens_is_it(void **state UNUSED)
{
	load_topology(SHOP("/run/web1.qmp"));
	know_processes();
	add_qemu((unsigned)getpid(), 0, "shop", "/elsewhere");
	add_qemu(90, 0, "shop", "/run/web1.qmp");
	env_reload();
	assert_int_equal(find("shop"), 0);
	assert_int_equal(d.id, getpid());
	assert_int_equal(find("shop-90"), 0);
	assert_int_equal(d.id, 90);
	/* Nothing was said to it. */
	assert_int_equal(env.qmp.calls, 0);
}

static void a_socket_of_another_process_is_not_spoken_to(void **state UNUSED)
{
	know_processes();
	assert_int_equal(env_assign(3), 0);
	assert_int_equal(env_attach("web1", 3), -EPERM);
	assert_says("the monitor /run/web1.qmp is not that of web1 (pid 4242)");
	assert_int_equal(env.e.status, EXIT_REFUSED);
	assert_int_equal(fake_qmp_count(&env.qmp, "device_add"), 0);
	assert_int_equal(fake_qmp_count(&env.qmp, "qom-list"), 0);
}

static void open_own(void *arg UNUSED, const struct fake_qmp_device *dev UNUSED, bool is_in)
{
	if (is_in)
		env_open((unsigned)getpid(), "14");
	else
		env_close((unsigned)getpid(), "14");
}

static void after_an_attach_the_guest_has_the_group_open(void **state UNUSED)
{
	add_qemu((unsigned)getpid(), 0, "db1", "/run/web1.qmp");
	know_processes();
	assert_int_equal(env_assign(3), 0);
	assert_int_equal(env_attach("db1", 3), -EIO);
	assert_says("reports success, but has neither its IOMMU group 14 nor its own node open");
	assert_int_equal(fake_qmp_count(&env.qmp, "device_del"), 1);
	env.qmp.changed = open_own;
	env_reload();
	assert_int_equal(env_attach("db1", 3), 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, env_setup, teardown)

static const struct CMUnitTest tests[] = {
	TEST(a_guest_is_found_by_name),
	TEST(a_guest_is_found_by_its_name_in_libvirt_too),
	TEST(a_guest_is_found_by_pid),
	TEST(a_guest_is_found_by_its_socket),
	TEST(a_socket_of_a_process_not_seen_is_asked_for_its_name),
	TEST(a_nameless_socket_is_called_by_its_path),
	TEST(a_socket_nobody_listens_on_is_an_error),
	TEST(an_unknown_name_lists_what_runs),
	TEST(the_topology_says_how_a_guest_is_called_and_reached),
	TEST(another_path_to_the_same_socket_is_the_same_guest),
	TEST(a_guest_that_only_listens_is_found_by_the_topology),
	TEST(a_guest_of_the_topology_that_does_not_run_is_not_found),
	TEST(a_relative_socket_is_where_qemu_was_started),
	TEST(a_program_that_is_not_qemu_is_no_domain),
	TEST(a_long_command_line_is_read_whole),
	TEST(a_listing_has_the_address_the_guest_sees),
	TEST(before_the_guest_looks_the_port_is_named),
	TEST(a_guest_without_devices_has_an_empty_listing),
	TEST(all_guests_are_listed_whoever_they_are),
	TEST(of_a_guest_that_is_silent_the_rest_is_listed),
	TEST(a_listing_of_one_guest_that_fails_is_an_error),
	TEST(guests_without_devices_are_not_disturbed),
	TEST(a_process_that_may_open_no_device_is_no_guest),
	TEST(a_process_that_has_a_device_is_a_guest_whoever_it_is),
	TEST(libvirts_scope_counts_where_root_makes_it),
	TEST(the_program_says_whether_it_is_qemu),
	TEST(a_process_that_cannot_be_read_keeps_nobody_waiting),
	TEST(what_the_monitor_says_is_held_against_the_kernel),
	TEST(who_can_have_no_device_is_not_read),
	TEST(left_alone_no_monitor_is_asked),
	TEST(a_name_of_two_guests_is_neither),
	TEST(of_two_of_one_name_the_one_that_listens_is_it),
	TEST(a_socket_of_another_process_is_not_spoken_to),
	TEST(after_an_attach_the_guest_has_the_group_open),
};

TEST_MAIN(tests)
