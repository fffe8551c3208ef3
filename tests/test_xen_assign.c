// SPDX-License-Identifier: GPL-2.0-or-later
/* Between the host and assignable: libxl's half-done work, and ours, which is whole or not at
 * all. */
#include "fake_libxl_env.h"

static void assert_as_before(unsigned i)
{
	assert_string_equal(env_driver(i), "igbvf");
	assert_string_equal(env_override(i), "");
	assert_null(env_node(i, "driver_path"));
	assert_null(env_node(i, "name"));
	assert_int_equal(fake_pciback_slots(&fake_xen.pciback, env_bdf(i)), 0);
	assert_int_equal(fake_xen_device(env_bdf(i))->owner, OWNER_DOM0);
}

static void a_vf_is_taken_from_its_driver_into_quarantine(void **state UNUSED)
{
	assert_int_equal(env_assign(2), 0);
	assert_string_equal(env_driver(2), "pciback");
	assert_int_equal(fake_xen_device(env_bdf(2))->owner, OWNER_IO);
	assert_int_equal(env_state(2), VF_ASSIGNABLE);
	assert_int_equal(env_state(1), VF_HOST);
}

static void xl_finds_the_driver_to_give_it_back_to(void **state UNUSED)
{
	assert_int_equal(env_assign(0), 0);
	assert_string_equal(env_node(0, "driver_path"), "/sys/bus/pci/drivers/igbvf");
	/* An override that stayed would keep that driver off. */
	assert_string_equal(env_override(0), "");
}

static void the_driver_that_xl_remembered_is_known(void **state UNUSED)
{
	char driver[64];

	assert_int_equal(naive_assignable_add(0), 0);
	assert_int_equal(xen_backend.previous_driver(env.backend, env_vf(0), driver, &env.e), 0);
	assert_string_equal(driver, "igbvf");
	assert_int_equal(xen_backend.previous_driver(env.backend, env_vf(1), driver, &env.e), 0);
	assert_string_equal(driver, "");
}

static int may(void)
{
	const struct refusal_ask ask = { .host = &fake_xen.root.host, .backend = env.backend };

	return refusal_ask(xen_backend.refusals, &ask, &env.e);
}

static void a_host_is_fit_with_pciback_and_an_iommu(void **state UNUSED)
{
	assert_int_equal(may(), 0);
	fake_xen.no_iommu = true;
	env.backend->has_iommu = false;
	assert_true(may() < 0);
	assert_says("without an IOMMU");
}

static void assigning_twice_is_fine(void **state UNUSED)
{
	assert_int_equal(env_assign(0), 0);
	assert_int_equal(env_assign(0), 0);
	assert_int_equal(env_state(0), VF_ASSIGNABLE);
	assert_int_equal(fake_pciback_slots(&fake_xen.pciback, env_bdf(0)), 1);
}

static void a_name_is_given_and_kept_by_an_assign_without_one(void **state UNUSED)
{
	assert_int_equal(xen_backend.assign(env.backend, env_vf(0), "storage", &env.e), 0);
	assert_string_equal(env_node(0, "name"), "storage");
	assert_int_equal(naive_assignable_add(0), 0);
	assert_null(env_node(0, "name")); /* libxl deletes it */
	assert_int_equal(xen_backend.assign(env.backend, env_vf(0), "storage", &env.e), 0);
	assert_int_equal(env_assign(0), 0);
	assert_string_equal(env_node(0, "name"), "storage");
}

static void release_leaves_nothing_that_pulls_it_back(void **state UNUSED)
{
	assert_int_equal(env_assign(0), 0);
	assert_int_equal(env_release(0), 0);
	assert_string_equal(env_driver(0), "");
	assert_string_equal(env_override(0), "");
	assert_null(env_node(0, "driver_path"));
	assert_int_equal(fake_pciback_slots(&fake_xen.pciback, env_bdf(0)), 0);
	assert_int_equal(fake_xen_device(env_bdf(0))->owner, OWNER_DOM0);
	assert_int_equal(env_state(0), VF_HOST);
}

/* Trap 9. */
static void libxl_leaves_a_vf_driverless_when_the_bind_fails(void **state UNUSED)
{
	fake_kernel_fail(&fake_xen.kernel,
			 (struct fake_fault){ .path = "pciback/bind", .code = EIO });
	assert_int_not_equal(naive_assignable_add(0), 0);
	assert_string_equal(env_driver(0), "");
	assert_int_equal(fake_pciback_slots(&fake_xen.pciback, env_bdf(0)), 1);
}

/* The host's driver has not let go, so there is nothing to give back that needs the override. */
static void a_failed_override_changes_nothing(void **state UNUSED)
{
	fake_kernel_fail(&fake_xen.kernel,
			 (struct fake_fault){ .path = "0000:05:10.0/driver_override",
					      .code = EIO,
					      .forever = true });
	assert_int_equal(env_assign(0), -EIO);
	assert_int_equal(env.e.status, EXIT_FAILED);
	assert_as_before(0);
	assert_int_equal(fake_kernel_count(&fake_xen.kernel, "unbind"), 0);
}

static void a_failed_bind_is_undone_to_the_last_node(void **state UNUSED)
{
	fake_kernel_fail(&fake_xen.kernel,
			 (struct fake_fault){ .path = "pciback/bind", .code = EIO });
	assert_true(env_assign(0) < 0);
	assert_int_equal(env.e.status, EXIT_FAILED);
	assert_says(
		"write '0000:05:10.0' to /sys/bus/pci/drivers/pciback/bind: Input/output error");
	assert_as_before(0);
}

/* Trap 9. */
static void libxl_leaves_a_vf_on_pciback_when_the_quarantine_fails(void **state UNUSED)
{
	fake_xen.no_quarantine = true;
	assert_int_not_equal(naive_assignable_add(0), 0);
	assert_string_equal(env_driver(0), "pciback");
}

static void a_failed_quarantine_is_undone_to_the_last_node(void **state UNUSED)
{
	fake_xen.no_quarantine = true;
	assert_true(env_assign(0) < 0);
	assert_int_equal(env.e.status, EXIT_FAILED);
	assert_says("failed to quarantine 0000:05:10.0: Invalid argument");
	assert_fix("xl dmesg");
	assert_as_before(0);
}

static void every_other_failing_step_is_undone_too(void **state UNUSED)
{
	static const char *const steps[] = { "0000:05:10.0/driver_override", "igbvf/unbind",
					     "pciback/bind" };

	for (size_t i = 0; i < ARRAY_SIZE(steps); i++) {
		fake_kernel_fail(&fake_xen.kernel,
				 (struct fake_fault){ .path = steps[i], .code = EIO });
		assert_true(env_assign(0) < 0);
		assert_int_equal(env.e.status, EXIT_FAILED);
		assert_as_before(0);
		fake_kernel_reset(&fake_xen.kernel);
	}
}

static void a_store_that_cannot_be_written_is_a_failure_that_is_undone(void **state UNUSED)
{
	fake_xs.no_write = "driver_path";
	assert_true(env_assign(0) < 0);
	assert_says("driver_path");
	assert_as_before(0);
}

static void what_cannot_be_undone_is_said(void **state UNUSED)
{
	fake_xen.no_quarantine = true;
	fake_kernel_fail(&fake_xen.kernel,
			 (struct fake_fault){ .path = "igbvf/bind", .code = EIO, .forever = true });
	assert_true(env_assign(0) < 0);
	assert_int_equal(env.e.status, EXIT_LEFT);
	assert_says("failed to quarantine");
	assert_says("left: it is not given back to igbvf");
}

/* Trap 10. */
static void libxl_cannot_remove_a_vf_that_was_hidden_at_boot(void **state UNUSED)
{
	struct root *root = &fake_xen.root.host.root;

	root_write(root, "0000:05:10.0", 0, NULL, "sys/bus/pci/drivers/igbvf/unbind");
	root_write(root, "0000:05:10.0", 0, NULL, "sys/bus/pci/drivers/pciback/new_slot");
	root_write(root, "0000:05:10.0", 0, NULL, "sys/bus/pci/drivers/pciback/bind");
	assert_string_equal(env_driver(0), "pciback");
	assert_int_not_equal(naive_assignable_remove(0), 0);
	assert_string_equal(env_driver(0), "pciback");

	assert_int_equal(env_state(0), VF_ASSIGNABLE);
	assert_int_equal(env_release(0), 0);
	assert_string_equal(env_driver(0), "");
	assert_int_equal(fake_xen_device(env_bdf(0))->owner, OWNER_DOM0);
}

static void a_vf_hidden_at_boot_is_quarantined_by_assign(void **state UNUSED)
{
	struct root *root = &fake_xen.root.host.root;

	root_write(root, "0000:05:10.0", 0, NULL, "sys/bus/pci/drivers/igbvf/unbind");
	root_write(root, "0000:05:10.0", 0, NULL, "sys/bus/pci/drivers/pciback/new_slot");
	root_write(root, "0000:05:10.0", 0, NULL, "sys/bus/pci/drivers/pciback/bind");
	assert_int_equal(fake_xen_device(env_bdf(0))->owner, OWNER_DOM0);
	assert_int_equal(env_assign(0), 0);
	assert_int_equal(fake_xen_device(env_bdf(0))->owner, OWNER_IO);
}

/* Trap 11. */
static void libxl_cannot_bind_a_vf_while_autoprobe_is_off(void **state UNUSED)
{
	fake_root_add(&fake_xen.root, "sys/bus/pci/devices/0000:05:00.0/sriov_drivers_autoprobe=0");
	assert_int_not_equal(naive_assignable_add(0), 0);
}

static void autoprobe_off_is_no_hindrance(void **state UNUSED)
{
	fake_root_add(&fake_xen.root, "sys/bus/pci/devices/0000:05:00.0/sriov_drivers_autoprobe=0");
	assert_int_equal(env_assign(0), 0);
	assert_string_equal(env_driver(0), "pciback");
	assert_int_equal(env_release(0), 0);
	assert_string_equal(env_override(0), "");
}

/* The file "slots" shows one page, so libxl does not find the slot that it made, and leaves it. */
static void libxl_leaves_the_slot_of_a_vf_beyond_the_first_page(void **state UNUSED)
{
	char bdf[BDF_STRLEN];

	for (unsigned i = 0; i < 320; i++)
		root_write(&fake_xen.root.host.root,
			   bdf_str(bdf, (struct bdf){ .bus = (uint8_t)(0x80 + i / 200),
						      .dev = (uint8_t)(i % 200 / 8),
						      .fn = (uint8_t)(i % 8) }),
			   0, NULL, "sys/bus/pci/drivers/pciback/new_slot");
	assert_int_equal(naive_assignable_add(1), 0);
	naive_assignable_remove(1);
	assert_int_equal(fake_pciback_slots(&fake_xen.pciback, env_bdf(1)), 1);

	/* With the override pciback takes it by, vfyard needs none, and takes away what is there.
	 */
	assert_int_equal(env_assign(1), 0);
	assert_int_equal(fake_pciback_slots(&fake_xen.pciback, env_bdf(1)), 1);
	assert_int_equal(env_release(1), 0);
	assert_int_equal(fake_pciback_slots(&fake_xen.pciback, env_bdf(1)), 0);
}

/* libxl does not check whether the unbind worked. */
static void an_unbind_from_pciback_that_fails_is_not_taken_for_a_release(void **state UNUSED)
{
	assert_int_equal(env_assign(0), 0);
	fake_kernel_fail(
		&fake_xen.kernel,
		(struct fake_fault){ .path = "pciback/unbind", .code = EBUSY, .forever = true });
	assert_int_equal(naive_assignable_remove(0), 0);
	assert_string_equal(env_driver(0), "pciback");

	assert_true(env_release(0) < 0);
	/* It is back in quarantine, still what it was. */
	assert_int_equal(fake_xen_device(env_bdf(0))->owner, OWNER_IO);
	assert_int_equal(env_state(0), VF_ASSIGNABLE);
}

static void the_override_of_somebody_else_is_left_alone(void **state UNUSED)
{
	fake_root_add(&fake_xen.root, "sys/bus/pci/devices/0000:05:10.0/driver_override=igbvf");
	assert_int_equal(env_assign(0), 0);
	assert_string_equal(env_driver(0), "pciback");
	assert_string_equal(env_override(0), "igbvf");
	assert_int_equal(env_release(0), 0);
	assert_string_equal(env_override(0), "igbvf");
}

static void an_override_left_by_an_older_run_is_cleared(void **state UNUSED)
{
	assert_int_equal(env_assign(0), 0);
	fake_root_add(&fake_xen.root, "sys/bus/pci/devices/0000:05:10.0/driver_override=pciback");
	assert_int_equal(env_release(0), 0);
	assert_string_equal(env_override(0), "");
}

static void without_pciback_it_says_what_to_load(void **state UNUSED)
{
	int fd = fake_xen.root.host.root.fd;

	assert_int_equal(renameat(fd, "sys/bus/pci/drivers/pciback", fd, "sys/elsewhere"), 0);
	assert_true(env_assign(0) < 0);
	assert_int_equal(env.e.status, EXIT_REFUSED);
	assert_says("driver pciback is not loaded");
	assert_fix("modprobe xen-pciback");
	assert_string_equal(env_driver(0), "igbvf");
}

static void without_an_iommu_nothing_is_touched(void **state UNUSED)
{
	fake_xen.no_iommu = true;
	assert_true(env_assign(0) < 0);
	assert_int_equal(env.e.status, EXIT_REFUSED);
	assert_says("without an IOMMU");
	assert_int_equal(fake_xen.n_calls, 0);
	assert_as_before(0);
}

static void a_vf_that_cannot_be_reset_is_refused_unless_forced(void **state UNUSED)
{
	static const char *const forced[] = { "0000:05:10.0" };

	unlinkat(fake_xen.root.host.root.fd, "sys/bus/pci/devices/0000:05:10.0/reset", 0);
	assert_true(env_assign(0) < 0);
	assert_int_equal(env.e.status, EXIT_REFUSED);
	assert_fix("--force 0000:05:10.0");
	fake_xen.root.host.forced = forced;
	fake_xen.root.host.n_forced = 1;
	assert_int_equal(env_assign(0), 0);
}

static void a_pvh_dom0_is_refused(void **state UNUSED)
{
	fake_root_add(&fake_xen.root, "sys/hypervisor/guest_type=PVH");
	assert_true(env_assign(0) < 0);
	assert_int_equal(env.e.status, EXIT_REFUSED);
	assert_says("Dom0 is PVH, where Xen does not support SR-IOV");
}

static struct problems boot_problems(void)
{
	struct problems ret = { 0 };
	struct topology none = { 0 };

	assert_int_equal(xen_backend.boot(&fake_xen.root.host, &none, NULL, &ret, NULL), 0);
	return ret;
}

/* xcp-ng/xcp #412: because of one typo, modprobe fails as the boot did. Whoever loaded the driver
 * without it can go on until the next boot. */
static void a_bad_entry_at_boot_is_named_and_not_modprobe_advised(void **state UNUSED)
{
	struct problems p;

	fake_root_add(&fake_xen.root, "proc/cmdline=ro xen-pciback.hide=(0000:82.0.0)(05:10.0)");
	p = boot_problems();
	assert_int_equal(p.n, 1);
	assert_int_equal(p.n_errors, 0);
	assert_non_null(strstr(p.v[0].err.cause, "'(0000:82.0.0)'"));
	assert_non_null(strstr(p.v[0].err.fix, "update-grub"));
	problems_done(&p);
	assert_int_equal(env_assign(0), 0);
	fake_root_add(&fake_xen.root, "proc/cmdline=ro xen-pciback.hide=(82:00.0)(05:10.0)");
	p = boot_problems();
	assert_int_equal(p.n, 0);
	problems_done(&p);
}

static void an_attached_vf_is_not_released(void **state UNUSED)
{
	fake_xen_add_domain(1, "web1", LIBXL_DOMAIN_TYPE_PV);
	assert_int_equal(env_assign(0), 0);
	assert_int_equal(env_attach("web1", 0), 0);
	assert_true(env_release(0) < 0);
	assert_int_equal(env.e.status, EXIT_REFUSED);
	assert_says("domain web1 has it");
	assert_fix("vfyard pci-detach web1 0000:05:10.0");
	assert_true(env_assign(0) < 0);
	assert_int_equal(env_state(0), VF_ATTACHED);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, env_setup, env_teardown)

static const struct CMUnitTest tests[] = {
	TEST(a_bad_entry_at_boot_is_named_and_not_modprobe_advised),
	TEST(a_vf_is_taken_from_its_driver_into_quarantine),
	TEST(xl_finds_the_driver_to_give_it_back_to),
	TEST(the_driver_that_xl_remembered_is_known),
	TEST(a_host_is_fit_with_pciback_and_an_iommu),
	TEST(assigning_twice_is_fine),
	TEST(a_name_is_given_and_kept_by_an_assign_without_one),
	TEST(release_leaves_nothing_that_pulls_it_back),
	TEST(libxl_leaves_a_vf_driverless_when_the_bind_fails),
	TEST(a_failed_override_changes_nothing),
	TEST(a_failed_bind_is_undone_to_the_last_node),
	TEST(libxl_leaves_a_vf_on_pciback_when_the_quarantine_fails),
	TEST(a_failed_quarantine_is_undone_to_the_last_node),
	TEST(every_other_failing_step_is_undone_too),
	TEST(a_store_that_cannot_be_written_is_a_failure_that_is_undone),
	TEST(what_cannot_be_undone_is_said),
	TEST(libxl_cannot_remove_a_vf_that_was_hidden_at_boot),
	TEST(a_vf_hidden_at_boot_is_quarantined_by_assign),
	TEST(libxl_cannot_bind_a_vf_while_autoprobe_is_off),
	TEST(autoprobe_off_is_no_hindrance),
	TEST(libxl_leaves_the_slot_of_a_vf_beyond_the_first_page),
	TEST(an_unbind_from_pciback_that_fails_is_not_taken_for_a_release),
	TEST(the_override_of_somebody_else_is_left_alone),
	TEST(an_override_left_by_an_older_run_is_cleared),
	TEST(without_pciback_it_says_what_to_load),
	TEST(without_an_iommu_nothing_is_touched),
	TEST(a_vf_that_cannot_be_reset_is_refused_unless_forced),
	TEST(a_pvh_dom0_is_refused),
	TEST(an_attached_vf_is_not_released),
};

TEST_MAIN(tests)
