// SPDX-License-Identifier: GPL-2.0-or-later
/* Whether this is a KVM host, and who has which VF. */
#include "fake_kvm.h"

#include <fcntl.h>
#include <sys/stat.h>

static void drop(const char *path)
{
	unlinkat(env.root.host.root.fd, path, 0);
	unlinkat(env.root.host.root.fd, path, AT_REMOVEDIR);
}

static void put(const char *line)
{
	fake_root_add(&env.root, line);
}

static int probe(void)
{
	env.e = (struct err){ 0 };
	return kvm_hypervisor.probe(&env.root.host, &env.e);
}

static void a_host_with_groups_and_kvm_is_one(void **state UNUSED)
{
	assert_int_equal(probe(), 0);
}

static void it_is_one_before_the_driver_is_loaded(void **state UNUSED)
{
	drop("sys/bus/pci/drivers/vfio-pci/bind");
	drop("sys/bus/pci/drivers/vfio-pci/unbind");
	drop("sys/bus/pci/drivers/vfio-pci");
	assert_int_equal(probe(), 0);
	assert_int_equal(env_survey(), 0);
	assert_string_equal(env.inv->hypervisor, "kvm");
	assert_int_equal(env_assign(0), -ENODEV);
	assert_says("modprobe vfio-pci");
	assert_string_equal(env_driver(0), "igbvf");
}

static void a_xen_host_is_not(void **state UNUSED)
{
	put("sys/hypervisor/type=xen");
	assert_int_equal(probe(), -ENODEV);
	assert_says("runs on Xen");
}

static void a_host_with_driver_and_without_kvm_is_one(void **state UNUSED)
{
	drop("dev/kvm");
	assert_int_equal(probe(), 0);
}

static void nothing_loaded_is_not(void **state UNUSED)
{
	drop("dev/kvm");
	drop("sys/bus/pci/drivers/vfio-pci/bind");
	drop("sys/bus/pci/drivers/vfio-pci/unbind");
	drop("sys/bus/pci/drivers/vfio-pci");
	assert_int_equal(probe(), -ENODEV);
	assert_says("modprobe vfio-pci");
}

/* The advice is for this machine: no intel_iommu= for AMD and Arm. */
static void no_iommu_is_said_with_its_switch(void **state UNUSED)
{
	static const struct {
		const char *cpu, *cmdline, *says;
	} hosts[] = {
		{ "vendor_id\t: GenuineIntel", "ro quiet", "boot with intel_iommu=on" },
		{ "vendor_id\t: GenuineIntel", "intel_iommu=off ro",
		  "boot without intel_iommu=off" },
		{ "vendor_id\t: AuthenticAMD", "ro quiet", "the kernel then uses it by itself" },
		{ "vendor_id\t: AuthenticAMD", "ro amd_iommu=off", "boot without amd_iommu=off" },
		{ "vendor_id\t: AuthenticAMD", "iommu=off", "boot without iommu=off" },
		{ "", "ro quiet", "with an Intel CPU also" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(hosts); i++) {
		struct fake_root bare;
		char cpu[64], line[64];

		snprintf(cpu, sizeof(cpu), "proc/cpuinfo=%s", hosts[i].cpu);
		snprintf(line, sizeof(line), "proc/cmdline=%s", hosts[i].cmdline);
		fake_root_init(&bare, (const char *const[]){ "dev/kvm=", "sys/kernel/iommu_groups/",
							     cpu, line, NULL });
		env.e = (struct err){ 0 };
		assert_int_equal(kvm_hypervisor.probe(&bare.host, &env.e), -ENODEV);
		assert_says(hosts[i].says);
		if (strstr(hosts[i].cpu, "AMD") || strstr(hosts[i].cpu, "implementer"))
			assert_null(strstr(env.e.fix, "intel"));
		fake_root_done(&bare);
	}
}

/* Where the kernel looks for the SMMU, and no word of Intel's. */
static void on_arm_no_iommu_is_said_with_its_table(void **state UNUSED)
{
	static const struct {
		const char *acpi, *iort, *says;
	} hosts[] = {
		{ "sys/firmware/", "sys/firmware/", "the device tree names no SMMU for PCI" },
		{ "sys/firmware/acpi/tables/FACP=", "sys/firmware/", "no IORT table" },
		{ "sys/firmware/acpi/tables/FACP=", "sys/firmware/acpi/tables/IORT=",
		  "IORT table gives PCI no SMMU" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(hosts); i++) {
		struct fake_root bare;

		fake_root_init(&bare, (const char *const[]){ "dev/kvm=", "sys/kernel/iommu_groups/",
							     "proc/cpuinfo=CPU implementer\t: 0x41",
							     hosts[i].acpi, hosts[i].iort, NULL });
		env.e = (struct err){ 0 };
		assert_int_equal(kvm_hypervisor.probe(&bare.host, &env.e), -ENODEV);
		assert_says(hosts[i].says);
		assert_null(strstr(env.e.fix, "VT-d"));
		assert_null(strstr(env.e.fix, "intel"));
		fake_root_done(&bare);
	}
}

/* One topology may be for hosts of both kinds, so this is a note of check. */
static void a_machine_that_the_host_cannot_run_is_named(void **state UNUSED)
{
	static const struct {
		const char *cpu, *machine, *says, *fix;
	} hosts[] = {
		{ "CPU implementer\t: 0x41", "q35", "this host is an Arm machine", "takes virt" },
		{ "CPU implementer\t: 0x41", "virt", NULL, NULL },
		{ "vendor_id\t: GenuineIntel", "virt", "this host is no Arm machine", "takes q35" },
		{ "vendor_id\t: GenuineIntel", "q35", NULL, NULL },
		{ "vendor_id\t: GenuineIntel", NULL, NULL, NULL },
		{ NULL, "virt", NULL, NULL },
	};

	for (size_t i = 0; i < ARRAY_SIZE(hosts); i++) {
		char machine[8], line[64];
		struct topo_domain d = { .machine = hosts[i].machine ? machine : NULL };
		struct fake_root bare;

		snprintf(machine, sizeof(machine), "%s", hosts[i].machine ? hosts[i].machine : "");
		snprintf(line, sizeof(line), "proc/%s%s", hosts[i].cpu ? "cpuinfo=" : "",
			 hosts[i].cpu ? hosts[i].cpu : "");
		fake_root_init(&bare, (const char *const[]){ line, NULL });
		env.e = (struct err){ 0 };
		assert_int_equal(kvm_backend.check_machine(&bare.host, &d, &env.e),
				 hosts[i].says ? -ENOTSUP : 0);
		if (hosts[i].says) {
			assert_says(hosts[i].says);
			assert_non_null(strstr(env.e.fix, hosts[i].fix));
		}
		fake_root_done(&bare);
	}
}

/* Hundreds of CPUs have more than is read. */
static void the_first_cpu_is_enough(void **state UNUSED)
{
	char line[3 * HOST_CPU_MAX] = "proc/cpuinfo=vendor_id\t: GenuineIntel\\n";
	struct fake_root bare;

	for (size_t n = strlen(line); n + 2 < sizeof(line); n++)
		memcpy(line + n, "x", 2);
	fake_root_init(&bare, (const char *const[]){ "dev/kvm=", "sys/kernel/iommu_groups/", line,
						     "proc/cmdline=ro quiet", NULL });
	assert_int_equal(kvm_hypervisor.probe(&bare.host, &env.e), -ENODEV);
	assert_says("switch VT-d on in the firmware, and boot with intel_iommu=on");
	fake_root_done(&bare);
}

static void a_pf_on_vfio_pci_is_told_the_way_back(void **state UNUSED)
{
	const struct bdf pf = { .bus = 7 };
	const struct host *h = &env.root.host;

	assert_int_equal(kvm_backend.pf_held(h, pf, &env.e), -EBUSY);
	assert_int_equal(env.e.status, EXIT_REFUSED);
	assert_says("held by vfio-pci");
	assert_string_equal(env.e.fix, "when no program or guest uses it, give it back, run: "
				       "vfyard pci-assignable-remove -r 0000:07:00.0");
	fake_root_add(&env.root, "sys/module/vfio_pci/parameters/enable_sriov=N");
	assert_int_equal(kvm_backend.pf_held(h, pf, &env.e), -EBUSY);
	fake_root_add(&env.root, "sys/module/vfio_pci/parameters/enable_sriov=Y");
	assert_int_equal(kvm_backend.pf_held(h, pf, &env.e), 0);
}

/* On a host with neither, Xen is mentioned only when there is some of it. */
static void the_likelier_hypervisor_says_why_not(void **state UNUSED)
{
	struct fake_root bare;

	fake_root_init(&bare,
		       (const char *const[]){ "dev/kvm=", "sys/kernel/iommu_groups/", NULL });
	assert_string_equal(backend_why_none(&bare.host, &env.e), "kvm");
	assert_says("the kernel uses no IOMMU");
	fake_root_done(&bare);
	assert_null(backend_why_none(&env.root.host, &env.e));
}

static void auto_chooses_it_where_xen_is_not(void **state UNUSED)
{
	const struct backend_ops *ops = NULL;

	assert_int_equal(backend_choose(&ops, &env.root.host, "auto", &env.e), 0);
	assert_string_equal(ops->name, "kvm");
	assert_int_equal(backend_choose(&ops, &env.root.host, "kvm", &env.e), 0);
	put("sys/hypervisor/type=xen");
	assert_int_equal(backend_choose(&ops, &env.root.host, "kvm", &env.e), -ENODEV);
}

static void a_vf_of_the_host_stays_so(void **state UNUSED)
{
	assert_int_equal(env_survey(), 0);
	assert_int_equal(env_state(0), VF_HOST);
	assert_null(vf_of(env_vf(0))->domain);
}

static void a_vf_with_the_driver_and_no_user_is_assignable(void **state UNUSED)
{
	assert_int_equal(env_assign(3), 0);
	assert_int_equal(env_survey(), 0);
	assert_int_equal(env_state(3), VF_ASSIGNABLE);
	assert_int_equal(env_state(2), VF_HOST);
}

static void a_vf_whose_group_a_guest_has_open_is_attached(void **state UNUSED)
{
	assert_int_equal(env_assign(3), 0);
	env_open(WEB1_PID, "14");
	assert_int_equal(env_survey(), 0);
	assert_int_equal(env_state(3), VF_ATTACHED);
	assert_string_equal(vf_of(env_vf(3))->domain, "web1");
	assert_int_equal(env.qmp.connections, 0); /* it was not asked, because the group has one
						   * member */
}

static void a_program_that_is_not_qemu_is_named_with_its_pid(void **state UNUSED)
{
	static const char *const args[] = { "/usr/bin/dpdk-testpmd", NULL };

	assert_int_equal(env_assign(3), 0);
	env_process(77, "dpdk testpmd", args);
	env_open(77, "14");
	assert_int_equal(env_survey(), 0);
	assert_int_equal(env_state(3), VF_ATTACHED);
	assert_string_equal(vf_of(env_vf(3))->domain, "dpdk_testpmd-77");
}

static void a_qemu_without_name_is_called_by_its_pid(void **state UNUSED)
{
	static const char *const args[] = { "qemu-system-x86_64", NULL };

	assert_int_equal(env_assign(3), 0);
	env_process(78, "qemu-system-x86", args);
	env_open(78, "14");
	assert_int_equal(env_survey(), 0);
	assert_string_equal(vf_of(env_vf(3))->domain, "qemu-system-x86-78");
}

static void of_two_that_share_a_descriptor_the_qemu_is_named(void **state UNUSED)
{
	static const char *const args[] = { "helper", NULL };

	assert_int_equal(env_assign(3), 0);
	env_process(12, "helper", args);
	env_open(12, "14");
	env_open(WEB1_PID, "14");
	assert_int_equal(env_survey(), 0);
	assert_string_equal(vf_of(env_vf(3))->domain, "web1");
}

static void two_guests_of_one_name_are_told_apart(void **state UNUSED)
{
	static const char *const args[] = { "qemu-kvm", "-name", "web1", NULL };

	assert_int_equal(env_assign(3), 0);
	env_process(79, "qemu-kvm", args);
	env_open(79, "14");
	assert_int_equal(env_survey(), 0);
	assert_string_equal(vf_of(env_vf(3))->domain, "web1-79");
}

static void a_device_node_of_its_own_counts_too(void **state UNUSED)
{
	put("dev/vfio/devices/vfio5=");
	put("sys/class/vfio-dev/vfio5/device -> ../../../0000:05:10.6");
	assert_int_equal(env_assign(3), 0);
	assert_int_equal(env_assign(4), 0);
	env_open(WEB1_PID, "devices/vfio5");
	assert_int_equal(env_survey(), 0);
	assert_int_equal(env_state(3), VF_ATTACHED);
	assert_int_equal(env_state(4), VF_ASSIGNABLE);
}

static void a_vendors_own_driver_counts_as_assignable(void **state UNUSED)
{
	put("sys/bus/pci/drivers/special_pci/bind=");
	drop("sys/bus/pci/devices/0000:05:10.6/driver");
	put("sys/bus/pci/devices/0000:05:10.6/driver -> ../../../bus/pci/drivers/special_pci");
	put("sys/bus/pci/devices/0000:05:10.6/vfio-dev/vfio5/dev=1:2");
	assert_int_equal(env_survey(), 0);
	assert_int_equal(env_state(3), VF_ASSIGNABLE);
	assert_int_equal(env_assign(3), 0);
	assert_string_equal(env_driver(3), "special_pci");
}

static void a_driver_may_give_only_some_of_its_vfs_to_vfio(void **state UNUSED)
{
	static const char *const vfs[] = { "0000:05:10.0", "0000:05:10.2", "0000:05:10.4",
					   "0000:05:10.6" };
	char line[128];

	put("sys/bus/pci/drivers/nvidia/bind=");
	for (size_t i = 0; i < ARRAY_SIZE(vfs); i++) {
		snprintf(line, sizeof(line), "sys/bus/pci/devices/%s/driver", vfs[i]);
		drop(line);
		snprintf(line, sizeof(line),
			 "sys/bus/pci/devices/%s/driver -> ../../../bus/pci/drivers/nvidia",
			 vfs[i]);
		put(line);
	}
	put("sys/bus/pci/devices/0000:05:10.2/vfio-dev/vfio5/dev=1:2");
	assert_int_equal(env_survey(), 0);
	for (unsigned i = 0; i < 4; i++)
		assert_int_equal(env_state(i), i == 1 ? VF_ASSIGNABLE : VF_HOST);
	put("sys/bus/pci/devices/0000:05:10.0/vfio-dev/vfio6/dev=1:3");
	assert_int_equal(env_survey(), 0);
	for (unsigned i = 0; i < 4; i++)
		assert_int_equal(env_state(i), i < 2 ? VF_ASSIGNABLE : VF_HOST);
}

static void a_host_driver_under_an_open_group_is_broken(void **state UNUSED)
{
	env_open(WEB1_PID, "14");
	assert_int_equal(env_survey(), 0);
	assert_int_equal(env_state(3), VF_BROKEN);
	assert_non_null(strstr(vf_of(env_vf(3))->why, "a host driver holds it"));
}

/* Puts VFs 3 and 4 into group 14. */
static void share_group(void)
{
	drop("sys/bus/pci/devices/0000:05:11.0/iommu_group");
	put("sys/bus/pci/devices/0000:05:11.0/iommu_group -> ../../../kernel/iommu_groups/14");
	put("sys/kernel/iommu_groups/14/devices/0000:05:11.0 -> ../../../../bus/pci/devices/"
	    "0000:05:11.0");
	env.root.host.forced = (const char *const[]){ "0000:05:10.6" };
	env.root.host.n_forced = 1;
	env_reload();
	assert_int_equal(env_assign(3), 0);
	assert_int_equal(env_assign(4), 0);
	env.root.host.n_forced = 0;
}

static void of_a_shared_group_the_guest_has_what_qemu_says(void **state UNUSED)
{
	share_group();
	fake_qmp_add(&env.qmp, &(struct fake_qmp_device){ .id = "a",
							  .type = "vfio-pci",
							  .bus = "vfrp0",
							  .host = "0000:05:11.0" });
	env_open(WEB1_PID, "14");
	assert_int_equal(env_survey(), 0);
	assert_int_equal(env_state(4), VF_ATTACHED);
	assert_int_equal(env_state(3), VF_ASSIGNABLE);
	assert_int_equal(env.qmp.connections, 1);
}

static void of_a_shared_group_all_count_when_nobody_can_tell(void **state UNUSED)
{
	share_group();
	fake_qmp_fail(&env.qmp, (struct fake_qmp_rule){ .command = "greeting",
							.act = FAKE_QMP_RAW,
							.text = "no",
							.forever = true });
	env_open(WEB1_PID, "14");
	assert_int_equal(env_survey(), 0);
	assert_int_equal(env_state(3), VF_ATTACHED);
	assert_int_equal(env_state(4), VF_ATTACHED);
	assert_non_null(strstr(env_notes(), "which of them it uses is not known"));
	assert_int_equal(env.qmp.connections, 1); /* it was asked once, not for each VF */
}

static void what_a_guest_was_started_with_needs_no_question(void **state UNUSED)
{
	static const char *const args[] = {
		"qemu-kvm", "-name", "db1", "-device", "vfio-pci,host=05:10.6", NULL
	};

	share_group();
	env_process(90, "qemu-kvm", args);
	env_open(90, "14");
	assert_int_equal(env_survey(), 0);
	assert_int_equal(env_state(3), VF_ATTACHED);
}

static void without_root_what_is_hidden_is_not_guessed(void **state UNUSED)
{
	char path[128];
	bool is_root = geteuid() == 0;
	int r;

	assert_int_equal(env_assign(3), 0);
	snprintf(path, sizeof(path), "%s/proc/%u/fd", env.root.dir, WEB1_PID);
	assert_int_equal(chmod(env.root.dir, 0755), 0);
	assert_int_equal(chmod(path, 0), 0);
	if (is_root)
		assert_int_equal(seteuid(65534), 0);
	r = env_survey();
	if (is_root)
		assert_int_equal(seteuid(0), 0);
	assert_int_equal(r, -EACCES);
	assert_says("run as root");
	assert_int_equal(chmod(path, 0755), 0);
}

static void a_process_that_ends_meanwhile_is_none(void **state UNUSED)
{
	put("proc/99/"); /* no fd, no cmdline */
	put("proc/self -> 99");
	assert_int_equal(env_assign(3), 0);
	env_open(WEB1_PID, "14");
	assert_int_equal(env_survey(), 0);
	assert_int_equal(env_state(3), VF_ATTACHED);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, env_setup, env_teardown)

static const struct CMUnitTest tests[] = {
	TEST(a_host_with_groups_and_kvm_is_one),
	TEST(it_is_one_before_the_driver_is_loaded),
	TEST(a_xen_host_is_not),
	TEST(a_host_with_driver_and_without_kvm_is_one),
	TEST(nothing_loaded_is_not),
	TEST(no_iommu_is_said_with_its_switch),
	TEST(on_arm_no_iommu_is_said_with_its_table),
	TEST(a_machine_that_the_host_cannot_run_is_named),
	TEST(the_first_cpu_is_enough),
	TEST(a_pf_on_vfio_pci_is_told_the_way_back),
	TEST(the_likelier_hypervisor_says_why_not),
	TEST(auto_chooses_it_where_xen_is_not),
	TEST(a_vf_of_the_host_stays_so),
	TEST(a_vf_with_the_driver_and_no_user_is_assignable),
	TEST(a_vf_whose_group_a_guest_has_open_is_attached),
	TEST(a_program_that_is_not_qemu_is_named_with_its_pid),
	TEST(a_qemu_without_name_is_called_by_its_pid),
	TEST(of_two_that_share_a_descriptor_the_qemu_is_named),
	TEST(two_guests_of_one_name_are_told_apart),
	TEST(a_device_node_of_its_own_counts_too),
	TEST(a_vendors_own_driver_counts_as_assignable),
	TEST(a_driver_may_give_only_some_of_its_vfs_to_vfio),
	TEST(a_host_driver_under_an_open_group_is_broken),
	TEST(of_a_shared_group_the_guest_has_what_qemu_says),
	TEST(of_a_shared_group_all_count_when_nobody_can_tell),
	TEST(what_a_guest_was_started_with_needs_no_question),
	TEST(without_root_what_is_hidden_is_not_guessed),
	TEST(a_process_that_ends_meanwhile_is_none),
};

TEST_MAIN(tests)
