// SPDX-License-Identifier: GPL-2.0-or-later
/* Arm: a VF gets its IOMMU group with the first driver that is tried on it, and not before. */
#include <unistd.h>

#include "fake_kvm.h"
#include "fake_refusals.h"

#define PF "\"pf\":[{\"name\":\"net0\",\"bdf\":\"0000:05:00.0\"}]"
#define TAKE                                                                                       \
	"{\"version\":1," PF ",\"vf\":[{\"pf\":\"net0\",\"index\":\"0-1\",\"driver\":\"assign\"}]}"
#define PF_GROUP (FIRST_GROUP - 1)

static void put(const char *line)
{
	fake_root_add(&env.root, line);
}

static void drop(const char *path)
{
	assert_int_equal(unlinkat(env.root.host.root.fd, path, 0), 0);
}

/* VF 0 as it is made where its driver is not loaded. */
static void make_fresh(void)
{
	assert_int_equal(bind_unbind(&env.root.host, vf_of(env_vf(0))->bdf, &env.e), 0);
	drop("sys/bus/pci/devices/0000:05:10.0/iommu_group");
	drop("sys/kernel/iommu_groups/11/devices/0000:05:10.0");
	fake_kernel_reset(&env.kernel);
}

/* An Arm host with such a VF. */
static int setup(void **state)
{
	int r = env_setup(state);

	put("proc/cpuinfo=processor\t: 0\\nBogoMIPS\t: 2000.00\\nCPU implementer\t: 0x41");
	env.kernel.makes_groups = true;
	env.kernel.late_group = FIRST_GROUP;
	make_fresh();
	return r;
}

static struct refused_host host(void)
{
	env_reload();
	return (struct refused_host){ .host = &env.root.host,
				      .ops = &kvm_backend,
				      .backend = env.backend,
				      .dev = "net0/0",
				      .topology = TAKE };
}

static void assert_untouched(void)
{
	assert_string_equal(env_driver(0), "");
	assert_string_equal(env_override(0), "");
}

static void come_to_the_pf(void)
{
	env.kernel.late_group = PF_GROUP;
}

static void it_is_bound_first_and_looked_at_then(void **state UNUSED)
{
	struct refused_host h = host();
	char group[16];

	refused_nowhere(&h);
	refused_not_by_the_run(&h);
	assert_string_equal(env_driver(0), "vfio-pci");
	assert_string_equal(env_override(0), "vfio-pci");
	assert_int_equal(root_link_name(&env.root.host.root, group, sizeof(group),
					"sys/bus/pci/devices/%s/iommu_group", env_bdf(0)),
			 0);
	assert_string_equal(group, "11");
}

static void check_says_what_is_known_when(void **state UNUSED)
{
	struct refused_host h = host();

	topology_is_noted(&h, "the IOMMU group of 1 VF to be taken is not known yet");
	/* One that nobody takes is nobody's concern. */
	h.topology = "{\"version\":1," PF ",\"vf\":[{\"pf\":\"net0\",\"index\":\"1\","
		     "\"driver\":\"assign\"}]}";
	refused_nowhere(&h);
}

static void a_shared_group_is_undone(void **state UNUSED)
{
	struct refused_host h = host();

	come_to_the_pf();
	refused_by_the_run(&h, "IOMMU group 10 also has 0000:05:00.0 (igb)");
	assert_untouched();
	assert_int_equal(fake_kernel_count(&env.kernel, "vfio-pci/bind"), 1);
	/* From here on it is known. */
	h = host();
	topology_refused(&h, "IOMMU group 10 also has 0000:05:00.0 (igb)");
}

static void force_keeps_it(void **state UNUSED)
{
	struct refused_host h = host();

	come_to_the_pf();
	env.root.host.forced = (const char *const[]){ "net0/0" };
	env.root.host.n_forced = 1;
	h.host = &env.root.host;
	refused_not_by_the_run(&h);
	assert_string_equal(env_driver(0), "vfio-pci");
}

/* The same run takes the neighbour, too, and next. */
static void neighbours_go_together(void **state UNUSED)
{
	struct refused_host h = host();

	env.kernel.late_group = FIRST_GROUP + 1; /* VF 1 is there, with igbvf */
	refused_by_the_run(&h, "IOMMU group 12 also has 0000:05:10.2 (igbvf)");
	assert_untouched();
	drop("sys/bus/pci/devices/0000:05:10.0/iommu_group");
	drop("sys/kernel/iommu_groups/12/devices/0000:05:10.0");
	env.kernel.late_group = FIRST_GROUP + 1;
	h = host();
	h.dev = "net0/0-1";
	refused_not_by_the_run(&h);
	assert_string_equal(env_driver(0), "vfio-pci");
	assert_string_equal(env_driver(1), "vfio-pci");
}

/* VFIO's answer is the last word. */
static void one_that_no_iommu_covers_is_refused_by_the_run(void **state UNUSED)
{
	struct refused_host h = host();

	env.kernel.late_group = 0;
	refused_by_the_run(&h, "it has no IOMMU group");
	assert_untouched();
}

/* vfio.enable_unsafe_noiommu_mode=1: it has a group then, in which nothing confines it. */
static void the_stand_in_of_vfio_is_no_group(void **state UNUSED)
{
	struct refused_host h = host();

	put("sys/kernel/iommu_groups/11/name=vfio-noiommu");
	refused_by_the_run(&h, "it has no IOMMU group");
	assert_untouched();
}

static void what_had_a_driver_and_no_group_is_refused_at_once(void **state UNUSED)
{
	struct refused_host h;

	put("sys/bus/pci/devices/0000:05:10.0/driver -> ../../../bus/pci/drivers/igbvf");
	h = host();
	topology_refused(&h, "it has no IOMMU group");
}

static void without_a_group_of_the_pf_it_is_refused_at_once(void **state UNUSED)
{
	struct refused_host h;

	drop("sys/bus/pci/devices/0000:05:00.0/iommu_group");
	h = host();
	topology_refused(&h, "it has no IOMMU group");
}

/* x86 makes groups when functions appear. */
static void elsewhere_it_is_refused_as_ever(void **state UNUSED)
{
	struct refused_host h;

	put("proc/cpuinfo=vendor_id\t: AuthenticAMD");
	h = host();
	topology_refused(&h, "it has no IOMMU group");
	assert_int_equal(env_assign(0), -ENODEV);
	assert_int_equal(env.kernel.n_writes, 0);
}

static void an_undo_that_fails_says_what_is_left(void **state UNUSED)
{
	struct refused_host h = host();

	come_to_the_pf();
	fake_kernel_fail(
		&env.kernel,
		(struct fake_fault){ .path = "vfio-pci/unbind", .code = EIO, .forever = true });
	run_leaves(&h, "vfio-pci still holds it");
	assert_string_equal(env_driver(0), "vfio-pci");
}

/* The port that leaves it open, and how to shut it. */
static void with_a_device_tree_the_cure_is_the_ports_acs(void **state UNUSED)
{
	static const char cure[] = "setpci -s 0000:00:01.0 ECAP_ACS+6.w=001d";

	put("sys/bus/pci/devices/0000:00:01.0/0000:05:00.0/");
	put("sys/bus/pci/devices/0000:00:01.0/driver -> ../../../bus/pci/drivers/pcieport");
	put("sys/kernel/iommu_groups/11/devices/0000:00:01.0 -> x");
	put("sys/kernel/iommu_groups/11/devices/0000:05:00.0 -> x");
	put("sys/kernel/iommu_groups/11/devices/0000:05:10.0 -> x");
	put("sys/bus/pci/devices/0000:05:10.0/iommu_group -> ../../../kernel/iommu_groups/11");
	assert_int_equal(env_assign(0), -EBUSY);
	assert_says("IOMMU group 11 also has 0000:05:00.0 (igb)");
	assert_says(cure);
	/* ACPI comes before the ports: it is none of these then. */
	put("sys/firmware/acpi/tables/IORT=");
	env.e = (struct err){ 0 };
	assert_int_equal(env_assign(0), -EBUSY);
	assert_says("put the card behind a port with ACS");
	assert_null(strstr(env.e.fix, "setpci"));
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, env_teardown)

static const struct CMUnitTest tests[] = {
	T(it_is_bound_first_and_looked_at_then),
	T(check_says_what_is_known_when),
	T(a_shared_group_is_undone),
	T(force_keeps_it),
	T(neighbours_go_together),
	T(one_that_no_iommu_covers_is_refused_by_the_run),
	T(the_stand_in_of_vfio_is_no_group),
	T(what_had_a_driver_and_no_group_is_refused_at_once),
	T(without_a_group_of_the_pf_it_is_refused_at_once),
	T(elsewhere_it_is_refused_as_ever),
	T(an_undo_that_fails_says_what_is_left),
	T(with_a_device_tree_the_cure_is_the_ports_acs),
};

TEST_MAIN(tests)
