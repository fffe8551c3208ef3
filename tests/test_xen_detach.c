// SPDX-License-Identifier: GPL-2.0-or-later
/* Out of a domain: only with proof that it is in, and done only when it is verified to be out. */
#include "fake_libxl_env.h"

static struct fake_domain *web1, *web2, *win;

static int setup(void **state)
{
	int r = env_setup(state);

	web1 = fake_xen_add_domain(1, "web1", LIBXL_DOMAIN_TYPE_PV);
	web2 = fake_xen_add_domain(2, "web2", LIBXL_DOMAIN_TYPE_PV);
	win = fake_xen_add_domain(3, "win", LIBXL_DOMAIN_TYPE_HVM);
	for (unsigned i = 0; i < 4; i++)
		assert_int_equal(env_assign(i), 0);
	assert_int_equal(env_attach("web1", 0), 0);
	assert_int_equal(env_attach("web1", 1), 0);
	assert_int_equal(env_attach("win", 2), 0);
	fake_xen.calls[0] = '\0';
	return r;
}

static void a_vf_comes_back_assignable(void **state UNUSED)
{
	assert_int_equal(env_detach("web1", 0, false), 0);
	assert_null(env_node(0, "domid"));
	assert_int_equal(fake_xen_device(env_bdf(0))->owner, OWNER_IO);
	assert_int_equal(env_state(0), VF_ASSIGNABLE);
	assert_int_equal(env_state(1), VF_ATTACHED);
	/* The one that moved down is found, too. */
	assert_int_equal(env_detach("web1", 1, false), 0);
	assert_int_equal(env_state(1), VF_ASSIGNABLE);
	assert_null(fake_xs_get("/local/domain/0/backend/pci/1/0/num_devs"));
}

/* Trap 2. */
static void libxl_forced_detach_resets_a_device_of_another_domain(void **state UNUSED)
{
	assert_int_equal(naive_detach(2, 0, true), 0); /* "success" */
	assert_true(fake_xen_device(env_bdf(0))->reset_of_a_guest);
	assert_null(env_node(0, "domid"));
	assert_int_equal(fake_xen_device(env_bdf(0))->owner, 1);
}

static void a_forced_detach_from_the_wrong_domain_is_refused(void **state UNUSED)
{
	assert_true(env_detach("web2", 0, true) < 0);
	assert_int_equal(env.e.status, EXIT_REFUSED);
	assert_says("domain web2 does not have it");
	assert_fix("it is in domain web1");
	assert_string_equal(fake_xen.calls, "");
	assert_string_equal(env_node(0, "domid"), "1");
	assert_false(fake_xen_device(env_bdf(0))->reset_of_a_guest);
}

static void a_forced_detach_of_a_free_vf_is_refused(void **state UNUSED)
{
	assert_true(env_detach("web1", 3, true) < 0);
	assert_int_equal(env.e.status, EXIT_REFUSED);
	assert_string_equal(fake_xen.calls, "");
}

static void a_domain_that_does_not_exist_has_nothing(void **state UNUSED)
{
	assert_int_equal(naive_detach(4711, 0, true), 0); /* libxl: "success" */
	assert_true(fake_xen_device(env_bdf(0))->reset_of_a_guest);
	assert_int_equal(env_detach("4711", 0, true), -ESRCH);
}

/* Traps 3 and 4: libxl resets and de-assigns first, then asks the frontend, and loses its
 * answer. */
static void libxl_reports_success_for_a_detach_that_timed_out(void **state UNUSED)
{
	fake_xs_set("7", "/local/domain/0/backend/pci/1/0/state");
	assert_int_equal(naive_detach(1, 0, false), 0);
	assert_int_equal(fake_xen_device(env_bdf(0))->owner, OWNER_IO);
	assert_string_equal(fake_xs_get("/local/domain/0/backend/pci/1/0/dev-0"), "0000:05:10.0");
	assert_null(env_node(0, "domid"));
}

/* Trap 4. */
static void a_guest_that_does_not_answer_keeps_its_vf_untouched(void **state UNUSED)
{
	unsigned resets = fake_xen_device(env_bdf(0))->resets;

	fake_xs_set("7", "/local/domain/0/backend/pci/1/0/state");
	assert_int_equal(env_detach("web1", 0, false), -ETIMEDOUT);
	assert_int_equal(env.e.status, EXIT_REFUSED);
	assert_says("frontend does not answer, and its backend is reconfiguring (7)");
	assert_string_equal(fake_xen.calls, "");
	assert_int_equal(fake_xen_device(env_bdf(0))->resets, resets);
	assert_int_equal(fake_xen_device(env_bdf(0))->owner, 1);
	assert_int_equal(env_state(0), VF_ATTACHED);
}

/* Trap 3. */
static void a_guest_that_stops_answering_in_the_middle_is_not_called_done(void **state UNUSED)
{
	web1->no_frontend = true; /* connected, but deaf from now on */
	assert_int_equal(env_detach("web1", 0, false), -ETIMEDOUT);
	assert_int_equal(env.e.status, EXIT_LEFT);
	assert_says("the guest does not let go of it; left: it is out of the guest's reach");
	assert_says("in the PCI backend of domain web1, which is reconfiguring (7)");
	/* It is claimed again, so nobody gives it to another domain while web1's backend lists
	 * it. */
	assert_string_equal(env_node(0, "domid"), "1");
	assert_int_equal(env_state(0), VF_ATTACHED);
}

/* The guest lets go after libxl has stopped waiting, and is connected again. */
static void answer_late(void)
{
	web1->no_frontend = false;
	fake_xen_run_backend(web1);
	assert_int_equal(fake_xs_number(0, "/local/domain/0/backend/pci/1/0/state"), 4);
}

static void libxl_wedges_the_backend_when_asked_again_after_a_time_out(void **state UNUSED)
{
	web1->no_frontend = true;
	assert_int_equal(naive_detach(1, 0, false), 0);
	answer_late();
	assert_int_equal(naive_detach(1, 0, false), 0);
	assert_int_equal(fake_xs_number(0, "/local/domain/0/backend/pci/1/0/state"), 7);
	assert_string_equal(fake_xs_get("/local/domain/0/backend/pci/1/0/dev-0"), "0000:05:10.0");
}

static void the_same_detach_succeeds_when_the_guest_answered_late(void **state UNUSED)
{
	web1->no_frontend = true;
	assert_true(env_detach("web1", 0, false) < 0);
	answer_late();
	fake_xs.conflicts = 2;
	fake_xen.calls[0] = '\0';
	assert_int_equal(env_detach("web1", 0, false), 0);
	assert_string_equal(fake_xen.calls, "");
	assert_null(env_node(0, "domid"));
	assert_int_equal(env_state(0), VF_ASSIGNABLE);
	/* The other one moved down as a whole. */
	assert_int_equal(env_state(1), VF_ATTACHED);
	assert_string_equal(fake_xs_get("/local/domain/0/backend/pci/1/0/dev-0"), "0000:05:10.2");
	assert_int_equal(fake_xs_number(0, "/local/domain/0/backend/pci/1/0/state-0"), 3);
	assert_null(fake_xs_get("/local/domain/0/backend/pci/1/0/dev-1"));
	assert_int_equal(fake_xs_number(0, "/local/domain/0/backend/pci/1/0/num_devs"), 1);
	assert_int_equal(env_detach("web1", 1, false), 0);
	assert_null(fake_xs_get("/local/domain/0/backend/pci/1/0/num_devs"));
}

/* The user does what the sentence about a guest that does not let go says: xl destroy. */
static void destroy_web1(void *arg, const char *path)
{
	unsigned *reads = arg;

	if (!strstr(path, "/state") || --*reads)
		return;
	fake_xs_rm("/local/domain/0/backend/pci/1");
	fake_xs_rm("/libxl/pci/0000-05-10-0/domid");
	fake_xen_kill_domain(1);
}

static void a_domain_that_ends_meanwhile_leaves_no_claim(void **state UNUSED)
{
	unsigned reads = 8;

	web1->no_frontend = true;
	fake_xs.on_read = destroy_web1;
	fake_xs.on_read_arg = &reads;
	assert_int_equal(env_detach("web1", 0, false), 0);
	fake_xs.on_read = NULL;
	assert_null(env_node(0, "domid"));
	assert_int_equal(env_state(0), VF_ASSIGNABLE);
}

static void a_guest_slower_than_libxl_is_waited_for(void **state UNUSED)
{
	assert_int_equal(env_detach("web1", 1, false), 0);
	web1->slow = 6; /* libxl does not wait that long */
	fake_xs.removed[0] = '\0';
	assert_int_equal(env_detach("web1", 0, false), 0);
	assert_int_equal(env_state(0), VF_ASSIGNABLE);
	assert_non_null(strstr(fake_xs.removed, "/local/domain/1/device/pci/0;"));
	assert_null(fake_xs_get("/local/domain/0/backend/pci/1/0/num_devs"));
}

static void a_forced_detach_of_one_of_two_does_not_drop_the_backend(void **state UNUSED)
{
	web1->no_frontend = true;
	assert_int_equal(env_detach("web1", 0, true), -ETIMEDOUT);
	assert_int_equal(env.e.status, EXIT_LEFT);
	assert_int_equal(env_state(1), VF_ATTACHED);
}

static void a_forced_detach_of_the_last_vf_of_a_deaf_guest_succeeds(void **state UNUSED)
{
	assert_int_equal(env_detach("web1", 1, false), 0);
	web1->no_frontend = true;
	fake_xs.removed[0] = '\0';
	assert_int_equal(env_detach("web1", 0, true), 0);
	assert_int_equal(env_state(0), VF_ASSIGNABLE);
	assert_null(fake_xs_get("/local/domain/0/backend/pci/1/0/dev-0"));
	/* A guest notices this node, not the directory that it is in. */
	assert_non_null(strstr(fake_xs.removed, "/local/domain/1/device/pci/0;"));
}

static void an_hvm_guest_that_does_not_release_keeps_its_vf(void **state UNUSED)
{
	win->no_frontend = true;
	assert_int_equal(env_detach("win", 2, false), -ETIMEDOUT);
	assert_int_equal(env.e.status, EXIT_FAILED);
	assert_says("the guest has not released it within 10 s; it stays attached");
	assert_int_equal(fake_xen_device(env_bdf(2))->owner, 3);
	assert_int_equal(env_state(2), VF_ATTACHED);
	assert_int_equal(env_detach("win", 2, true), 0);
	assert_int_equal(env_state(2), VF_ASSIGNABLE);
}

/* The guest let go after libxl had given up: QEMU does not know the device any more, and then libxl
 * fails each time. */
static void an_hvm_guest_that_released_late_is_finished_off(void **state UNUSED)
{
	win->let_go_late = true;
	assert_int_not_equal(naive_detach(3, 2, false), 0);
	assert_int_equal(env_detach("win", 2, false), 0);
	assert_int_equal(env_state(2), VF_ASSIGNABLE);
}

static void a_vf_whose_claim_was_deleted_can_still_be_detached(void **state UNUSED)
{
	fake_xs_rm("/libxl/pci/0000-05-10-0/domid");
	assert_int_equal(env_state(0), VF_BROKEN);
	assert_int_equal(env_detach("web1", 0, false), 0);
	assert_int_equal(env_state(0), VF_ASSIGNABLE);
}

static void what_other_programs_did_meanwhile_is_seen(void **state UNUSED)
{
	assert_int_equal(env_state(0), VF_ATTACHED); /* web1's devices are known now: 0, 1 */
	assert_int_equal(naive_detach(1, 0, false), 0);
	assert_int_equal(naive_attach(1, 3), 0);
	assert_true(env_detach("web1", 0, false) < 0);
	assert_int_equal(env.e.status, EXIT_REFUSED);
	assert_int_equal(env_detach("web1", 3, false), 0);
	assert_int_equal(env_detach("web1", 1, false), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, env_teardown)

static const struct CMUnitTest tests[] = {
	TEST(a_vf_comes_back_assignable),
	TEST(libxl_forced_detach_resets_a_device_of_another_domain),
	TEST(a_forced_detach_from_the_wrong_domain_is_refused),
	TEST(a_forced_detach_of_a_free_vf_is_refused),
	TEST(a_domain_that_does_not_exist_has_nothing),
	TEST(libxl_reports_success_for_a_detach_that_timed_out),
	TEST(a_guest_that_does_not_answer_keeps_its_vf_untouched),
	TEST(a_guest_that_stops_answering_in_the_middle_is_not_called_done),
	TEST(libxl_wedges_the_backend_when_asked_again_after_a_time_out),
	TEST(the_same_detach_succeeds_when_the_guest_answered_late),
	TEST(a_domain_that_ends_meanwhile_leaves_no_claim),
	TEST(a_guest_slower_than_libxl_is_waited_for),
	TEST(a_forced_detach_of_one_of_two_does_not_drop_the_backend),
	TEST(a_forced_detach_of_the_last_vf_of_a_deaf_guest_succeeds),
	TEST(an_hvm_guest_that_does_not_release_keeps_its_vf),
	TEST(an_hvm_guest_that_released_late_is_finished_off),
	TEST(a_vf_whose_claim_was_deleted_can_still_be_detached),
	TEST(what_other_programs_did_meanwhile_is_seen),
};

TEST_MAIN(tests)
