// SPDX-License-Identifier: GPL-2.0-or-later
/* Into a domain: libxl's success proves nothing, and its failure breaks what others have. */
#include "fake_libxl_env.h"

static struct fake_domain *web1;

static int setup(void **state)
{
	int r = env_setup(state);

	web1 = fake_xen_add_domain(1, "web1", LIBXL_DOMAIN_TYPE_PV);
	assert_int_equal(env_assign(0), 0);
	assert_int_equal(env_assign(1), 0);
	assert_int_equal(env_assign(2), 0);
	fake_xen.calls[0] = '\0';
	return r;
}

static void a_pv_guest_gets_its_vf(void **state UNUSED)
{
	assert_int_equal(env_attach("web1", 1), 0);
	assert_int_equal(fake_xen_device(env_bdf(1))->owner, 1);
	assert_string_equal(env_node(1, "domid"), "1");
	assert_int_equal(env_state(1), VF_ATTACHED);
	assert_string_equal(vf_of(env_vf(1))->domain, "web1");
}

static void a_domain_can_be_named_by_its_number(void **state UNUSED)
{
	assert_int_equal(env_attach("1", 1), 0);
	assert_int_equal(env_attach("1", 2), 0);
	assert_string_equal(fake_xs_get("/local/domain/0/backend/pci/1/0/vdev-1"), "0000:00:00.04");
}

/* Trap 1: the failed attach of one program deletes the claim of another, and the next attach resets
 * the device under its owner. */
static void libxl_resets_a_device_under_its_owner(void **state UNUSED)
{
	fake_xen_add_domain(2, "web2", LIBXL_DOMAIN_TYPE_PV);
	assert_int_equal(naive_attach(1, 0), 0);
	assert_int_not_equal(naive_attach(2, 0), 0);
	assert_null(env_node(0, "domid"));
	assert_int_not_equal(naive_attach(2, 0), 0);
	assert_true(fake_xen_device(env_bdf(0))->reset_of_a_guest);
}

static void a_vf_of_another_domain_is_refused_before_libxl_is_asked(void **state UNUSED)
{
	fake_xen_add_domain(2, "web2", LIBXL_DOMAIN_TYPE_PV);
	assert_int_equal(env_attach("web1", 0), 0);
	fake_xen.calls[0] = '\0';
	assert_true(env_attach("web2", 0) < 0);
	assert_int_equal(env.e.status, EXIT_REFUSED);
	assert_says("domain web1 has it");
	assert_string_equal(fake_xen.calls, "");
	assert_string_equal(env_node(0, "domid"), "1");
}

static void a_vf_whose_claim_was_deleted_is_still_its_owners(void **state UNUSED)
{
	fake_xen_add_domain(2, "web2", LIBXL_DOMAIN_TYPE_PV);
	assert_int_equal(env_attach("web1", 0), 0);
	assert_int_not_equal(naive_attach(2, 0), 0); /* deletes the claim */
	fake_xen.calls[0] = '\0';
	assert_true(env_attach("web2", 0) < 0);
	assert_says("domain web1 has it");
	assert_string_equal(fake_xen.calls, "");
	assert_false(fake_xen_device(env_bdf(0))->reset_of_a_guest);
	assert_int_equal(env_state(0), VF_BROKEN);
}

/* Xenstore knows nothing about it: the hypervisor is asked, without a reset. */
static void a_vf_that_only_the_hypervisor_knows_to_be_taken_is_refused(void **state UNUSED)
{
	fake_xen_device(env_bdf(0))->owner = 9;
	assert_true(env_attach("web1", 0) < 0);
	assert_says("failed to quarantine 0000:05:10.0: Device or resource busy");
	assert_int_equal(fake_xen_device(env_bdf(0))->resets, 0);
	assert_null(strstr(fake_xen.calls, ";add;"));
}

static void a_claim_without_device_is_refused_and_kept(void **state UNUSED)
{
	fake_xen_add_domain(2, "web2", LIBXL_DOMAIN_TYPE_PV);
	fake_xs_set("2", "/libxl/pci/0000-05-10-0/domid");
	assert_true(env_attach("web1", 0) < 0);
	assert_int_equal(env.e.status, EXIT_REFUSED);
	assert_says("domain web2 claims it but does not have it");
	assert_string_equal(env_node(0, "domid"), "2");
	assert_int_equal(env_state(0), VF_BROKEN);
}

/* An attach was killed between its claim and the rest. */
static void a_claim_without_device_is_cleared_by_force(void **state UNUSED)
{
	static const char *const forced[] = { "0000:05:10.0" };

	fake_xen_add_domain(2, "web2", LIBXL_DOMAIN_TYPE_PV);
	fake_xs_set("2", "/libxl/pci/0000-05-10-0/domid");
	assert_true(env_attach("web1", 0) < 0);
	assert_fix("--force 0000:05:10.0");
	fake_xen.root.host.forced = forced;
	fake_xen.root.host.n_forced = 1;
	/* Force does not take what a domain really has. */
	fake_xen_device(env_bdf(0))->owner = 2;
	assert_true(env_attach("web1", 0) < 0);
	assert_int_equal(fake_xen_device(env_bdf(0))->resets, 0);
	assert_string_equal(env_node(0, "domid"), "2");
	fake_xen_device(env_bdf(0))->owner = OWNER_IO;
	assert_int_equal(env_attach("web1", 0), 0);
	assert_string_equal(env_node(0, "domid"), "1");
}

static void a_stale_claim_hides_a_vf_from_libxl_and_is_cleared_here(void **state UNUSED)
{
	fake_xs_set("77", "/libxl/pci/0000-05-10-0/domid");
	assert_int_equal(env_state(0), VF_STALE);
	assert_int_equal(env_attach("web1", 0), 0);
	assert_string_equal(env_node(0, "domid"), "1");
}

static void the_leftover_of_a_dead_domain_is_not_taken(void **state UNUSED)
{
	fake_xen_add_domain(2, "web2", LIBXL_DOMAIN_TYPE_PV);
	assert_int_equal(env_attach("web2", 0), 0);
	fake_xen_kill_domain(2);
	assert_int_equal(env_state(0), VF_STALE);
	assert_true(env_attach("web1", 0) < 0);
	assert_says("left in the PCI backend of domain 2, which is gone");
	assert_fix("xenstore-rm /local/domain/0/backend/pci/2");
}

static void a_vf_with_a_host_driver_is_refused(void **state UNUSED)
{
	assert_true(env_attach("web1", 5) < 0);
	assert_int_equal(env.e.status, EXIT_REFUSED);
	assert_says("not assignable: driver igbvf");
	assert_fix("vfyard pci-assignable-add 0000:05:11.2");
}

/* libxl returns before the guest has seen anything. */
static void a_slow_guest_is_waited_for(void **state UNUSED)
{
	web1->slow = 5;
	assert_int_equal(env_attach("web1", 0), 0);
	assert_int_equal(fake_xs_number(0, "/local/domain/0/backend/pci/1/0/state"), 4);
	assert_string_equal(fake_xs.watched,
			    "/local/domain/0/backend/pci/1/0;/local/domain/1/device/pci/0;");
	assert_int_equal(fake_xs.watches, 0);
}

/* xenstored refuses them, because it has no memory for one. */
static void a_slow_guest_is_waited_for_without_watches(void **state UNUSED)
{
	web1->slow = 5;
	fake_xs.no_watch = true;
	assert_int_equal(env_attach("web1", 0), 0);
	assert_int_equal(fake_xs_number(0, "/local/domain/0/backend/pci/1/0/state"), 4);
	assert_int_equal(fake_xs.watches, 0);
}

static void a_guest_that_answers_at_once_is_not_watched(void **state UNUSED)
{
	assert_int_equal(env_attach("web1", 0), 0);
	assert_string_equal(fake_xs.watched, "");
}

/* The backend of the first device is connected before the guest has probed its driver. */
static void a_guest_that_probes_its_drivers_is_waited_for(void **state UNUSED)
{
	web1->slow_drivers = 5;
	assert_int_equal(env_attach("web1", 0), 0);
	assert_int_equal(web1->slow_drivers, 0);
	assert_int_equal(fake_xs_number(0, "/local/domain/1/device/pci/0/state"), 4);
}

static void libxl_reports_success_for_a_guest_without_pcifront(void **state UNUSED)
{
	web1->no_frontend = true;
	assert_int_equal(naive_attach(1, 0), 0);
	assert_int_equal(fake_xs_number(0, "/local/domain/0/backend/pci/1/0/state"), 3);
}

static void a_guest_without_pcifront_is_told_and_nothing_is_left(void **state UNUSED)
{
	web1->no_frontend = true;
	assert_int_equal(env_attach("web1", 0), -ETIMEDOUT);
	assert_int_equal(env.e.status, EXIT_FAILED);
	assert_says("frontend does not answer, and its backend is initialised (3)");
	assert_fix("xen-pcifront");
	assert_int_equal(fake_xen.waits, 0);
	assert_null(env_node(0, "domid"));
	assert_null(fake_xs_get("/local/domain/0/backend/pci/1/0/num_devs"));
	assert_int_equal(fake_xen_device(env_bdf(0))->owner, OWNER_IO);
	assert_int_equal(env_state(0), VF_ASSIGNABLE);
}

/* libxl would wait ten seconds in its lock and then fail; here the VF is not touched. */
static void
a_guest_that_stopped_answering_is_waited_for_before_anything_is_done(void **state UNUSED)
{
	assert_int_equal(env_attach("web1", 0), 0);
	fake_xs_set("7", "/local/domain/0/backend/pci/1/0/state");
	fake_xen.calls[0] = '\0';
	assert_int_equal(env_attach("web1", 1), -ETIMEDOUT);
	assert_int_equal(env.e.status, EXIT_REFUSED);
	assert_string_equal(fake_xen.calls, "");
	assert_int_equal(env_state(1), VF_ASSIGNABLE);
}

/* One VF too many closes the backend of all. These are all at function 0, so that each takes a
 * slot. */
static void fill_slots(unsigned n)
{
	char line[64];

	for (unsigned i = 0; i < n; i++) {
		snprintf(line, sizeof(line), "0000:80:%02x.0", i);
		fake_xs_set(line, "/local/domain/0/backend/pci/1/0/dev-%u", i);
		fake_xs_set("3", "/local/domain/0/backend/pci/1/0/state-%u", i);
		assert_true(bdf_scan(&web1->exported[web1->n_exported++], line));
		snprintf(line, sizeof(line), "sys/bus/pci/devices/0000:80:%02x.0/physfn/", i);
		fake_root_add(&fake_xen.root, line);
	}
	snprintf(line, sizeof(line), "%u", n);
	fake_xs_set(line, "/local/domain/0/backend/pci/1/0/num_devs");
	fake_xs_set("", "/libxl/1/device/pci/0/backend");
	fake_xs_set("4", "/local/domain/0/backend/pci/1/0/state");
	fake_xs_set("4", "/local/domain/1/device/pci/0/state");
}

static void libxl_wedges_the_backend_with_one_vf_too_many(void **state UNUSED)
{
	fill_slots(32);
	assert_int_equal(naive_attach(1, 0), 0);
	assert_int_equal(fake_xs_number(0, "/local/domain/0/backend/pci/1/0/state"), 5);
}

static void one_vf_too_many_is_refused_with_the_number(void **state UNUSED)
{
	fill_slots(32);
	assert_true(env_attach("web1", 0) < 0);
	assert_int_equal(env.e.status, EXIT_REFUSED);
	assert_says("would need 33 virtual PCI slots for 33 devices, but it has 32");
	assert_int_equal(fake_xs_number(0, "/local/domain/0/backend/pci/1/0/state"), 4);
}

static void a_wedged_backend_is_said_with_the_kernels_reason(void **state UNUSED)
{
	fill_slots(32);
	assert_int_equal(naive_attach(1, 0), 0);
	fake_xs_set("31", "/local/domain/0/backend/pci/1/0/num_devs");
	assert_true(env_attach("web1", 1) < 0);
	assert_int_equal(env.e.status, EXIT_REFUSED);
	assert_says("the PCI backend of domain web1 is closing (5): 12 No more space on root");
	assert_fix("xl destroy web1");
}

/* If it comes to that nevertheless, the entry stays claimed, because libxl resets whatever the
 * backend lists when the domain ends. */
static void a_backend_that_wedges_under_an_attach_keeps_the_claim(void **state UNUSED)
{
	fill_slots(32);
	fake_root_add(&fake_xen.root, "sys/module/xen_pciback/parameters/passthrough=Y");
	assert_int_equal(env_attach("web1", 0), -EIO);
	assert_int_equal(env.e.status, EXIT_LEFT);
	assert_says("No more space on root virtual PCI bus");
	assert_says("left: it stays in the list of domain web1");
	assert_string_equal(env_node(0, "domid"), "1");
	assert_int_equal(env_state(0), VF_ATTACHED);
}

/* A guest that was still taking down its last frontend closed the new one, too; this was seen after
 * a forced detach. Nothing else is in that backend, so nothing needs to stay. */
static void a_backend_that_closes_under_its_only_device_leaves_nothing(void **state UNUSED)
{
	web1->closes = true;
	assert_int_equal(env_attach("web1", 0), -EIO);
	assert_int_equal(env.e.status, EXIT_FAILED);
	assert_says("the PCI backend of domain web1 is closed (6)");
	assert_fix("try again when its guest is up");
	assert_null(fake_xs_get("/local/domain/0/backend/pci/1/0/num_devs"));
	assert_null(env_node(0, "domid"));
	assert_int_equal(env_state(0), VF_ASSIGNABLE);
}

static void reserved_memory_is_explained(void **state UNUSED)
{
	web1->assign_errno = EPERM;
	assert_true(env_attach("web1", 0) < 0);
	assert_int_equal(env.e.status, EXIT_FAILED);
	assert_says("xc_assign_device failed: Operation not permitted");
	assert_fix("rdm_policy=relaxed");
	assert_int_equal(env_state(0), VF_ASSIGNABLE);
}

/* libxl does not take it out of QEMU again. */
static void what_qemu_may_still_hold_is_said(void **state UNUSED)
{
	fake_xen_add_domain(3, "win", LIBXL_DOMAIN_TYPE_HVM)->assign_errno = EPERM;
	assert_true(env_attach("win", 0) < 0);
	assert_int_equal(env.e.status, EXIT_LEFT);
	assert_says("left: the device model of domain win may still hold it");
}

static void a_domain_created_without_passthrough_gets_the_cure(void **state UNUSED)
{
	web1->no_passthrough = true;
	assert_true(env_attach("web1", 0) < 0);
	assert_says("xc_assign_device failed: Operation not supported");
	assert_fix("passthrough=\"enabled\"");
	assert_int_equal(env.e.status, EXIT_FAILED);
	assert_null(env_node(0, "domid"));
	assert_int_equal(env_state(0), VF_ASSIGNABLE);
}

static const struct dev_options *permissive(void)
{
	static struct dev_options o = DEV_OPTIONS_INIT;

	o.permissive = 1;
	return &o;
}

/* Trap 13. */
static void pciback_keeps_permissive_for_the_next_guest(void **state UNUSED)
{
	fake_xen_add_domain(2, "web2", LIBXL_DOMAIN_TYPE_PV);
	assert_int_equal(env_attach_with("web1", 0, permissive()), 0);
	assert_int_equal(env_detach("web1", 0, false), 0);
	assert_int_equal(naive_attach(2, 0), 0);
	assert_true(fake_pciback_is_permissive(&fake_xen.pciback, env_bdf(0)));
}

static void permissive_of_the_last_guest_is_cleared_for_the_next(void **state UNUSED)
{
	fake_xen_add_domain(2, "web2", LIBXL_DOMAIN_TYPE_PV);
	assert_int_equal(xen_backend.assign(env.backend, env_vf(0), "nic", &env.e), 0);
	assert_int_equal(env_attach_with("web1", 0, permissive()), 0);
	assert_int_equal(env_state(0), VF_ATTACHED);
	assert_int_equal(vf_of(env_vf(0))->permissive, 1);
	assert_int_equal(env_detach("web1", 0, false), 0);
	assert_int_equal(env_attach("web2", 0), 0);
	assert_false(fake_pciback_is_permissive(&fake_xen.pciback, env_bdf(0)));
	assert_int_equal(env_state(0), VF_ATTACHED);
	assert_int_equal(vf_of(env_vf(0))->permissive, 0);
	/* What the way back needs is still there. */
	assert_string_equal(env_node(0, "driver_path"), "/sys/bus/pci/drivers/igbvf");
	assert_string_equal(env_node(0, "name"), "nic");
}

static void permissive_is_cleared_while_autoprobe_is_off(void **state UNUSED)
{
	assert_int_equal(env_attach_with("web1", 0, permissive()), 0);
	assert_int_equal(env_detach("web1", 0, false), 0);
	fake_root_add(&fake_xen.root, "sys/bus/pci/devices/0000:05:00.0/sriov_drivers_autoprobe=0");
	assert_int_equal(env_attach("web1", 0), 0);
	assert_false(fake_pciback_is_permissive(&fake_xen.pciback, env_bdf(0)));
}

static void a_vf_that_is_lost_while_permissive_is_cleared_is_said(void **state UNUSED)
{
	assert_int_equal(env_attach_with("web1", 0, permissive()), 0);
	assert_int_equal(env_detach("web1", 0, false), 0);
	fake_kernel_fail(
		&fake_xen.kernel,
		(struct fake_fault){ .path = "pciback/bind", .code = EIO, .forever = true });
	assert_true(env_attach("web1", 0) < 0);
	assert_int_equal(env.e.status, EXIT_LEFT);
	assert_says("left: it has no driver now, run: vfyard pci-assignable-add 0000:05:10.0");
}

static void options_reach_libxl_but_not_seize_and_name(void **state UNUSED)
{
	struct dev_options o = DEV_OPTIONS_INIT;

	o.seize = 1;
	o.rdm_policy = RDM_RELAXED;
	snprintf(o.name, sizeof(o.name), "other");
	assert_int_equal(env_attach_with("web1", 0, &o), 0);
	assert_string_equal(fake_xs_get("/local/domain/0/backend/pci/1/0/opts-0"),
			    "msitranslate=0,power_mgmt=0,permissive=0,rdm_policy=relaxed");
}

static void an_hvm_guest_gets_a_slot_of_its_device_model(void **state UNUSED)
{
	fake_xen_add_domain(3, "win", LIBXL_DOMAIN_TYPE_HVM);
	assert_int_equal(env_attach("win", 0), 0);
	assert_string_equal(fake_xs_get("/local/domain/0/backend/pci/3/0/vdevfn-0"), "20");
	assert_int_equal(env_state(0), VF_ATTACHED);
}

static void an_hvm_guest_without_passthrough_gets_the_cure(void **state UNUSED)
{
	fake_xen_add_domain(3, "win", LIBXL_DOMAIN_TYPE_HVM)->no_passthrough = true;
	assert_true(env_attach("win", 0) < 0);
	assert_says("cannot be assigned - no IOMMU");
	assert_fix("passthrough=\"enabled\"");
}

static void domain_zero_and_unknown_numbers_are_refused(void **state UNUSED)
{
	assert_true(env_attach("0", 0) < 0);
	assert_int_equal(env.e.status, EXIT_REFUSED);
	assert_says("domain 0 is the host itself");
	assert_int_equal(env_attach("4711", 0), -ESRCH);
	assert_says("no running domain '4711'");
	assert_int_equal(env_attach("nobody", 0), -ESRCH);
	web1->dying = true;
	assert_true(env_attach("web1", 0) < 0);
	assert_says("being destroyed");
}

/* N attaches must not read N * N nodes, so each must cost the same. */
static void the_cost_of_an_attach_does_not_grow_with_the_domain(void **state UNUSED)
{
	unsigned cost[7];

	for (unsigned i = 0; i < 7; i++)
		assert_int_equal(env_assign(i), 0);
	for (unsigned i = 0; i < 7; i++) {
		unsigned before = fake_xs.reads;

		assert_int_equal(env_attach("web1", i), 0);
		cost[i] = fake_xs.reads - before;
	}
	assert_int_equal(cost[6], cost[2]);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, env_teardown)

static const struct CMUnitTest tests[] = {
	TEST(a_pv_guest_gets_its_vf),
	TEST(a_domain_can_be_named_by_its_number),
	TEST(libxl_resets_a_device_under_its_owner),
	TEST(a_vf_of_another_domain_is_refused_before_libxl_is_asked),
	TEST(a_vf_whose_claim_was_deleted_is_still_its_owners),
	TEST(a_vf_that_only_the_hypervisor_knows_to_be_taken_is_refused),
	TEST(a_claim_without_device_is_refused_and_kept),
	TEST(a_claim_without_device_is_cleared_by_force),
	TEST(a_stale_claim_hides_a_vf_from_libxl_and_is_cleared_here),
	TEST(the_leftover_of_a_dead_domain_is_not_taken),
	TEST(a_vf_with_a_host_driver_is_refused),
	TEST(a_slow_guest_is_waited_for),
	TEST(a_slow_guest_is_waited_for_without_watches),
	TEST(a_guest_that_answers_at_once_is_not_watched),
	TEST(a_guest_that_probes_its_drivers_is_waited_for),
	TEST(libxl_reports_success_for_a_guest_without_pcifront),
	TEST(a_guest_without_pcifront_is_told_and_nothing_is_left),
	TEST(a_guest_that_stopped_answering_is_waited_for_before_anything_is_done),
	TEST(libxl_wedges_the_backend_with_one_vf_too_many),
	TEST(one_vf_too_many_is_refused_with_the_number),
	TEST(a_wedged_backend_is_said_with_the_kernels_reason),
	TEST(a_backend_that_wedges_under_an_attach_keeps_the_claim),
	TEST(a_backend_that_closes_under_its_only_device_leaves_nothing),
	TEST(reserved_memory_is_explained),
	TEST(what_qemu_may_still_hold_is_said),
	TEST(a_domain_created_without_passthrough_gets_the_cure),
	TEST(pciback_keeps_permissive_for_the_next_guest),
	TEST(permissive_of_the_last_guest_is_cleared_for_the_next),
	TEST(permissive_is_cleared_while_autoprobe_is_off),
	TEST(a_vf_that_is_lost_while_permissive_is_cleared_is_said),
	TEST(options_reach_libxl_but_not_seize_and_name),
	TEST(an_hvm_guest_gets_a_slot_of_its_device_model),
	TEST(an_hvm_guest_without_passthrough_gets_the_cure),
	TEST(domain_zero_and_unknown_numbers_are_refused),
	TEST(the_cost_of_an_attach_does_not_grow_with_the_domain),
};

TEST_MAIN(tests)
