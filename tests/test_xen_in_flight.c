// SPDX-License-Identifier: GPL-2.0-or-later
/* Devices on their way to pciback and off it: together, cut off, and not under a guest. */
#include "fake_libxl_env.h"

#define N 3

static int start_assign(unsigned i, struct flight **f)
{
	env.e = (struct err){ 0 };
	return xen_backend.assign_start(env.backend, env_vf(i), "", f, &env.e);
}

static int start_unassign(unsigned i, struct flight **f)
{
	env.e = (struct err){ 0 };
	return xen_backend.unassign_start(env.backend, env_vf(i), f, &env.e);
}

static int go_on(struct flight *f)
{
	return xen_backend.go_on(env.backend, f, &env.e);
}

static unsigned owner(unsigned i)
{
	return fake_xen_device(env_bdf(i))->owner;
}

static void assign_all(void)
{
	for (unsigned i = 0; i < N; i++)
		assert_int_equal(env_assign(i), 0);
}

/* Off igbvf, then onto pciback, each for all of them. */
static void several_are_taken_at_once(void **state UNUSED)
{
	struct flight *f[N];

	for (unsigned i = 0; i < N; i++)
		assert_int_equal(start_assign(i, &f[i]), 1);
	for (unsigned i = 0; i < N; i++)
		assert_int_equal(go_on(f[i]), 1);
	for (unsigned i = 0; i < N; i++)
		assert_int_equal(owner(i), OWNER_DOM0);
	for (unsigned i = 0; i < N; i++)
		assert_int_equal(go_on(f[i]), 0);
	for (unsigned i = 0; i < N; i++) {
		assert_string_equal(env_driver(i), "pciback");
		assert_string_equal(env_override(i), "");
		assert_string_equal(env_node(i, "driver_path"), "/sys/bus/pci/drivers/igbvf");
		assert_int_equal(owner(i), OWNER_IO);
		assert_int_equal(env_state(i), VF_ASSIGNABLE);
	}
}

static void one_without_a_driver_waits_once(void **state UNUSED)
{
	struct flight *f;

	root_write(&fake_xen.root.host.root, "0000:05:10.0", 0, NULL,
		   "sys/bus/pci/drivers/igbvf/unbind");
	assert_int_equal(start_assign(0, &f), 1);
	assert_int_equal(go_on(f), 0);
	assert_int_equal(env_state(0), VF_ASSIGNABLE);
}

/* The reset comes before the quarantine ends. */
static void several_leave_at_once(void **state UNUSED)
{
	struct flight *f[N];

	assign_all();
	for (unsigned i = 0; i < N; i++)
		assert_int_equal(start_unassign(i, &f[i]), 1);
	for (unsigned i = 0; i < N; i++) {
		assert_string_equal(env_driver(i), "");
		assert_int_equal(owner(i), OWNER_IO);
	}
	for (unsigned i = 0; i < N; i++)
		assert_int_equal(go_on(f[i]), 0);
	for (unsigned i = 0; i < N; i++) {
		assert_int_equal(owner(i), OWNER_DOM0);
		assert_null(env_node(i, "driver_path"));
		assert_int_equal(fake_pciback_slots(&fake_xen.pciback, env_bdf(i)), 0);
		assert_int_equal(env_state(i), VF_HOST);
	}
}

static void one_of_several_that_fails_is_given_back_alone(void **state UNUSED)
{
	struct flight *f[N];

	fake_kernel_fail(&fake_xen.kernel, (struct fake_fault){ .path = "pciback/bind",
								.value = "0000:05:10.2",
								.code = EIO });
	for (unsigned i = 0; i < N; i++)
		assert_int_equal(start_assign(i, &f[i]), 1);
	for (unsigned i = 0; i < N; i++)
		assert_int_equal(go_on(f[i]), 1);
	assert_int_equal(go_on(f[0]), 0);
	assert_int_equal(go_on(f[1]), -EIO);
	assert_says("/sys/bus/pci/drivers/pciback/bind");
	assert_int_equal(env.e.status, EXIT_FAILED);
	assert_int_equal(go_on(f[2]), 0);
	assert_string_equal(env_driver(1), "igbvf");
	assert_string_equal(env_override(1), "");
	assert_null(env_node(1, "driver_path"));
	assert_int_equal(env_state(0), VF_ASSIGNABLE);
	assert_int_equal(env_state(1), VF_HOST);
	assert_int_equal(env_state(2), VF_ASSIGNABLE);
}

/* xenstore says nothing of it, so only the hypervisor knows. */
static void a_device_that_a_guest_owns_is_not_unbound(void **state UNUSED)
{
	assert_int_equal(env_assign(0), 0);
	fake_xen_device(env_bdf(0))->owner = 7;
	assert_true(env_release(0) < 0);
	assert_says("failed to quarantine");
	assert_string_equal(env_driver(0), "pciback");
}

static void one_that_cannot_leave_the_quarantine_is_on_pciback_again(void **state UNUSED)
{
	struct flight *f;

	assert_int_equal(env_assign(0), 0);
	assert_int_equal(start_unassign(0, &f), 1);
	assert_string_equal(env_driver(0), "");
	fake_xen_device(env_bdf(0))->owner = OWNER_DOM0; /* so libxl says that it is not there */
	assert_true(go_on(f) < 0);
	assert_int_equal(env.e.status, EXIT_FAILED);
	assert_string_equal(env_driver(0), "pciback");
	assert_string_equal(env_override(0), "");
	assert_int_equal(owner(0), OWNER_IO);
}

static int recover_binding(unsigned i, const char *override)
{
	env.e = (struct err){ 0 };
	return xen_backend.recover_binding(env.backend, env_vf(i), env_driver(i), override, &env.e);
}

/* Bound by the kernel, after the run that asked for it was killed. */
static void one_cut_off_before_its_quarantine_gets_there(void **state UNUSED)
{
	static struct flight *cut; /* nobody's any more */

	assert_int_equal(start_assign(0, &cut), 1);
	assert_int_equal(go_on(cut), 1);
	assert_string_equal(env_driver(0), "pciback");
	assert_string_equal(env_override(0), "pciback");
	assert_int_equal(owner(0), OWNER_DOM0);
	assert_int_equal(recover_binding(0, "igbvf"), 0);
	assert_int_equal(owner(0), OWNER_IO);
	assert_string_equal(env_override(0), "igbvf");
}

/* A driver of the host could not use it there. */
static void one_cut_off_behind_its_unbind_leaves_the_quarantine(void **state UNUSED)
{
	static struct flight *cut; /* nobody's any more */

	assert_int_equal(env_assign(0), 0);
	assert_int_equal(start_unassign(0, &cut), 1);
	assert_string_equal(env_driver(0), "");
	assert_int_equal(owner(0), OWNER_IO);
	assert_int_equal(recover_binding(0, ""), 0);
	assert_int_equal(owner(0), OWNER_DOM0);
	assert_null(env_node(0, "driver_path"));
	assert_int_equal(fake_pciback_slots(&fake_xen.pciback, env_bdf(0)), 0);
}

static void one_that_had_not_begun_needs_nothing(void **state UNUSED)
{
	assert_int_equal(env_assign(0), 0);
	assert_int_equal(recover_binding(0, ""), 0);
	assert_int_equal(owner(0), OWNER_IO);
	assert_string_equal(env_driver(0), "pciback");
}

/* Unbound by hand, it is still there. */
static void one_unbound_by_hand_is_unassigned_whole(void **state UNUSED)
{
	assert_int_equal(env_assign(0), 0);
	root_write(&fake_xen.root.host.root, "0000:05:10.0", 0, NULL,
		   "sys/bus/pci/drivers/pciback/unbind");
	assert_int_equal(owner(0), OWNER_IO);
	assert_int_equal(env_release(0), 0);
	assert_int_equal(owner(0), OWNER_DOM0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, env_setup, env_teardown)

static const struct CMUnitTest tests[] = {
	TEST(several_are_taken_at_once),
	TEST(one_without_a_driver_waits_once),
	TEST(several_leave_at_once),
	TEST(one_of_several_that_fails_is_given_back_alone),
	TEST(a_device_that_a_guest_owns_is_not_unbound),
	TEST(one_that_cannot_leave_the_quarantine_is_on_pciback_again),
	TEST(one_cut_off_before_its_quarantine_gets_there),
	TEST(one_cut_off_behind_its_unbind_leaves_the_quarantine),
	TEST(one_that_had_not_begun_needs_nothing),
	TEST(one_unbound_by_hand_is_unassigned_whole),
};

TEST_MAIN(tests)
