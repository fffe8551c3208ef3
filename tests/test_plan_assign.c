// SPDX-License-Identifier: GPL-2.0-or-later
/* pci-assignable-add and -remove. */
#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "host/pci/bind.h"
#include "fake_verbs.h"
#include "fake_netvf.h"
#include "fake_site.h"

#define VF3 "net0/3 (0000:05:10.6)"

static int add(struct fake_site *s, const char *arg, const char *name)
{
	struct devlist l = fake_site_devs(s, arg);
	int r;

	memset(&s->e, 0, sizeof(s->e));
	r = run_assign(&s->en, &l, name, &s->e);
	devlist_done(&l);
	return r;
}

static int take_away(struct fake_site *s, const char *arg, bool give_back)
{
	struct devlist l = fake_site_devs(s, arg);
	int r;

	memset(&s->e, 0, sizeof(s->e));
	r = run_unassign(&s->en, &l, give_back, &s->e);
	devlist_done(&l);
	return r;
}

static void assert_driver(struct fake_site *s, unsigned i, const char *want)
{
	char driver[DRIVER_MAX];

	assert_string_equal(fake_site_driver(s, i, driver), want);
}

/* Asserts that the command refused VF 3 before anything happened. */
static void assert_refused(struct fake_site *s, int r, const char *cause, const char *fix)
{
	assert_true(r < 0);
	assert_string_equal(s->e.cause, cause);
	assert_string_equal(s->e.fix, fix);
	assert_string_equal(s->e.object, VF3);
	assert_int_equal(s->e.status, EXIT_REFUSED);
	assert_string_equal(s->backend.calls, "");
	assert_int_equal(s->kernel.n_writes, 0);
}

static void add_takes_several_from_the_host(void **state)
{
	struct fake_site *s = *state;

	assert_int_equal(add(s, "net0/0-3", ""), 0);
	assert_string_equal(s->backend.calls, "assign 0000:05:10.0;assign 0000:05:10.2;"
					      "assign 0000:05:10.4;assign 0000:05:10.6;");
	assert_driver(s, 3, FAKE_DRIVER);
	assert_driver(s, 4, "igbvf");
	assert_string_equal(fake_site_notes(s), "");
}

static void add_of_what_is_assignable_changes_nothing(void **state)
{
	struct fake_site *s = *state;

	fake_site_reach(s, STEP_ASSIGN, 2);
	assert_int_equal(add(s, "net0/0-1", ""), 0);
	assert_string_equal(s->backend.calls, "");
	assert_int_equal(s->kernel.n_writes, 0);
	assert_int_equal(add(s, "net0/0-2", ""), 0);
	assert_string_equal(s->backend.calls, "assign 0000:05:10.4;");
}

static void add_with_a_name_makes_it_a_device(void **state)
{
	struct fake_site *s = *state;

	assert_int_equal(add(s, "net0/3", "database"), 0);
	assert_string_equal(s->backend.calls, "assign 0000:05:10.6 database;");
	fake_site_reload(s);
	assert_int_equal(take_away(s, "database", true), 0);
	assert_driver(s, 3, "igbvf");
}

static void name_can_be_given_and_changed_later(void **state)
{
	struct fake_site *s = *state;

	fake_site_reach(s, STEP_ASSIGN, 1);
	assert_int_equal(add(s, "net0/0", "a"), 0);
	assert_string_equal(s->backend.calls, "assign 0000:05:10.0 a;");
	fake_site_reload(s);
	assert_int_equal(add(s, "a", "b"), 0);
	fake_site_reload(s);
	assert_null(state_find_name(s->saved, "a"));
	assert_non_null(state_find_name(s->saved, "b"));
	s->backend.calls[0] = '\0';
	assert_int_equal(add(s, "b", "b"), 0);
	assert_int_equal(add(s, "b", ""), 0);
	assert_string_equal(s->backend.calls, "");
	assert_string_equal(state_find_name(s->saved, "b")->driver, "igbvf");
}

static void name_is_for_one_device(void **state)
{
	struct fake_site *s = *state;

	assert_int_equal(add(s, "net0/0-1", "a"), -EINVAL);
	assert_string_equal(s->e.cause, "name 'a' is for one device, but 2 are named");
	assert_int_equal(s->e.status, EXIT_USAGE);
	assert_int_equal(s->kernel.n_writes, 0);
}

static void names_that_are_taken_are_refused(void **state)
{
	struct fake_site *s = *state;

	assert_int_equal(add(s, "net0/0", "a"), 0);
	fake_site_reload(s);
	fake_kernel_reset(&s->kernel);
	s->backend.calls[0] = '\0';
	assert_refused(s, add(s, "net0/3", "a"), "name 'a' belongs to VF 0 of 0000:05:00.0",
		       "choose another name");
	assert_refused(s, add(s, "net0/3", "net0"),
		       "name 'net0' is already the name of the PF 0000:05:00.0",
		       "choose another name");
	assert_refused(s, add(s, "net0/3", "enp5s0f0"),
		       "name 'enp5s0f0' is already the name of the PF 0000:05:00.0",
		       "choose another name");
}

static void names_that_are_no_words_are_usage_errors(void **state)
{
	char long_name[66] = "";
	const char *bad[] = { "a b", "a/b", "a,b", "\t", "05:10.0", long_name };

	memset(long_name, 'x', sizeof(long_name) - 1);
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct fake_site *s = *state;

		assert_int_equal(add(s, "net0/3", bad[i]), -EINVAL);
		assert_int_equal(s->e.status, EXIT_USAGE);
		assert_int_equal(s->kernel.n_writes, 0);
	}
}

static void add_of_an_attached_vf_names_domain_and_command(void **state)
{
	struct fake_site *s = *state;

	fake_site_reach(s, STEP_ASSIGN, 4);
	fake_site_reach(s, STEP_ATTACH, 4);
	assert_refused(s, add(s, "net0/3", ""), "held by domain web1",
		       "run: vfyard pci-detach web1 net0/3");
}

static void stale_is_refused_with_the_way_to_clear_it(void **state)
{
	struct fake_site *s = *state;

	fake_backend_set_state(&s->backend, fake_site_bdf(s, 3), VF_STALE);
	fake_site_reload(s);
	assert_refused(s, add(s, "net0/3", ""), "stale: the test says so",
		       "clear the claim, run: vfyard pci-assignable-remove net0/3");
}

static void broken_is_refused_unless_forced(void **state)
{
	static const char *const forced[] = { "net0/3" };
	struct fake_site *s = *state;

	fake_backend_set_state(&s->backend, fake_site_bdf(s, 3), VF_BROKEN);
	fake_site_reload(s);
	assert_refused(s, add(s, "net0/3", ""), "broken: the test says so",
		       "repair it first, or add --force net0/3");
	assert_refused(s, take_away(s, "net0/3", false), "broken: the test says so",
		       "repair it first, or add --force net0/3");
	s->root.host.forced = forced;
	s->root.host.n_forced = 1;
	assert_int_equal(add(s, "net0/3", ""), 0);
	assert_string_equal(s->backend.calls, "assign 0000:05:10.6;");
	assert_non_null(strstr(fake_site_notes(s), VF3 ": broken: the test says so; overridden "
						       "by --force"));
}

static void guard_refuses_what_the_host_lives_on(void **state)
{
	static const char *const forced[] = { "0000:05:10.6" };
	struct fake_site *s = *state;

	fake_root_add(&s->root, "sys/bus/pci/devices/0000:05:10.6/net/vf3/flags=0x1003");
	fake_root_add(&s->root, "sys/class/net/vf3 -> "
				"../../devices/pci0000:05/0000:05:10.6/net/vf3");
	fake_root_add(&s->root, "proc/net/route=Iface\\nvf3 00000000 0100000A 0003 0 0 0 00000000");
	assert_refused(s, add(s, "net0/0-3", ""),
		       "the host needs it: vf3 carries the default route",
		       "move that off it first, or add --force net0/3");
	s->root.host.forced = forced;
	s->root.host.n_forced = 1;
	assert_int_equal(add(s, "net0/0-3", ""), 0);
	assert_driver(s, 3, FAKE_DRIVER);
}

static void add_takes_nothing_that_a_program_or_a_container_has(void **state)
{
	struct fake_site *s = *state;

	fake_root_add(&s->root, "sys/bus/pci/devices/0000:05:10.6/uio/uio0/");
	fake_root_add(&s->root, "proc/5000/comm=dpdk-testpmd");
	fake_root_add(&s->root, "proc/5000/fd/20 -> /dev/uio0");
	assert_refused(s, add(s, "net0/0-3", ""),
		       "in use: dpdk-testpmd (pid 5000) has /dev/uio0 open",
		       "end that first, or add --force net0/3");
	s->en.dry_run = true;
	assert_refused(s, add(s, "net0/3", ""),
		       "in use: dpdk-testpmd (pid 5000) has /dev/uio0 open",
		       "end that first, or add --force net0/3");
	fake_root_add(&s->root, "sys/bus/pci/devices/0000:05:10.6/net/");
	assert_refused(
		s, add(s, "net0/3", ""),
		"in use: its network device is in another network namespace, such as a container's",
		"end that first, or add --force net0/3");
}

static void add_never_takes_a_vgpu(void **state)
{
	static const char *const forced[] = { "net0/3" };
	struct fake_site *s = *state;

	fake_root_add(&s->root, "sys/bus/pci/devices/0000:05:10.6/nvidia/current_vgpu_type=0");
	s->root.host.forced = forced;
	s->root.host.n_forced = 1;
	assert_refused(s, add(s, "net0/3", ""),
		       "its driver makes vGPUs of it, and another driver would end that",
		       "write driver=keep for it in the topology, and make the vGPU: echo TYPE > "
		       "/sys/bus/pci/devices/0000:05:10.6/nvidia/current_vgpu_type");
}

static void remove_leaves_what_its_own_driver_made_assignable(void **state)
{
	struct fake_site *s = *state;

	s->backend.own_driver = "igbvf";
	fake_site_reload(s);
	assert_int_equal(add(s, "net0/3", ""), 0);
	assert_refused(s, take_away(s, "net0/3", true), "igbvf keeps it", "ask its vendor");
	assert_refused(s, take_away(s, "net0/3", false), "igbvf keeps it", "ask its vendor");
	assert_driver(s, 3, "igbvf");
}

static void one_refusal_stops_the_whole_batch(void **state)
{
	struct fake_site *s = *state;

	fake_backend_set_state(&s->backend, fake_site_bdf(s, 3), VF_BROKEN);
	fake_site_reload(s);
	assert_refused(s, add(s, "net0/*", ""), "broken: the test says so",
		       "repair it first, or add --force net0/3");
}

static void add_that_fails_half_way_leaves_the_host_as_before(void **state)
{
	struct fake_site *s = *state;
	_cleanup_free_ char *before = fake_site_snapshot(s), *after = NULL;

	fake_kernel_fail(&s->kernel, (struct fake_fault){
					     .path = FAKE_DRIVER "/bind", .code = EIO, .skip = 2 });
	assert_int_equal(add(s, "net0/0-3", ""), -EIO);
	assert_int_equal(s->e.status, EXIT_FAILED);
	assert_string_equal(s->e.object, "net0/2 (0000:05:10.4)");
	assert_string_equal(s->e.step, "bind " FAKE_DRIVER);
	after = fake_site_snapshot(s);
	assert_string_equal(before, after);
}

static void remove_leaves_it_without_driver_and_remembers(void **state)
{
	struct fake_site *s = *state;

	fake_site_reach(s, STEP_ASSIGN, 2);
	assert_int_equal(take_away(s, "net0/0-1", false), 0);
	assert_driver(s, 0, "");
	fake_site_reload(s);
	assert_int_equal(take_away(s, "net0/0-1", false), 0);
	assert_int_equal(take_away(s, "net0/0-1", true), 0);
	assert_driver(s, 0, "igbvf");
	assert_driver(s, 1, "igbvf");
	assert_string_equal(fake_site_notes(s), "");
}

static void remove_with_r_restores_and_a_second_time_changes_nothing(void **state)
{
	struct fake_site *s = *state;
	_cleanup_free_ char *before = fake_site_snapshot(s), *after = NULL;

	fake_site_reach(s, STEP_ASSIGN, 3);
	assert_int_equal(take_away(s, "net0/0-2", true), 0);
	after = fake_site_snapshot(s);
	assert_string_equal(before, after);
	fake_site_reload(s);
	fake_kernel_reset(&s->kernel);
	assert_int_equal(take_away(s, "net0/0-2", true), 0);
	assert_int_equal(s->kernel.n_writes, 0);
	assert_string_equal(fake_site_notes(s), "");
}

/* The PF's driver refuses to take back one old value. Returns what pci-assignable-remove -r
 * returns. */
static int remove_refused(struct fake_site *s, struct fake_netvf *f, enum vf_setting setting)
{
	struct vf_attrs *vf = fake_netvf_vf(f, "enp5s0f0", 0);
	int r;

	fake_site_reach(s, STEP_ASSIGN, 1);
	vf->vlan = 5;
	memcpy(vf->mac, "\x02\0\0\0\0\x69", 6);
	fake_site_reload(s);
	fake_netvf_fail(f, (struct fake_netvf_fault){
				   .setting = setting, .code = EINVAL, .forever = true });
	r = take_away(s, "net0/0", true);
	assert_driver(s, 0, "igbvf");
	assert_int_equal(vf->vlan, setting == VF_SET_VLAN ? 5 : 0);
	assert_int_equal(vf->mac[5], setting == VF_SET_MAC ? 0x69 : 0);
	fake_site_reload(s);
	return r;
}

static void remove_with_r_keeps_the_address_the_driver_will_not_clear(void **state)
{
	struct fake_site *s = *state;
	struct fake_netvf f;

	fake_netvf_init(&f, &s->root.host);
	assert_int_equal(remove_refused(s, &f, VF_SET_MAC), 0);
	assert_non_null(strstr(fake_site_notes(s), "it stays mac=02:00:00:00:00:69"));
	assert_null(state_find(s->saved, fake_site_vf(s, 0).pf->bdf, 0));
}

static void remove_with_r_remembers_a_value_that_is_refused(void **state)
{
	struct fake_site *s = *state;
	struct fake_netvf f;

	fake_netvf_init(&f, &s->root.host);
	assert_int_equal(remove_refused(s, &f, VF_SET_VLAN), -EINVAL);
	assert_non_null(state_find(s->saved, fake_site_vf(s, 0).pf->bdf, 0));
	assert_int_equal(take_away(s, "net0/0", true), -EINVAL);
	assert_int_equal(s->e.status, EXIT_LEFT);
	assert_string_equal(s->e.step, "vlan");
	assert_driver(s, 0, "igbvf");
	f.n_faults = 0;
	fake_site_reload(s);
	assert_int_equal(take_away(s, "net0/0", true), 0);
	assert_int_equal(fake_netvf_vf(&f, "enp5s0f0", 0)->vlan, 0);
	assert_null(state_find(s->saved, fake_site_vf(s, 0).pf->bdf, 0));
}

/* After a reboot the hypervisor knows nothing, and no driver is bound: only the disk remembers. */
static void memory_survives_a_reboot(void **state)
{
	struct fake_site *s = *state;

	fake_site_reach(s, STEP_ASSIGN, 1);
	assert_int_equal(bind_unbind(&s->root.host, fake_site_bdf(s, 0), NULL), 0);
	assert_int_equal(bind_set_override(&s->root.host, fake_site_bdf(s, 0), "", NULL), 0);
	s->backend.n_devices = 0;
	fake_site_reload(s);
	assert_int_equal(take_away(s, "net0/0", true), 0);
	assert_driver(s, 0, "igbvf");
	fake_site_reload(s);
	assert_null(state_find(s->saved, s->inv->pfs[0].bdf, 0));
}

static void remove_without_memory_leaves_it_without_driver_and_says_so(void **state)
{
	struct fake_site *s = *state;

	fake_site_reach(s, STEP_ASSIGN, 4);
	state_forget(s->saved, s->inv->pfs[0].bdf, 3);
	assert_int_equal(take_away(s, "net0/3", true), 0);
	assert_driver(s, 3, "");
	assert_int_equal(fake_kernel_count(&s->kernel, "drivers_probe"), 0);
	assert_string_equal(
		fake_site_notes(s),
		"vfyard: " VF3 ": its driver before " FAKE_DRIVER " is not known, because vfyard "
		"did not "
		"bind it there or the memory is lost; it is left without a driver; to give it to "
		"igbvf, "
		"run: echo "
		"0000:05:10.6 > /sys/bus/pci/drivers/igbvf/bind\n");
	assert_int_equal(root_write(&s->root.host.root, "0000:05:10.6", 0, NULL,
				    "sys/bus/pci/drivers/igbvf/bind"),
			 0);
	assert_driver(s, 3, "igbvf");
}

static void remove_without_memory_says_how_where_drivers_are_not_asked(void **state)
{
	struct fake_site *s = *state;

	fake_site_reach(s, STEP_ASSIGN, 4);
	state_forget(s->saved, s->inv->pfs[0].bdf, 3);
	fake_root_add(&s->root, "sys/bus/pci/devices/0000:05:00.0/sriov_drivers_autoprobe=0");
	s->inv->pfs[0].autoprobe = 0;
	assert_int_equal(take_away(s, "net0/3", true), 0);
	assert_non_null(strstr(fake_site_notes(s),
			       "run: echo igbvf > /sys/bus/pci/devices/0000:05:10.6/"
			       "driver_override && echo 0000:05:10.6 > "
			       "/sys/bus/pci/drivers/igbvf/bind\n"));
	assert_int_equal(root_write(&s->root.host.root, "igbvf", 0, NULL,
				    "sys/bus/pci/devices/0000:05:10.6/driver_override"),
			 0);
	assert_int_equal(root_write(&s->root.host.root, "0000:05:10.6", 0, NULL,
				    "sys/bus/pci/drivers/igbvf/bind"),
			 0);
	assert_driver(s, 3, "igbvf");
}

static void remove_without_memory_of_a_driver_nobody_knows_says_the_way(void **state)
{
	struct fake_site *s = *state;

	fake_site_reach(s, STEP_ASSIGN, 7);
	for (unsigned i = 0; i < 7; i++)
		state_forget(s->saved, s->inv->pfs[0].bdf, i);
	assert_int_equal(take_away(s, "net0/3", true), 0);
	assert_driver(s, 3, "");
	assert_non_null(strstr(
		fake_site_notes(s),
		"to give it to the host's, write driver=host for it in the topology, and run: "
		"vfyard apply"));
}

/* What xl made assignable comes back, too. */
static void memory_of_another_tool_is_used_where_there_is_none(void **state)
{
	struct fake_site *s = *state;

	fake_site_reach(s, STEP_ASSIGN, 2);
	state_forget(s->saved, s->inv->pfs[0].bdf, 0);
	snprintf(s->backend.remembered, sizeof(s->backend.remembered), "igbvf");
	fake_backend_fail(&s->backend, (struct fake_op_fault){ "unassign", 0, EIO, EXIT_FAILED });
	assert_int_equal(take_away(s, "net0/0", true), -EIO);
	fake_site_reload(s);
	assert_string_equal(state_find(s->saved, s->inv->pfs[0].bdf, 0)->driver, "igbvf");
	snprintf(s->backend.remembered, sizeof(s->backend.remembered), "other");
	assert_int_equal(take_away(s, "net0/0-1", true), 0);
	assert_driver(s, 0, "igbvf");
	assert_driver(s, 1, "igbvf");
	assert_string_equal(fake_site_notes(s), "");
}

static void memory_of_another_card_is_no_memory(void **state)
{
	struct fake_site *s = *state;

	fake_site_reach(s, STEP_ASSIGN, 1);
	s->inv->pfs[0].vf_device = 0x1520;
	assert_int_equal(take_away(s, "net0/0", true), 0);
	assert_driver(s, 0, "");
	assert_non_null(strstr(fake_site_notes(s), "its driver before " FAKE_DRIVER " is not "
						   "known"));
}

/* The card is of the same model, so only its serial number tells. */
static void memory_of_a_card_of_the_same_model_is_no_memory(void **state)
{
	struct fake_site *s = *state;

	s->inv->pfs[0].card = "serial 00-00-00-00-00-00-00-01";
	fake_site_reach(s, STEP_ASSIGN, 2);
	s->inv->pfs[0].card = "serial 00-00-00-00-00-00-00-01";
	assert_int_equal(take_away(s, "net0/0", true), 0);
	assert_driver(s, 0, "igbvf");
	s->inv->pfs[0].card = "serial 00-00-00-00-00-00-00-02";
	assert_int_equal(take_away(s, "net0/1", true), 0);
	assert_driver(s, 1, "");
	assert_non_null(strstr(fake_site_notes(s), "its driver before " FAKE_DRIVER " is not "
						   "known"));
}

static void remove_of_a_host_vf_changes_nothing(void **state)
{
	struct fake_site *s = *state;

	assert_int_equal(take_away(s, "net0/*", false), 0);
	assert_int_equal(take_away(s, "net0/*", true), 0);
	assert_int_equal(s->kernel.n_writes, 0);
	assert_string_equal(fake_site_notes(s), "");
}

static void remove_of_an_attached_vf_names_domain_and_command(void **state)
{
	struct fake_site *s = *state;

	fake_site_reach(s, STEP_ASSIGN, 4);
	fake_site_reach(s, STEP_ATTACH, 4);
	assert_refused(s, take_away(s, "net0/3", true), "held by domain web1",
		       "run: vfyard pci-detach web1 net0/3");
}

static void give_back_does_not_take_it_from_another_driver(void **state)
{
	struct fake_site *s = *state;

	fake_site_reach(s, STEP_ASSIGN, 4);
	fake_site_reach(s, STEP_UNASSIGN, 4);
	fake_kernel_add_driver(&s->kernel, "other");
	assert_int_equal(bind_to(&s->root.host, fake_site_bdf(s, 3), "other", NULL), 0);
	fake_site_reload(s);
	fake_kernel_reset(&s->kernel);
	assert_refused(s, take_away(s, "net0/3", true),
		       "driver other holds it, but its driver before was igbvf",
		       "run without -r to leave it there");
}

static void stale_claim_is_cleared_by_remove(void **state)
{
	struct fake_site *s = *state;

	fake_site_reach(s, STEP_ASSIGN, 1);
	fake_backend_set_state(&s->backend, fake_site_bdf(s, 0), VF_STALE);
	fake_site_reload(s);
	assert_int_equal(take_away(s, "net0/0", true), 0);
	assert_string_equal(s->backend.calls, "unassign 0000:05:10.0;");
	assert_driver(s, 0, "igbvf");
}

#define T(fn) cmocka_unit_test_setup_teardown(fn, fake_site_setup, fake_site_teardown)

static const struct CMUnitTest tests[] = {
	T(add_takes_several_from_the_host),
	T(add_of_what_is_assignable_changes_nothing),
	T(add_with_a_name_makes_it_a_device),
	T(name_can_be_given_and_changed_later),
	T(name_is_for_one_device),
	T(names_that_are_taken_are_refused),
	T(names_that_are_no_words_are_usage_errors),
	T(add_of_an_attached_vf_names_domain_and_command),
	T(stale_is_refused_with_the_way_to_clear_it),
	T(broken_is_refused_unless_forced),
	T(guard_refuses_what_the_host_lives_on),
	T(add_takes_nothing_that_a_program_or_a_container_has),
	T(add_never_takes_a_vgpu),
	T(remove_leaves_what_its_own_driver_made_assignable),
	T(one_refusal_stops_the_whole_batch),
	T(add_that_fails_half_way_leaves_the_host_as_before),
	T(remove_leaves_it_without_driver_and_remembers),
	T(remove_with_r_restores_and_a_second_time_changes_nothing),
	T(remove_with_r_keeps_the_address_the_driver_will_not_clear),
	T(remove_with_r_remembers_a_value_that_is_refused),
	T(memory_survives_a_reboot),
	T(remove_without_memory_leaves_it_without_driver_and_says_so),
	T(remove_without_memory_says_how_where_drivers_are_not_asked),
	T(remove_without_memory_of_a_driver_nobody_knows_says_the_way),
	T(memory_of_another_tool_is_used_where_there_is_none),
	T(memory_of_another_card_is_no_memory),
	T(memory_of_a_card_of_the_same_model_is_no_memory),
	T(remove_of_a_host_vf_changes_nothing),
	T(remove_of_an_attached_vf_names_domain_and_command),
	T(give_back_does_not_take_it_from_another_driver),
	T(stale_claim_is_cleared_by_remove),
};

TEST_MAIN(tests)
