// SPDX-License-Identifier: GPL-2.0-or-later
/* An attach or detach that was killed is made whole; and permissive for what a domain has
 * already. */
#include "fake_libxl_env.h"

#include <stdio.h>

static struct fake_domain *web1;

static int setup(void **state)
{
	int r = env_setup(state);

	web1 = fake_xen_add_domain(1, "web1", LIBXL_DOMAIN_TYPE_PV);
	fake_xen_add_domain(2, "web2", LIBXL_DOMAIN_TYPE_PV);
	fake_xen_add_domain(3, "win", LIBXL_DOMAIN_TYPE_HVM);
	for (unsigned i = 0; i < 4; i++)
		assert_int_equal(env_assign(i), 0);
	fake_xen.calls[0] = '\0';
	return r;
}

static int settle(const char *name, unsigned i)
{
	struct domain d = { .id = 0 };
	int r;

	env.e = (struct err){ 0 };
	env_state(i);
	assert_int_equal(xen_backend.domain_find(env.backend, name, &d, &env.e), 0);
	fake_xen.calls[0] = '\0';
	r = xen_backend.recover(env.backend, &d, env_vf(i), &env.e);
	xen_backend.domain_done(&d);
	return r;
}

static void claim(unsigned i, const char *domid)
{
	struct bdf b = env_bdf(i);

	fake_xs_set(domid, "/libxl/pci/%04x-%02x-%02x-%x/domid", b.domain, b.bus, b.dev, b.fn);
}

static void is_free(unsigned i)
{
	assert_null(env_node(i, "domid"));
	assert_int_equal(fake_xen_device(env_bdf(i))->owner, OWNER_IO);
	assert_int_equal(env_state(i), VF_ASSIGNABLE);
	assert_false(fake_xen_device(env_bdf(i))->reset_of_a_guest);
}

static void is_whole(unsigned i, const char *domid, uint32_t owner)
{
	assert_string_equal(env_node(i, "domid"), domid);
	assert_int_equal(fake_xen_device(env_bdf(i))->owner, owner);
	assert_int_equal(env_state(i), VF_ATTACHED);
	assert_false(fake_xen_device(env_bdf(i))->reset_of_a_guest);
}

static void an_attach_cut_off_after_the_claim_is_undone(void **state UNUSED)
{
	claim(0, "1");
	assert_int_equal(env_state(0), VF_BROKEN);
	assert_int_equal(settle("web1", 0), 0);
	is_free(0);
	assert_null(strstr(fake_xen.calls, "destroy"));
	assert_int_equal(env_attach("web1", 0), 0);
}

static void an_attach_cut_off_between_hypervisor_and_list_is_taken_out(void **state UNUSED)
{
	claim(0, "1");
	fake_xen_device(env_bdf(0))->owner = 1;
	assert_int_equal(settle("web1", 0), 0);
	assert_non_null(strstr(fake_xen.calls, "destroy"));
	is_free(0);
	assert_int_equal(env_attach("web1", 0), 0);
}

static void beside_another_device_too(void **state UNUSED)
{
	assert_int_equal(env_attach("web1", 1), 0);
	claim(0, "1");
	fake_xen_device(env_bdf(0))->owner = 1;
	assert_int_equal(settle("web1", 0), 0);
	is_free(0);
	is_whole(1, "1", 1);
}

static void an_attach_to_an_hvm_domain_is_taken_out(void **state UNUSED)
{
	claim(0, "3");
	fake_xen_device(env_bdf(0))->owner = 3;
	assert_int_equal(settle("win", 0), 0);
	is_free(0);
	assert_int_equal(env_attach("win", 0), 0);
}

static void an_attach_that_came_to_its_end_stands(void **state UNUSED)
{
	assert_int_equal(env_attach("web1", 0), 0);
	assert_int_equal(settle("web1", 0), 0);
	is_whole(0, "1", 1);
	assert_null(strstr(fake_xen.calls, "destroy"));
	assert_null(strstr(fake_xen.calls, "remove"));
}

static void a_detach_cut_off_after_the_hypervisor_is_finished(void **state UNUSED)
{
	assert_int_equal(env_attach("web1", 0), 0);
	fake_xen_device(env_bdf(0))->owner = OWNER_IO;
	assert_int_equal(settle("web1", 0), 0);
	is_free(0);
}

static void a_detach_cut_off_before_the_claim_is_finished(void **state UNUSED)
{
	assert_int_equal(env_attach("web1", 0), 0);
	assert_int_equal(env_detach("web1", 0, false), 0);
	claim(0, "1");
	assert_int_equal(settle("web1", 0), 0);
	is_free(0);
}

static void a_claim_that_was_lost_is_put_back(void **state UNUSED)
{
	struct bdf b = env_bdf(0);

	assert_int_equal(env_attach("web1", 0), 0);
	fake_xs_rm("/libxl/pci/%04x-%02x-%02x-%x/domid", b.domain, b.bus, b.dev, b.fn);
	assert_int_equal(env_state(0), VF_BROKEN);
	assert_int_equal(settle("web1", 0), 0);
	is_whole(0, "1", 1);
}

static void what_another_domain_has_is_not_touched(void **state UNUSED)
{
	assert_int_equal(env_attach("web2", 0), 0);
	assert_int_equal(settle("web1", 0), 0);
	is_whole(0, "2", 2);
	claim(1, "2");
	fake_xen_device(env_bdf(1))->owner = 2;
	assert_int_equal(settle("web1", 1), 0);
	assert_string_equal(env_node(1, "domid"), "2");
	assert_int_equal(fake_xen_device(env_bdf(1))->owner, 2);
	assert_string_equal(fake_xen.calls, "");
}

static void a_domain_that_is_gone_needs_nothing(void **state UNUSED)
{
	claim(0, "9");
	env_state(0);
	fake_xen.calls[0] = '\0';
	assert_int_equal(xen_backend.recover(env.backend, NULL, env_vf(0), &env.e), 0);
	assert_string_equal(fake_xen.calls, "");
	assert_int_equal(env_state(0), VF_STALE);
}

static int allow(const char *name, unsigned i)
{
	struct domain d = { .id = 0 };
	int r;

	env.e = (struct err){ 0 };
	env_state(i);
	assert_int_equal(xen_backend.domain_find(env.backend, name, &d, &env.e), 0);
	r = xen_backend.permissive(env.backend, &d, env_vf(i), &env.e);
	xen_backend.domain_done(&d);
	return r;
}

static void permissive_is_written_and_recorded(void **state UNUSED)
{
	assert_int_equal(env_attach("web1", 0), 0);
	assert_int_equal(env_state(0), VF_ATTACHED);
	assert_int_equal(vf_of(env_vf(0))->permissive, 0);
	assert_int_equal(allow("web1", 0), 0);
	assert_int_equal(env_state(0), VF_ATTACHED);
	assert_int_equal(vf_of(env_vf(0))->permissive, 1);
	assert_non_null(strstr(fake_xs_get("/local/domain/0/backend/pci/1/0/opts-0"),
			       "permissive=1,rdm_policy"));
}

static void permissive_of_what_a_domain_does_not_have_is_refused(void **state UNUSED)
{
	assert_int_equal(env_attach("web2", 0), 0);
	assert_int_equal(allow("web1", 0), -ENOENT);
	assert_int_equal(env.e.status, EXIT_REFUSED);
}

static void permissive_for_an_hvm_domain_needs_a_new_attach(void **state UNUSED)
{
	assert_int_equal(env_attach("win", 0), 0);
	assert_int_equal(allow("win", 0), -ENOTSUP);
	assert_fix("vfyard pci-attach win 0000:05:10.0,permissive=1");
}

static void permissive_that_did_not_come_is_a_failure(void **state UNUSED)
{
	assert_int_equal(env_attach("web1", 0), 0);
	fake_kernel_fail(&fake_xen.kernel,
			 (struct fake_fault){ .path = "pciback/permissive", .code = EIO });
	assert_true(allow("web1", 0) < 0);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, env_teardown)

static const struct CMUnitTest tests[] = {
	T(an_attach_cut_off_after_the_claim_is_undone),
	T(an_attach_cut_off_between_hypervisor_and_list_is_taken_out),
	T(beside_another_device_too),
	T(an_attach_to_an_hvm_domain_is_taken_out),
	T(an_attach_that_came_to_its_end_stands),
	T(a_detach_cut_off_after_the_hypervisor_is_finished),
	T(a_detach_cut_off_before_the_claim_is_finished),
	T(a_claim_that_was_lost_is_put_back),
	T(what_another_domain_has_is_not_touched),
	T(a_domain_that_is_gone_needs_nothing),
	T(permissive_is_written_and_recorded),
	T(permissive_of_what_a_domain_does_not_have_is_refused),
	T(permissive_for_an_hvm_domain_needs_a_new_attach),
	T(permissive_that_did_not_come_is_a_failure),
};

TEST_MAIN(tests)
