// SPDX-License-Identifier: GPL-2.0-or-later
/* From the host to vfio-pci and off it: as a whole, or not at all. */
#include "fake_kvm.h"

static void put(const char *line)
{
	fake_root_add(&env.root, line);
}

static void assert_as_before(unsigned i)
{
	assert_string_equal(env_driver(i), "igbvf");
	assert_string_equal(env_override(i), "");
}

/* Puts @bdf into the group of VF 0. */
static void add_member(const char *bdf, const char *driver)
{
	char line[200];

	snprintf(line, sizeof(line), "sys/bus/pci/devices/%s/class=0x020000", bdf);
	put(line);
	if (driver) {
		snprintf(line, sizeof(line),
			 "sys/bus/pci/devices/%s/driver -> ../../../bus/pci/drivers/%s", bdf,
			 driver);
		put(line);
	}
	snprintf(line, sizeof(line), "sys/kernel/iommu_groups/%d/devices/%s -> x", FIRST_GROUP,
		 bdf);
	put(line);
}

static void a_vf_goes_to_vfio_by_override(void **state UNUSED)
{
	assert_int_equal(env_assign(2), 0);
	assert_string_equal(env_driver(2), "vfio-pci");
	assert_string_equal(env_override(2), "vfio-pci");
	assert_string_equal(env_driver(1), "igbvf");
	/* The override comes first, and new_id is never written. */
	assert_non_null(strstr(env.kernel.writes[0].path, "driver_override"));
	assert_non_null(strstr(env.kernel.writes[1].path, "igbvf/unbind"));
	assert_int_equal(fake_kernel_count(&env.kernel, "new_id"), 0);
}

static void a_vf_without_driver_and_autoprobe_goes_too(void **state UNUSED)
{
	put("sys/bus/pci/devices/0000:05:00.0/sriov_drivers_autoprobe=0");
	assert_int_equal(bind_unbind(&env.root.host, vf_of(env_vf(1))->bdf, &env.e), 0);
	assert_int_equal(env_assign(1), 0);
	assert_string_equal(env_driver(1), "vfio-pci");
}

static void assigning_twice_is_fine(void **state UNUSED)
{
	unsigned writes;

	assert_int_equal(env_assign(0), 0);
	writes = env.kernel.n_writes;
	assert_int_equal(env_assign(0), 0);
	assert_int_equal(env.kernel.n_writes, writes);
}

static void a_failed_bind_is_undone(void **state UNUSED)
{
	fake_kernel_fail(&env.kernel,
			 (struct fake_fault){ .path = "vfio-pci/bind", .code = ENODEV });
	assert_int_equal(env_assign(0), -ENODEV);
	assert_int_equal(env.e.status, EXIT_FAILED);
	assert_says("bind vfio-pci");
	assert_as_before(0);
}

static void a_bind_that_lies_is_found_out_and_undone(void **state UNUSED)
{
	fake_kernel_fail(&env.kernel, (struct fake_fault){ .path = "vfio-pci/bind", .code = 0 });
	assert_int_equal(env_assign(0), -EIO);
	assert_says("no driver is bound");
	assert_as_before(0);
}

static void a_failed_unbind_is_undone(void **state UNUSED)
{
	fake_kernel_fail(&env.kernel, (struct fake_fault){ .path = "igbvf/unbind", .code = EIO });
	assert_int_equal(env_assign(0), -EIO);
	assert_as_before(0);
}

static void a_failed_override_changes_nothing(void **state UNUSED)
{
	fake_kernel_fail(
		&env.kernel,
		(struct fake_fault){ .path = "driver_override", .code = EACCES, .forever = true });
	assert_int_equal(env_assign(0), -EACCES);
	assert_int_equal(env.e.status, EXIT_FAILED);
	assert_as_before(0);
	assert_int_equal(fake_kernel_count(&env.kernel, "unbind"), 0);
}

static void an_undo_that_fails_says_what_is_left(void **state UNUSED)
{
	fake_kernel_fail(&env.kernel, (struct fake_fault){ .path = "vfio-pci/bind", .code = EIO });
	fake_kernel_fail(&env.kernel, (struct fake_fault){ .path = "igbvf/bind", .code = ENOMEM });
	assert_int_equal(env_assign(0), -EIO);
	assert_int_equal(env.e.status, EXIT_LEFT);
	assert_says("left: it is not given back to igbvf");
}

static void a_vf_without_group_is_refused(void **state UNUSED)
{
	unlinkat(env.root.host.root.fd, "sys/bus/pci/devices/0000:05:10.0/iommu_group", 0);
	assert_int_equal(env_assign(0), -ENODEV);
	assert_int_equal(env.e.status, EXIT_REFUSED);
	assert_says("no IOMMU group");
	assert_as_before(0);
}

static void a_member_with_a_host_driver_is_named_with_it(void **state UNUSED)
{
	add_member("0000:05:00.1", "e1000e");
	assert_int_equal(env_assign(0), -EBUSY);
	assert_int_equal(env.e.status, EXIT_REFUSED);
	assert_says("IOMMU group 11 also has 0000:05:00.1 (e1000e)");
	assert_says("ACS");
	assert_as_before(0);
	assert_int_equal(env.kernel.n_writes, 0);
}

static void many_members_are_counted(void **state UNUSED)
{
	for (char c = '1'; c <= '7'; c++) {
		char bdf[] = "0000:09:00.0";

		bdf[11] = c;
		add_member(bdf, "nvme");
	}
	assert_int_equal(env_assign(0), -EBUSY);
	assert_says("0000:09:00.1 (nvme), 0000:09:00.2 (nvme), 0000:09:00.3 (nvme), 0000:09:00.4 "
		    "(nvme) and 3 more");
}

static void members_that_do_no_dma_are_no_obstacle(void **state UNUSED)
{
	static const char *const drivers[] = { "pcieport", "pci-stub", "vfio-pci",
					       "mlx5_vfio_pci" };

	add_member("0000:09:00.0", NULL);
	for (size_t i = 0; i < ARRAY_SIZE(drivers); i++) {
		char bdf[] = "0000:09:01.0";

		bdf[11] = (char)('0' + i);
		add_member(bdf, drivers[i]);
	}
	assert_int_equal(env_assign(0), 0);
}

/* The one without the word in its name has the directory. */
static void a_cards_own_vfio_driver_is_none_of_the_hosts(void **state UNUSED)
{
	struct bdf vf = { .bus = 5, .dev = 0x10 };

	assert_true(kvm_backend.holds(env.backend, vf, "mlx5_vfio_pci"));
	assert_false(kvm_backend.holds(env.backend, vf, "igbvf"));
	fake_root_add(&env.root, "sys/bus/pci/devices/0000:05:10.0/vfio-dev/vfio0/");
	assert_true(kvm_backend.holds(env.backend, vf, "hisi_acc"));
}

static void force_takes_it_before_its_neighbours(void **state UNUSED)
{
	add_member("0000:05:10.2", "igbvf");
	env.root.host.forced = (const char *const[]){ "net0/0" };
	env.root.host.n_forced = 1;
	assert_int_equal(env_assign(0), 0);
	assert_non_null(strstr(env_notes(), "0000:05:10.2 (igbvf)"));
	/* Nobody can get it before they are away, with or without force. */
	env.root.host.n_forced = 0;
	env.e = (struct err){ 0 };
	assert_int_equal(env_limits("web1", 0, 1), -EBUSY);
	assert_says("IOMMU group 11");
	env.e = (struct err){ 0 };
	assert_int_equal(env_attach("web1", 0), -EBUSY);
	assert_says("IOMMU group 11");
}

static void release_leaves_nothing_that_pulls_it_back(void **state UNUSED)
{
	assert_int_equal(env_assign(0), 0);
	assert_int_equal(env_release(0), 0);
	assert_string_equal(env_driver(0), "");
	assert_string_equal(env_override(0), "");
}

static void an_override_of_somebody_else_stays(void **state UNUSED)
{
	assert_int_equal(env_assign(0), 0);
	put("sys/bus/pci/devices/0000:05:10.0/driver_override=special");
	assert_int_equal(env_release(0), 0);
	assert_string_equal(env_override(0), "special");
}

static void releasing_twice_is_fine(void **state UNUSED)
{
	assert_int_equal(env_assign(0), 0);
	assert_int_equal(env_release(0), 0);
	assert_int_equal(env_release(0), 0);
}

static void a_host_drivers_vf_is_not_released(void **state UNUSED)
{
	assert_int_equal(env_release(0), -EINVAL);
	assert_int_equal(env.e.status, EXIT_REFUSED);
	assert_as_before(0);
}

static void a_vf_in_use_is_not_unbound_and_the_guest_named(void **state UNUSED)
{
	assert_int_equal(env_assign(0), 0);
	env_open(WEB1_PID, "11");
	env_reload();
	assert_int_equal(env_release(0), -EBUSY);
	assert_int_equal(env.e.status, EXIT_REFUSED);
	assert_says("web1 (pid 4242) has its IOMMU group 11 open");
	assert_says("vfyard pci-detach web1 0000:05:10.0");
	assert_string_equal(env_driver(0), "vfio-pci");
	assert_int_equal(fake_kernel_count(&env.kernel, "vfio-pci/unbind"), 0);
}

static void a_vf_of_another_program_is_not_unbound(void **state UNUSED)
{
	static const char *const args[] = { "testpmd", NULL };

	env_process(77, "testpmd", args);
	assert_int_equal(env_assign(0), 0);
	env_open(77, "11");
	env_reload();
	assert_int_equal(env_release(0), -EBUSY);
	assert_says("testpmd-77 (pid 77)");
	assert_says("end that program first");
}

/* Gives the kernel's answer to whoever opens a group; *arg counts the questions. */
static int is_busy(void *arg, const char *path)
{
	++*(unsigned *)arg;
	assert_string_equal(path, "dev/vfio/11");
	return -EBUSY;
}

static int is_free(void *arg, const char *path UNUSED)
{
	++*(unsigned *)arg;
	return 0;
}

/* A descriptor that is being sent through a socket is in nobody's /proc/PID/fd, and an unbind would
 * wait for it in the kernel, holding the host lock. */
static void a_group_that_only_the_kernel_knows_to_be_open_is_not_unbound(void **state UNUSED)
{
	unsigned asked = 0;

	env.root.host.open_arg = &asked;
	env.root.host.open_node = is_busy;
	assert_int_equal(env_assign(0), 0);
	assert_int_equal(asked, 0);
	assert_int_equal(env_release(0), -EBUSY);
	assert_says("a process that /proc does not show has its IOMMU group 11 open");
	assert_int_equal(env.e.status, EXIT_REFUSED);
	assert_int_equal(asked, 1);
	assert_string_equal(env_driver(0), "vfio-pci");
	assert_string_equal(env_override(0), "vfio-pci");
	env.root.host.open_node = is_free;
	assert_int_equal(env_release(0), 0);
	assert_int_equal(asked, 2);
	assert_string_equal(env_driver(0), "");
}

/* The same before its PF unmakes it, which waits as an unbind does. */
static int may_unmake(void)
{
	return kvm_backend.may_unmake(env.backend, env_vf(0), &env.e);
}

static void a_group_that_only_the_kernel_knows_to_be_open_is_not_unmade(void **state UNUSED)
{
	unsigned asked = 0;

	env.root.host.open_arg = &asked;
	env.root.host.open_node = is_busy;
	/* A host driver's is nobody else's. */
	assert_int_equal(may_unmake(), 0);
	assert_int_equal(asked, 0);
	assert_int_equal(env_assign(0), 0);
	assert_int_equal(may_unmake(), -EBUSY);
	assert_says("a process that /proc does not show has its IOMMU group 11 open");
	assert_int_equal(env.e.status, EXIT_REFUSED);
	assert_int_equal(asked, 1);
	env.root.host.open_node = is_free;
	assert_int_equal(may_unmake(), 0);
	assert_int_equal(asked, 2);
}

/* Opened since the last look, which is a second old at most. */
static void who_has_it_is_named_where_it_is_seen(void **state UNUSED)
{
	unsigned asked = 0;

	env.root.host.open_arg = &asked;
	env.root.host.open_node = is_busy;
	assert_int_equal(env_assign(0), 0);
	assert_int_equal(env_survey(), 0);
	env_open(WEB1_PID, "11");
	assert_int_equal(may_unmake(), -EBUSY);
	assert_says("web1 (pid 4242) has its IOMMU group 11 open");
	assert_int_equal(asked, 1);
}

/* The kernel knows of each group that is open, so nobody is looked for. What it does not know is
 * who has opened, and not used yet, a function's own node: where there are such nodes, all are
 * looked at. */
static void kernel_that_calls_a_group_free_is_believed_where_it_can_tell(void **state UNUSED)
{
	unsigned asked = 0;

	env.root.host.open_arg = &asked;
	env.root.host.open_node = is_free;
	assert_int_equal(env_assign(0), 0);
	env_open(WEB1_PID, "11");
	env_reload();
	assert_int_equal(may_unmake(), 0);
	put("dev/vfio/devices/vfio9=");
	assert_int_equal(may_unmake(), -EBUSY);
	assert_says("web1 (pid 4242) has its IOMMU group 11 open");
	assert_int_equal(asked, 2);
}

/* A device's own node, which several may open: the kernel does not say so. */
static void one_whose_own_node_is_open_is_not_unmade(void **state UNUSED)
{
	assert_int_equal(env_assign(0), 0);
	put("dev/vfio/devices/vfio0=");
	put("sys/class/vfio-dev/vfio0/device -> ../../../0000:05:10.0");
	env_open(WEB1_PID, "devices/vfio0");
	env_reload();
	assert_int_equal(may_unmake(), -EBUSY);
	assert_says("web1 (pid 4242) has it open");
}

/* What NVIDIA's driver made of it would be gone. */
static void a_vf_that_its_own_driver_gave_to_vfio_stays_there(void **state UNUSED)
{
	put("sys/bus/pci/drivers/nvidia/unbind=");
	assert_int_equal(
		unlinkat(env.root.host.root.fd, "sys/bus/pci/devices/0000:05:10.0/driver", 0), 0);
	put("sys/bus/pci/devices/0000:05:10.0/driver -> ../../../bus/pci/drivers/nvidia");
	put("sys/bus/pci/devices/0000:05:10.0/vfio-dev/vfio0/dev=1:2");
	env_reload();
	assert_int_equal(env_assign(0), 0);
	assert_true(env_release(0) < 0);
	assert_string_equal(
		env.e.cause,
		"its own driver nvidia gave it to VFIO and would lose what it set up there");
	assert_int_equal(env.e.status, EXIT_REFUSED);
	assert_string_equal(env_driver(0), "nvidia");
	assert_int_equal(env.kernel.n_writes, 0);
}

static void a_tree_is_read_only(void **state UNUSED)
{
	env.root.host.root.write = NULL;
	assert_int_equal(env_assign(0), -ENOTSUP);
	assert_says("--root");
	assert_as_before(0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, env_setup, env_teardown)

static const struct CMUnitTest tests[] = {
	TEST(a_vf_goes_to_vfio_by_override),
	TEST(a_vf_without_driver_and_autoprobe_goes_too),
	TEST(assigning_twice_is_fine),
	TEST(a_failed_bind_is_undone),
	TEST(a_bind_that_lies_is_found_out_and_undone),
	TEST(a_failed_unbind_is_undone),
	TEST(a_failed_override_changes_nothing),
	TEST(an_undo_that_fails_says_what_is_left),
	TEST(a_vf_without_group_is_refused),
	TEST(a_member_with_a_host_driver_is_named_with_it),
	TEST(many_members_are_counted),
	TEST(members_that_do_no_dma_are_no_obstacle),
	TEST(a_cards_own_vfio_driver_is_none_of_the_hosts),
	TEST(force_takes_it_before_its_neighbours),
	TEST(release_leaves_nothing_that_pulls_it_back),
	TEST(an_override_of_somebody_else_stays),
	TEST(releasing_twice_is_fine),
	TEST(a_host_drivers_vf_is_not_released),
	TEST(a_vf_in_use_is_not_unbound_and_the_guest_named),
	TEST(a_vf_of_another_program_is_not_unbound),
	TEST(a_group_that_only_the_kernel_knows_to_be_open_is_not_unbound),
	TEST(a_group_that_only_the_kernel_knows_to_be_open_is_not_unmade),
	TEST(who_has_it_is_named_where_it_is_seen),
	TEST(kernel_that_calls_a_group_free_is_believed_where_it_can_tell),
	TEST(one_whose_own_node_is_open_is_not_unmade),
	TEST(a_vf_that_its_own_driver_gave_to_vfio_stays_there),
	TEST(a_tree_is_read_only),
};

TEST_MAIN(tests)
