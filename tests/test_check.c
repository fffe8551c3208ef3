// SPDX-License-Identifier: GPL-2.0-or-later
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "engine/check.h"
#include "fake_backend.h"
#include "fake_root.h"

/* Two ports with three VFs each, and a drive without a network device or VFs. */
static const struct fake_pf pfs[] = {
	{ "0000:05:00.0", "eth0", "igb", "igbvf", 7, 3, 128, 2, -1 },
	{ "0000:05:00.1", "eth1", "igb", "igbvf", 7, 3, 128, 2, -1 },
	{ "0000:81:00.0", NULL, "nvme", NULL, 8, 0, 1, 1, -1 },
};

struct env {
	struct fake_root root;
	struct backend backend;
	struct backend_ops ops;
	struct topology *topo;
	struct problems problems;
};

static int setup(void **state)
{
	struct env *t = calloc(1, sizeof(*t));

	fake_root_init(&t->root, NULL);
	for (size_t i = 0; i < ARRAY_SIZE(pfs); i++)
		fake_root_add_pf(&t->root, &pfs[i]);
	fake_backend_init(&t->backend, &t->root.host);
	t->ops = fake_backend_ops;
	*state = t;
	return 0;
}

static int teardown(void **state)
{
	struct env *t = *state;

	topology_free(t->topo);
	problems_done(&t->problems);
	fake_root_done(&t->root);
	free(t);
	return 0;
}

/* JSON with apostrophes for quotes, to be readable in C. */
static void load(struct env *t, const char *text)
{
	_cleanup_free_ char *json = strdup(text);
	struct problems problems = { .file = "t.json" };

	for (char *c = json; *c; c++)
		if (*c == '\'')
			*c = '"';
	if (topology_parse(&t->topo, json, strlen(json), "t.json", &problems, NULL) < 0) {
		problems_print(&problems, stderr);
		fail();
	}
	problems_done(&problems);
}

static void check_with(struct env *t, const struct backend_ops *ops, struct backend *b)
{
	struct inventory *inv = NULL;

	assert_int_equal(inventory_read(&inv, &t->root.host, INVENTORY_ALL, NULL), 0);
	if (b)
		assert_int_equal(t->ops.survey(b, inv, NULL), 0);
	assert_int_equal(check_host(t->topo, &t->root.host, inv, ops, b, &t->problems, NULL), 0);
	inventory_free(inv);
}

static void check(struct env *t)
{
	check_with(t, &t->ops, &t->backend);
}

/* The only problem, as it is printed. */
static void assert_only(const struct env *t, bool is_note, const char *want)
{
	char line[2048];

	if (t->problems.n != 1)
		problems_print(&t->problems, stderr);
	assert_int_equal(t->problems.n, 1);
	assert_int_equal(t->problems.v[0].is_note, is_note);
	assert_string_equal(err_format(&t->problems.v[0].err, line, sizeof(line)), want);
}

static void assert_none(const struct env *t)
{
	problems_print(&t->problems, stderr);
	assert_int_equal(t->problems.n, 0);
}

static struct fake_device *give(struct env *t, const char *bdf, const char *domain)
{
	struct fake_device *d;
	struct bdf b;

	assert_int_equal(bdf_parse(&b, bdf, NULL), 0);
	fake_backend_set_state(&t->backend, b, VF_ABSENT);
	d = fake_backend_device(&t->backend, b);
	snprintf(d->domain, sizeof(d->domain), "%s", domain);
	return d;
}

#define NET0 "{'name':'net0','bdf':'0000:05:00.0','numvfs':3}"
#define NET1 "{'name':'net1','bdf':'0000:05:00.1','numvfs':3}"
#define STOR "{'name':'stor','bdf':'0000:81:00.0','numvfs':4}"

static void topology_that_fits_has_no_problems(void **state)
{
	load(*state, "{'version':1,'pf':[" NET0 "," STOR "],'vf':[{'pf':'net0','index':'*',"
		     "'mac':'auto','vlan':5}],'domain':[{'name':'web1','devices':["
		     "{'pf':'net0','index':'0-1'},{'pf':'stor','index':'*'}]}]}");
	check(*state);
	assert_none(*state);
}

static void more_vfs_than_the_device_has_is_refused_with_the_number(void **state)
{
	load(*state, "{'version':1,\n'pf':[{'name':'net0','bdf':'0000:05:00.0','numvfs':9}]}");
	check(*state);
	assert_only(*state, false,
		    "t.json:2:16: net0: numvfs=9, the device can have 7; write numvfs=7 or less");
}

static void pf_that_is_not_there_is_found_out(void **state)
{
	struct env *t = *state;

	load(t, "{'version':1,'pf':[{'name':'x','bdf':'0000:99:00.0','numvfs':1}],"
		"'domain':[{'name':'d','devices':[{'pf':'x','index':'0'}]}]}");
	check(t);
	assert_int_equal(t->problems.n_errors, 1);
	assert_non_null(strstr(t->problems.v[0].err.cause, "'x'"));
}

static void changing_numvfs_names_who_holds_vfs(void **state)
{
	struct env *t = *state;

	give(t, "0000:05:10.0", "db1");
	give(t, "0000:05:10.4", "");
	load(t, "{'version':1,'pf':[{'name':'net0','bdf':'0000:05:00.0','numvfs':5}]}");
	check(t);
	assert_only(t, false,
		    "t.json:1:29: net0: numvfs is 3 and changes only while every VF is free, but "
		    "held are net0/0 (domain db1), net0/2 (assignable); run: vfyard pci-detach "
		    "db1 net0/0, and pci-assignable-remove -r for all");
}

static void changing_numvfs_of_free_vfs_is_fine(void **state)
{
	load(*state, "{'version':1,'pf':[{'name':'net0','bdf':'0000:05:00.0','numvfs':5}]}");
	check(*state);
	assert_none(*state);
}

static void many_holders_are_counted(void **state)
{
	static const struct fake_pf full = { "0000:3b:00.0", NULL, "ice", NULL, 8, 8, 8, 1, -1 };
	struct env *t = *state;
	struct bdf b = { 0, 0x3b, 1, 0 };

	fake_root_add_pf(&t->root, &full);
	for (b.fn = 0; b.fn < 6; b.fn++)
		fake_backend_set_state(&t->backend, b, VF_ASSIGNABLE);
	load(t, "{'version':1,'pf':[{'name':'x','bdf':'0000:3b:00.0','numvfs':4}]}");
	check(t);
	assert_int_equal(t->problems.n, 1);
	assert_non_null(strstr(t->problems.v[0].err.cause, "x/2 (assignable) and 3 more"));
	assert_string_equal(t->problems.v[0].err.fix, "run: vfyard pci-assignable-remove -r 'x/*'");
}

static void pf_without_a_driver_cannot_make_vfs(void **state)
{
	static const struct fake_pf bare = { "0000:3b:00.0", NULL, NULL, NULL, 8, 0, 8, 1, -1 };
	struct env *t = *state;

	fake_root_add_pf(&t->root, &bare);
	load(t, "{'version':1,'pf':[{'name':'x','bdf':'0000:3b:00.0','numvfs':4}]}");
	check(t);
	assert_only(t, false,
		    "t.json:1:29: x: no driver is bound, so VFs cannot be made; load the "
		    "driver of 0000:3b:00.0");
}

static void pf_held_for_guests_cannot_make_vfs(void **state)
{
	static const struct fake_pf held = {
		"0000:3b:00.0", NULL, FAKE_DRIVER, NULL, 8, 0, 8, 1, -1
	};
	struct env *t = *state;

	fake_root_add_pf(&t->root, &held);
	load(t, "{'version':1,'pf':[{'name':'x','bdf':'0000:3b:00.0','numvfs':4}]}");
	check(t);
	assert_int_equal(t->problems.n, 1);
	assert_non_null(strstr(t->problems.v[0].err.cause, "the PF itself is held by fakeback"));
	assert_non_null(strstr(t->problems.v[0].err.fix,
			       "run: echo 0000:3b:00.0 > /sys/bus/pci/drivers/fakeback/unbind"));
}

static void kernel_without_autoprobe_is_a_note(void **state)
{
	struct env *t = *state;

	assert_int_equal(unlinkat(t->root.host.root.fd,
				  "sys/devices/pci0000:05/0000:05:00.0/sriov_drivers_autoprobe", 0),
			 0);
	load(t, "{'version':1,'pf':[{'name':'net0','bdf':'0000:05:00.0','numvfs':3,"
		"'autoprobe':0}]}");
	check(t);
	assert_only(
		t, true,
		"t.json:1:29: note: net0: autoprobe has no effect: the kernel (before 4.12) has "
		"no sriov_drivers_autoprobe");
}

static void mac_on_a_drive_is_an_error_at_the_word(void **state)
{
	struct env *t = *state;

	load(t, "{'version':1,'pf':[" STOR "],'vf':[{'pf':'stor','index':'0',\n"
		"'mac':'auto',\n'vlan':7,'driver':'assign'}]}");
	check(t);
	assert_int_equal(t->problems.n, 2);
	assert_string_equal(t->problems.v[0].err.cause,
			    "mac is set through the PF's network device, and it has none (driver "
			    "nvme)");
	assert_string_equal(t->problems.v[0].err.fix, "remove mac=");
	assert_int_equal(t->problems.v[0].loc.line, 2);
	assert_int_equal(t->problems.v[1].loc.line, 3);
	assert_string_equal(t->problems.v[1].err.fix, "remove vlan=");
}

static void address_given_twice_is_found_with_its_first_holder(void **state)
{
	load(*state, "{'version':1,'pf':[" NET0 "," NET1 "],'vf':["
		     "{'pf':'net0','index':'1','mac':'02:00:00:00:aa:01'},\n"
		     "{'pf':'net1','index':'2','mac':'02:00:00:00:aa:01'}]}");
	check(*state);
	assert_only(*state, false,
		    "t.json:2:27: net1/2: mac 02:00:00:00:aa:01 is that of net0/1 too; write "
		    "another one, or mac=auto");
}

static void address_of_a_host_device_is_found(void **state)
{
	/* eth1 of the fake host is 0000:05:00.1. */
	load(*state, "{'version':1,'pf':[" NET0 "],'vf':["
		     "{'pf':'net0','index':'1','mac':'02:00:00:00:05:01'}]}");
	check(*state);
	assert_only(*state, false,
		    "t.json:1:101: net0/1: mac 02:00:00:00:05:01 is that of network device eth1 "
		    "too; write another one, or mac=auto");
}

static void add_vf_netdev(struct env *t, const char *bdf, const char *netdev, const char *mac)
{
	char line[512];

	snprintf(line, sizeof(line), "sys/devices/pci0000:05/%s/net/%s/address=%s", bdf, netdev,
		 mac);
	fake_root_add(&t->root, line);
	snprintf(line, sizeof(line), "sys/devices/pci0000:05/%s/net/%s/device -> ../../../%s", bdf,
		 netdev, bdf);
	fake_root_add(&t->root, line);
	snprintf(line, sizeof(line), "sys/class/net/%s -> ../../devices/pci0000:05/%s/net/%s",
		 netdev, bdf, netdev);
	fake_root_add(&t->root, line);
}

static void own_device_of_the_vf_has_its_address(void **state)
{
	struct env *t = *state;

	add_vf_netdev(t, "0000:05:10.2", "vf1", "02:00:00:00:aa:01");
	load(t, "{'version':1,'pf':[" NET0 "],'vf':["
		"{'pf':'net0','index':'1','mac':'02:00:00:00:aa:01'}]}");
	check(t);
	assert_none(t);
}

#define DEFAULT_ROUTE(dev)                                                                         \
	"proc/net/route=Iface Destination Gateway Flags RefCnt Use Metric Mask MTU Window IRTT"    \
	"\\n" dev " 00000000 0100000A 0003 0 0 0 00000000 0 0 0"

static void vf_the_host_lives_on_is_not_for_a_domain(void **state)
{
	struct env *t = *state;

	add_vf_netdev(t, "0000:05:10.2", "vf1", "02:00:00:00:bb:01");
	fake_root_add(&t->root, DEFAULT_ROUTE("vf1"));
	load(t, "{'version':1,'pf':[" NET0 "],'domain':[{'name':'d','devices':["
		"{'pf':'net0','index':'0-2'}]}]}");
	check(t);
	assert_int_equal(t->problems.n, 1);
	assert_string_equal(t->problems.v[0].err.step, "net0/1 (0000:05:10.2)");
	assert_non_null(strstr(t->problems.v[0].err.cause, "default route"));
	assert_non_null(strstr(t->problems.v[0].err.cause, "vf1"));
}

static void vf_to_be_held_is_guarded_too(void **state)
{
	struct env *t = *state;

	add_vf_netdev(t, "0000:05:10.2", "vf1", "02:00:00:00:bb:01");
	fake_root_add(&t->root, DEFAULT_ROUTE("vf1"));
	load(t, "{'version':1,'pf':[" NET0 "],'vf':[{'pf':'net0','index':'*','driver':'assign'}]}");
	check(t);
	assert_int_equal(t->problems.n, 1);
	assert_string_equal(t->problems.v[0].err.step, "net0/1 (0000:05:10.2)");
}

static void pf_with_the_default_route_stays_as_it_is(void **state)
{
	struct env *t = *state;

	fake_root_add(&t->root, DEFAULT_ROUTE("eth0"));
	load(t, "{'version':1,'pf':[{'name':'net0','bdf':'0000:05:00.0','numvfs':5}]}");
	check(t);
	assert_int_equal(t->problems.n, 1);
	assert_string_equal(t->problems.v[0].err.step, "net0");
	assert_non_null(strstr(t->problems.v[0].err.cause, "default route"));
}

static void pf_that_is_not_changed_may_carry_the_route(void **state)
{
	struct env *t = *state;

	fake_root_add(&t->root, DEFAULT_ROUTE("eth0"));
	load(t, "{'version':1,'pf':[" NET0 "]}");
	check(t);
	assert_none(t);
}

static void limits_count_vfs_that_are_still_to_be_made(void **state)
{
	struct env *t = *state;

	t->backend.max_vfs = 6;
	load(t, "{'version':1,'pf':[" NET0 "," STOR "],'domain':[{'name':'web1','devices':["
		"{'pf':'net0','index':'*'},{'pf':'stor','index':'*'}]}]}");
	check(t);
	assert_only(t, false, "t.json:1:136: web1: 7 VFs would be in it, 6 fit");
	assert_string_equal(t->backend.calls, "limits web1 7;");
}

static void running_domain_is_asked_for_what_it_lacks(void **state)
{
	struct env *t = *state;

	fake_backend_add_domain(&t->backend, "web1");
	give(t, "0000:05:10.0", "web1");
	t->backend.max_vfs = 3;
	load(t, "{'version':1,'pf':[" NET0 "],'domain':[{'name':'web1','devices':["
		"{'pf':'net0','index':'*'}]}]}");
	check(t);
	assert_none(t);
	assert_string_equal(t->backend.calls, "limits web1 2;");
}

static void limits_wait_for_addresses(void **state)
{
	static const struct fake_pf silent = { "0000:3b:00.0", NULL, "ice", NULL, 8, 0, 0, 0, -1 };
	struct env *t = *state;

	fake_root_add_pf(&t->root, &silent);
	load(t, "{'version':1,'pf':[{'name':'x','bdf':'0000:3b:00.0','numvfs':4}],"
		"'domain':[{'name':'d','devices':[{'pf':'x','index':'*'}]}]}");
	check(t);
	assert_int_equal(t->problems.n, 1);
	assert_int_equal(t->problems.n_errors, 0);
	assert_non_null(strstr(t->problems.v[0].err.cause, "addresses of some VFs are not known"));
	assert_string_equal(t->backend.calls, "");
}

static void vf_of_another_domain_is_named_with_the_way_out(void **state)
{
	struct env *t = *state;

	give(t, "0000:05:10.2", "db1");
	load(t, "{'version':1,'pf':[" NET0 "],'domain':[{'name':'web1','devices':["
		"{'pf':'net0','index':'0-1'}]}]}");
	check(t);
	assert_only(t, false,
		    "t.json:1:112: net0/1 (0000:05:10.2): it is in domain db1, not in web1; run: "
		    "vfyard pci-detach db1 net0/1");
}

static void domain_of_another_name_on_the_hypervisor_is_the_same(void **state)
{
	struct env *t = *state;

	give(t, "0000:05:10.2", "vm-17");
	load(t, "{'version':1,'pf':[" NET0 "],'domain':[{'name':'web1','devices':["
		"{'pf':'net0','index':'0-1'}]}]}");
	t->topo->domains[0].xen_vm = strdup("vm-17");
	check(t);
	assert_none(t);
}

static void stale_and_broken_vfs_say_why(void **state)
{
	struct env *t = *state;

	fake_backend_set_state(&t->backend, (struct bdf){ 0, 5, 0x10, 0 }, VF_STALE);
	fake_backend_set_state(&t->backend, (struct bdf){ 0, 5, 0x10, 2 }, VF_BROKEN);
	load(t, "{'version':1,'pf':[" NET0 "],'domain':[{'name':'web1','devices':["
		"{'pf':'net0','index':'0-1'}]}]}");
	check(t);
	assert_int_equal(t->problems.n, 2);
	assert_string_equal(t->problems.v[0].err.cause, "it is stale: the test says so");
	assert_string_equal(t->problems.v[0].err.fix, "run: vfyard pci-assignable-remove net0/0");
	assert_string_equal(t->problems.v[1].err.cause, "it is broken: the test says so");
}

static void vf_for_the_host_that_is_in_a_domain_is_found(void **state)
{
	struct env *t = *state;

	give(t, "0000:05:10.2", "db1");
	load(t, "{'version':1,'pf':[" NET0 "],'vf':[{'pf':'net0','index':'*','driver':'host'}]}");
	check(t);
	assert_only(t, false,
		    "t.json:1:82: net0/1 (0000:05:10.2): driver=host, but it is in domain db1; "
		    "run: vfyard pci-detach db1 net0/1");
}

static void index_beyond_what_an_untouched_pf_has_is_found(void **state)
{
	load(*state, "{'version':1,'pf':[{'name':'net0','bdf':'0000:05:00.0'}],'domain':["
		     "{'name':'d','devices':[{'pf':'net0','index':'2-5'}]}]}");
	check(*state);
	assert_only(*state, false,
		    "t.json:1:98: net0: index 5, the PF has 3 VFs now; write numvfs=6 or more for "
		    "net0");
}

static void star_of_an_untouched_pf_without_vfs_is_found(void **state)
{
	load(*state, "{'version':1,'pf':[{'name':'stor','bdf':'0000:81:00.0'}],'domain':["
		     "{'name':'d','devices':[{'pf':'stor','index':'*'}]}]}");
	check(*state);
	assert_only(*state, false,
		    "t.json:1:98: stor: the PF has no VFs, so stor/* stands for none; write "
		    "numvfs= for stor");
}

static int no_slots(enum domain_type type UNUSED, const struct dev_options *o, struct err *e)
{
	return o->vslot > 0 ? err_set(e, ENOTSUP, "vslot has no effect here") : 0;
}

static void option_without_meaning_is_a_note(void **state)
{
	struct env *t = *state;

	t->ops.options = no_slots;
	load(t, "{'version':1,'pf':[" NET0 "],'domain':[{'name':'web1','devices':["
		"{'pf':'net0','index':'0','vslot':'5'},{'pf':'net0','index':'1-2'}]}]}");
	check(t);
	assert_only(t, true, "t.json:1:112: note: web1: vslot has no effect here");
}

static int not_fit(struct backend *b UNUSED, struct err *e)
{
	return err_fix(e, err_refuse(e, ENODEV, "no IOMMU"), "switch it on");
}

static void host_that_cannot_pass_devices_through_is_a_problem(void **state)
{
	struct env *t = *state;

	t->ops.fit = not_fit;
	load(t, "{'version':1,'pf':[" NET0 "]}");
	check(t);
	assert_only(t, false, "t.json: fake: no IOMMU; switch it on");
}

static void topology_for_another_hypervisor_is_found(void **state)
{
	load(*state, "{'version':1,'hypervisor':'kvm','pf':[" NET0 "]}");
	check(*state);
	assert_only(*state, false,
		    "t.json: hypervisor: the topology is for kvm, this host runs fake; write "
		    "hypervisor = \"auto\" or \"fake\"");
}

static void host_without_a_hypervisor_is_a_problem(void **state)
{
	struct env *t = *state;

	load(t, "{'version':1,'pf':[" NET0 "]}");
	check_with(t, NULL, NULL);
	assert_true(t->problems.n_errors >= 1);
	assert_int_equal(t->problems.v[0].loc.line, 0);
	assert_int_equal(t->problems.v[0].err.status, EXIT_REFUSED);
}

static void what_an_unprivileged_run_cannot_see_is_a_note(void **state)
{
	struct env *t = *state;

	load(t, "{'version':1,'pf':[" NET0 "],'domain':[{'name':'web1','devices':["
		"{'pf':'net0','index':'0'}]}]}");
	check_with(t, &t->ops, NULL);
	assert_only(t, true,
		    "t.json: note: host: what domains hold and how much they take is not "
		    "seen; run it as root");
}

static void all_problems_come_in_one_run_in_file_order(void **state)
{
	struct env *t = *state;

	give(t, "0000:05:10.0", "db1");
	load(t, "{'version':1,\n'pf':[{'name':'net0','bdf':'0000:05:00.0','numvfs':9},\n"
		"{'name':'gone','bdf':'0000:99:00.0','numvfs':1},\n" STOR "],\n"
		"'vf':[{'pf':'stor','index':'0',\n'mac':'auto'}],\n"
		"'domain':[{'name':'web1','devices':[\n{'pf':'net0','index':'0'}]}]}");
	check(t);
	assert_int_equal(t->problems.n, 5);
	for (size_t i = 1; i < t->problems.n; i++)
		assert_true(t->problems.v[i - 1].loc.line <= t->problems.v[i].loc.line);
	assert_int_equal(t->problems.v[0].loc.line, 2);
	assert_int_equal(t->problems.v[1].loc.line, 2);
	assert_int_equal(t->problems.v[2].loc.line, 3);
	assert_int_equal(t->problems.v[3].loc.line, 6);
	assert_int_equal(t->problems.v[4].loc.line, 8);
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(topology_that_fits_has_no_problems),
		TEST(more_vfs_than_the_device_has_is_refused_with_the_number),
		TEST(pf_that_is_not_there_is_found_out),
		TEST(changing_numvfs_names_who_holds_vfs),
		TEST(changing_numvfs_of_free_vfs_is_fine),
		TEST(many_holders_are_counted),
		TEST(pf_without_a_driver_cannot_make_vfs),
		TEST(pf_held_for_guests_cannot_make_vfs),
		TEST(kernel_without_autoprobe_is_a_note),
		TEST(mac_on_a_drive_is_an_error_at_the_word),
		TEST(address_given_twice_is_found_with_its_first_holder),
		TEST(address_of_a_host_device_is_found),
		TEST(own_device_of_the_vf_has_its_address),
		TEST(vf_the_host_lives_on_is_not_for_a_domain),
		TEST(vf_to_be_held_is_guarded_too),
		TEST(pf_with_the_default_route_stays_as_it_is),
		TEST(pf_that_is_not_changed_may_carry_the_route),
		TEST(limits_count_vfs_that_are_still_to_be_made),
		TEST(running_domain_is_asked_for_what_it_lacks),
		TEST(limits_wait_for_addresses),
		TEST(vf_of_another_domain_is_named_with_the_way_out),
		TEST(domain_of_another_name_on_the_hypervisor_is_the_same),
		TEST(stale_and_broken_vfs_say_why),
		TEST(vf_for_the_host_that_is_in_a_domain_is_found),
		TEST(index_beyond_what_an_untouched_pf_has_is_found),
		TEST(star_of_an_untouched_pf_without_vfs_is_found),
		TEST(option_without_meaning_is_a_note),
		TEST(host_that_cannot_pass_devices_through_is_a_problem),
		TEST(topology_for_another_hypervisor_is_found),
		TEST(host_without_a_hypervisor_is_a_problem),
		TEST(what_an_unprivileged_run_cannot_see_is_a_note),
		TEST(all_problems_come_in_one_run_in_file_order),
	};

	return cmocka_run_group_tests_name("check", tests, NULL, NULL);
}
