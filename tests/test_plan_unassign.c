// SPDX-License-Identifier: GPL-2.0-or-later
/* pci-assignable-remove. */
#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "host/pci/bind.h"
#include "fake_verbs.h"
#include "fake_netvf.h"
#include "fake_site.h"

static void remove_leaves_what_its_own_driver_made_assignable(void **state)
{
	struct fake_site *s = *state;

	s->backend.own_driver = "igbvf";
	fake_site_reload(s);
	assert_int_equal(site_assign(s, "net0/3", ""), 0);
	assert_site_refused(s, site_unassign(s, "net0/3", true), "igbvf keeps it",
			    "ask its vendor");
	assert_site_refused(s, site_unassign(s, "net0/3", false), "igbvf keeps it",
			    "ask its vendor");
	assert_site_driver(s, 3, "igbvf");
}

static void remove_leaves_it_without_driver_and_remembers(void **state)
{
	struct fake_site *s = *state;

	fake_site_reach(s, STEP_ASSIGN, 2);
	assert_int_equal(site_unassign(s, "net0/0-1", false), 0);
	assert_site_driver(s, 0, "");
	fake_site_reload(s);
	assert_int_equal(site_unassign(s, "net0/0-1", false), 0);
	assert_int_equal(site_unassign(s, "net0/0-1", true), 0);
	assert_site_driver(s, 0, "igbvf");
	assert_site_driver(s, 1, "igbvf");
	assert_string_equal(fake_site_notes(s), "");
}

static void remove_with_r_restores_and_a_second_time_changes_nothing(void **state)
{
	struct fake_site *s = *state;
	_cleanup_free_ char *before = fake_site_snapshot(s), *after = NULL;

	fake_site_reach(s, STEP_ASSIGN, 3);
	assert_int_equal(site_unassign(s, "net0/0-2", true), 0);
	after = fake_site_snapshot(s);
	assert_string_equal(before, after);
	fake_site_reload(s);
	fake_kernel_reset(&s->kernel);
	assert_int_equal(site_unassign(s, "net0/0-2", true), 0);
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
	r = site_unassign(s, "net0/0", true);
	assert_site_driver(s, 0, "igbvf");
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
	assert_int_equal(site_unassign(s, "net0/0", true), -EINVAL);
	assert_int_equal(s->e.status, EXIT_LEFT);
	assert_string_equal(s->e.step, "vlan");
	assert_site_driver(s, 0, "igbvf");
	f.n_faults = 0;
	fake_site_reload(s);
	assert_int_equal(site_unassign(s, "net0/0", true), 0);
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
	assert_int_equal(site_unassign(s, "net0/0", true), 0);
	assert_site_driver(s, 0, "igbvf");
	fake_site_reload(s);
	assert_null(state_find(s->saved, s->inv->pfs[0].bdf, 0));
}

static void remove_without_memory_leaves_it_without_driver_and_says_so(void **state)
{
	struct fake_site *s = *state;

	fake_site_reach(s, STEP_ASSIGN, 4);
	state_forget(s->saved, s->inv->pfs[0].bdf, 3);
	assert_int_equal(site_unassign(s, "net0/3", true), 0);
	assert_site_driver(s, 3, "");
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
	assert_site_driver(s, 3, "igbvf");
}

static void remove_without_memory_says_how_where_drivers_are_not_asked(void **state)
{
	struct fake_site *s = *state;

	fake_site_reach(s, STEP_ASSIGN, 4);
	state_forget(s->saved, s->inv->pfs[0].bdf, 3);
	fake_root_add(&s->root, "sys/bus/pci/devices/0000:05:00.0/sriov_drivers_autoprobe=0");
	s->inv->pfs[0].autoprobe = 0;
	assert_int_equal(site_unassign(s, "net0/3", true), 0);
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
	assert_site_driver(s, 3, "igbvf");
}

static void remove_without_memory_of_a_driver_nobody_knows_says_the_way(void **state)
{
	struct fake_site *s = *state;

	fake_site_reach(s, STEP_ASSIGN, 7);
	for (unsigned i = 0; i < 7; i++)
		state_forget(s->saved, s->inv->pfs[0].bdf, i);
	assert_int_equal(site_unassign(s, "net0/3", true), 0);
	assert_site_driver(s, 3, "");
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
	assert_int_equal(site_unassign(s, "net0/0", true), -EIO);
	fake_site_reload(s);
	assert_string_equal(state_find(s->saved, s->inv->pfs[0].bdf, 0)->driver, "igbvf");
	snprintf(s->backend.remembered, sizeof(s->backend.remembered), "other");
	assert_int_equal(site_unassign(s, "net0/0-1", true), 0);
	assert_site_driver(s, 0, "igbvf");
	assert_site_driver(s, 1, "igbvf");
	assert_string_equal(fake_site_notes(s), "");
}

static void memory_of_another_card_is_no_memory(void **state)
{
	struct fake_site *s = *state;

	fake_site_reach(s, STEP_ASSIGN, 1);
	s->inv->pfs[0].vf_device = 0x1520;
	assert_int_equal(site_unassign(s, "net0/0", true), 0);
	assert_site_driver(s, 0, "");
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
	assert_int_equal(site_unassign(s, "net0/0", true), 0);
	assert_site_driver(s, 0, "igbvf");
	s->inv->pfs[0].card = "serial 00-00-00-00-00-00-00-02";
	assert_int_equal(site_unassign(s, "net0/1", true), 0);
	assert_site_driver(s, 1, "");
	assert_non_null(strstr(fake_site_notes(s), "its driver before " FAKE_DRIVER " is not "
						   "known"));
}

static void remove_of_a_host_vf_changes_nothing(void **state)
{
	struct fake_site *s = *state;

	assert_int_equal(site_unassign(s, "net0/*", false), 0);
	assert_int_equal(site_unassign(s, "net0/*", true), 0);
	assert_int_equal(s->kernel.n_writes, 0);
	assert_string_equal(fake_site_notes(s), "");
}

static void remove_of_an_attached_vf_names_domain_and_command(void **state)
{
	struct fake_site *s = *state;

	fake_site_reach(s, STEP_ASSIGN, 4);
	fake_site_reach(s, STEP_ATTACH, 4);
	assert_site_refused(s, site_unassign(s, "net0/3", true), "held by domain web1",
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
	assert_site_refused(s, site_unassign(s, "net0/3", true),
			    "driver other holds it, but its driver before was igbvf",
			    "run without -r to leave it there");
}

static void stale_claim_is_cleared_by_remove(void **state)
{
	struct fake_site *s = *state;

	fake_site_reach(s, STEP_ASSIGN, 1);
	fake_backend_set_state(&s->backend, fake_site_bdf(s, 0), VF_STALE);
	fake_site_reload(s);
	assert_int_equal(site_unassign(s, "net0/0", true), 0);
	assert_string_equal(s->backend.calls, "unassign 0000:05:10.0;");
	assert_site_driver(s, 0, "igbvf");
}

#define T(fn) cmocka_unit_test_setup_teardown(fn, fake_site_setup, fake_site_teardown)

static const struct CMUnitTest tests[] = {
	T(remove_leaves_what_its_own_driver_made_assignable),
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
