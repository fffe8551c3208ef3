// SPDX-License-Identifier: GPL-2.0-or-later
/* Hot unplug: done when QEMU says so, and not before. */
#include "fake_kvm.h"

static void a_vf_comes_back_assignable(void **state UNUSED)
{
	env_give(3);
	assert_int_equal(env_detach("web1", 3), 0);
	assert_false(fake_qmp_has(&env.qmp, "vf-0000-05-10.6"));
	assert_string_equal(env_driver(3), "vfio-pci");
	assert_int_equal(env_survey(), 0);
	assert_int_equal(env_state(3), VF_ASSIGNABLE);
}

static void its_port_is_free_again(void **state UNUSED)
{
	for (unsigned i = 0; i < 4; i++)
		env_give(i);
	assert_int_equal(env_detach("web1", 1), 0);
	assert_int_equal(env_assign(4), 0);
	assert_int_equal(env_attach("web1", 4), 0);
	assert_string_equal(env.qmp.devs[env.qmp.n_devs - 1].bus, "vfrp1");
	assert_int_equal(env.qmp.connections, 1);
}

static void the_same_vf_can_go_in_and_out_again(void **state UNUSED)
{
	for (unsigned i = 0; i < 3; i++) {
		if (i)
			assert_int_equal(env_attach("web1", 3), 0);
		else
			env_give(3);
		assert_int_equal(env_detach("web1", 3), 0);
	}
	/* The events of earlier devices are not taken for this one's. */
	assert_int_equal(env_attach("web1", 3), 0);
	env.qmp.guest = FAKE_GUEST_IGNORES;
	assert_int_equal(env_detach("web1", 3), -ETIMEDOUT);
}

static void a_guest_that_does_not_answer_keeps_it(void **state UNUSED)
{
	env_give(3);
	env.qmp.guest = FAKE_GUEST_IGNORES;
	assert_int_equal(env_detach("web1", 3), -ETIMEDOUT);
	assert_int_equal(env.e.status, EXIT_FAILED);
	assert_says("the guest has not released it");
	assert_says("stays attached");
	assert_int_equal(fake_qmp_count(&env.qmp, "device_del"), 2);
	assert_string_equal(env_driver(3), "vfio-pci");
	assert_int_equal(fake_kernel_count(&env.kernel, "unbind"), 1); /* igbvf's */
	assert_int_equal(env_survey(), 0);
	assert_int_equal(env_state(3), VF_ATTACHED);
}

static void a_later_run_tells_the_truth(void **state UNUSED)
{
	env_give(3);
	env.qmp.guest = FAKE_GUEST_IGNORES;
	assert_int_equal(env_detach("web1", 3), -ETIMEDOUT);
	env_reload();
	env.qmp.guest = FAKE_GUEST_OBEYS;
	assert_int_equal(env_detach("web1", 3), 0);
}

static void a_request_is_repeated_once(void **state UNUSED)
{
	env_give(3);
	env.qmp.guest = FAKE_GUEST_SECOND;
	assert_int_equal(env_detach("web1", 3), 0);
	assert_int_equal(fake_qmp_count(&env.qmp, "device_del"), 2);
}

static void a_lost_event_does_not_matter(void **state UNUSED)
{
	env_give(3);
	env.qmp.guest = FAKE_GUEST_QUIET;
	assert_int_equal(env_detach("web1", 3), 0);
	assert_int_equal(fake_qmp_count(&env.qmp, "device_del"), 1);
}

static void an_event_is_known_by_its_path(void **state UNUSED)
{
	env_give(3);
	env.qmp.event_by_path = true;
	assert_int_equal(env_detach("web1", 3), 0);
}

static void the_event_of_another_device_is_not_ours(void **state UNUSED)
{
	env_give(3);
	env.qmp.event_of_others = true;
	assert_int_equal(env_detach("web1", 3), 0);
	assert_false(fake_qmp_has(&env.qmp, "vf-0000-05-10.6"));
}

static void a_device_without_id_goes_by_its_path(void **state UNUSED)
{
	assert_int_equal(env_assign(3), 0);
	fake_qmp_add(&env.qmp, &(struct fake_qmp_device){ .type = "vfio-pci",
							  .bus = "vfrp0",
							  .host = "0000:05:10.6" });
	env_open(WEB1_PID, "14");
	assert_int_equal(env_detach("web1", 3), 0);
	assert_int_equal(env.qmp.n_devs, 4);
}

static void a_segment_that_host_cannot_say_is_read_from_sysfs(void **state UNUSED)
{
	assert_int_equal(env_assign(3), 0);
	fake_qmp_add(&env.qmp,
		     &(struct fake_qmp_device){ .id = "vmd",
						.type = "vfio-pci",
						.bus = "vfrp0",
						.host = "ffff:ff:ff.f",
						.sysfsdev = "/sys/bus/pci/devices/0000:05:10.6" });
	assert_int_equal(env_detach("web1", 3), 0);
}

static void force_is_refused(void **state UNUSED)
{
	struct domain d;

	env_give(3);
	assert_int_equal(kvm_backend.domain_find(env.backend, "web1", &d, &env.e), 0);
	assert_int_equal(kvm_backend.detach(env.backend, &d, env_vf(3), true, &env.e), -ENOTSUP);
	assert_int_equal(env.e.status, EXIT_REFUSED);
	assert_says("by force");
	assert_int_equal(fake_qmp_count(&env.qmp, "device_del"), 0);
}

static void a_vf_that_is_not_there_is_refused(void **state UNUSED)
{
	env_give(3);
	assert_int_equal(env_detach("web1", 4), -ENOENT);
	assert_int_equal(env.e.status, EXIT_REFUSED);
	assert_says("domain web1 does not have it");
	assert_int_equal(fake_qmp_count(&env.qmp, "device_del"), 0);
}

static void what_is_another_function_by_now_is_not_taken_out(void **state UNUSED)
{
	env_give(3);
	snprintf(env.qmp.devs[4].host, 64, "0000:05:11.4");
	assert_int_equal(env_detach("web1", 3), -ESTALE);
	assert_int_equal(fake_qmp_count(&env.qmp, "device_del"), 0);
}

static void what_the_guest_let_go_meanwhile_is_out(void **state UNUSED)
{
	env_give(3);
	env.qmp.n_devs--;
	env_close(WEB1_PID, "14");
	assert_int_equal(env_detach("web1", 3), 0);
}

static void refusals_of_qemu_are_shown(void **state UNUSED)
{
	env_give(3);
	fake_qmp_fail(
		&env.qmp,
		(struct fake_qmp_rule){
			.command = "device_del",
			.act = FAKE_QMP_ERROR,
			.class = "GenericError",
			.text = "Hot-unplug failed: unsupported by the port device 'vfrp0'" });
	assert_int_equal(env_detach("web1", 3), -EREMOTEIO);
	assert_says("unsupported by the port device");
	assert_says("hot plug of that port is off");
}

static void silence_of_qemu_is_not_the_guests(void **state UNUSED)
{
	env_give(3);
	fake_qmp_fail(&env.qmp,
		      (struct fake_qmp_rule){ .command = "device_del", .act = FAKE_QMP_SILENT });
	assert_int_equal(env_detach("web1", 3), -ETIMEDOUT);
	assert_says("QEMU did not answer device_del");
}

static void a_qemu_that_ends_is_an_error(void **state UNUSED)
{
	env_give(3);
	fake_qmp_fail(&env.qmp,
		      (struct fake_qmp_rule){ .command = "device_del", .act = FAKE_QMP_HANGUP });
	assert_int_equal(env_detach("web1", 3), -EPIPE);
}

static void a_group_that_stays_open_is_reported(void **state UNUSED)
{
	env_give(3);
	env.qmp.changed = NULL;
	assert_int_equal(env_detach("web1", 3), -ETIMEDOUT);
	assert_says("still has its IOMMU group 14 open");
	assert_int_equal(env_survey(), 0);
	assert_int_equal(env_state(3), VF_ATTACHED);
}

static void a_group_open_for_its_neighbour_is_fine(void **state UNUSED)
{
	env_give(3);
	unlinkat(env.root.host.root.fd, "sys/bus/pci/devices/0000:05:11.0/iommu_group", 0);
	fake_root_add(&env.root, "sys/bus/pci/devices/0000:05:11.0/iommu_group -> "
				 "../../../kernel/iommu_groups/14");
	fake_root_add(&env.root, "sys/kernel/iommu_groups/14/devices/0000:05:11.0 -> x");
	assert_int_equal(env_assign(4), -EBUSY); /* its group is in a guest */
	env_close(WEB1_PID, "14");
	env_reload();
	assert_int_equal(env_assign(4), 0);
	assert_int_equal(env_attach("web1", 4), 0);
	env_open(WEB1_PID, "14");
	env.qmp.changed = NULL;
	assert_int_equal(env_detach("web1", 3), 0);
}

static void another_program_does_not_let_go_by_qmp(void **state UNUSED)
{
	static const char *const args[] = { "testpmd", NULL };

	env_process(77, "testpmd", args);
	assert_int_equal(env_assign(3), 0);
	env_open(77, "14");
	assert_int_equal(env_survey(), 0);
	assert_int_equal(env_detach("testpmd-77", 3), -ENOTSUP);
	assert_int_equal(env.e.status, EXIT_REFUSED);
	assert_says("is not QEMU");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, env_setup, env_teardown)

static const struct CMUnitTest tests[] = {
	TEST(a_vf_comes_back_assignable),
	TEST(its_port_is_free_again),
	TEST(the_same_vf_can_go_in_and_out_again),
	TEST(a_guest_that_does_not_answer_keeps_it),
	TEST(a_later_run_tells_the_truth),
	TEST(a_request_is_repeated_once),
	TEST(a_lost_event_does_not_matter),
	TEST(an_event_is_known_by_its_path),
	TEST(the_event_of_another_device_is_not_ours),
	TEST(a_device_without_id_goes_by_its_path),
	TEST(a_segment_that_host_cannot_say_is_read_from_sysfs),
	TEST(force_is_refused),
	TEST(a_vf_that_is_not_there_is_refused),
	TEST(what_is_another_function_by_now_is_not_taken_out),
	TEST(what_the_guest_let_go_meanwhile_is_out),
	TEST(refusals_of_qemu_are_shown),
	TEST(silence_of_qemu_is_not_the_guests),
	TEST(a_qemu_that_ends_is_an_error),
	TEST(a_group_that_stays_open_is_reported),
	TEST(a_group_open_for_its_neighbour_is_fine),
	TEST(another_program_does_not_let_go_by_qmp),
};

TEST_MAIN(tests)
