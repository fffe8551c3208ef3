// SPDX-License-Identifier: GPL-2.0-or-later
/* What a VF is, according to three views; what domains have; and who may look. */
#include "fake_libxl_env.h"

#include "backend/xen/survey.h"

/* columns: on pciback, claimed, claimer exists, backend exists, claim, backend, number of
 * backends */
static const struct {
	struct vf_view view;
	enum vf_state state;
	const char *why; /* part of it */
} table[] = {
	{ { false, false, false, false, 0, 0, 0 }, VF_HOST, NULL },
	{ { true, false, false, false, 0, 0, 0 }, VF_ASSIGNABLE, NULL },
	{ { true, true, true, true, 1, 1, 1 }, VF_ATTACHED, NULL },
	{ { true, true, false, false, 1, 0, 0 }, VF_STALE, "a domain that is gone" },
	{ { false, true, false, false, 1, 0, 0 }, VF_STALE, "a domain that is gone" },
	{ { true, true, false, false, 1, 1, 1 }, VF_STALE, "left in the PCI backend" },
	{ { true, false, false, false, 0, 1, 1 }, VF_STALE, "left in the PCI backend" },
	{ { true, true, true, false, 1, 0, 0 }, VF_BROKEN, "does not have it" },
	{ { true, true, true, true, 1, 2, 1 }, VF_BROKEN, "backend of another" },
	{ { true, true, false, true, 1, 2, 1 }, VF_BROKEN, "backend of another" },
	{ { true, true, true, true, 1, 1, 2 }, VF_BROKEN, "several domains" },
	{ { false, true, true, true, 1, 1, 1 }, VF_BROKEN, "pciback does not hold it" },
	{ { true, false, false, true, 0, 1, 1 }, VF_BROKEN, "claim is missing" },
};

static void three_views_make_one_state(void **state UNUSED)
{
	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		const char *why;

		assert_int_equal(xen_vf_state(&table[i].view, &why), table[i].state);
		if (table[i].why)
			assert_non_null(strstr(why, table[i].why));
		else
			assert_null(why);
	}
}

static void the_survey_names_the_holder(void **state UNUSED)
{
	fake_xen_add_domain(9, "db", LIBXL_DOMAIN_TYPE_HVM);
	fake_xen_add_domain(4, "web1", LIBXL_DOMAIN_TYPE_PV);
	for (unsigned i = 0; i < 3; i++)
		assert_int_equal(env_assign(i), 0);
	assert_int_equal(env_attach("db", 0), 0);
	assert_int_equal(env_attach("web1", 2), 0);
	assert_int_equal(env_state(0), VF_ATTACHED);
	assert_string_equal(env.inv->hypervisor, "xen");
	assert_string_equal(vf_of(env_vf(0))->domain, "db");
	assert_string_equal(vf_of(env_vf(2))->domain, "web1");
	assert_null(vf_of(env_vf(1))->domain);
	assert_int_equal(vf_of(env_vf(1))->permissive, 0);
	assert_int_equal(vf_of(env_vf(5))->permissive, UNKNOWN);
}

static void devices_of_a_stub_domain_are_its_guests(void **state UNUSED)
{
	fake_xen_add_domain(4, "web1", LIBXL_DOMAIN_TYPE_HVM);
	fake_xen_add_domain(5, "web1-dm", LIBXL_DOMAIN_TYPE_PV);
	fake_xs_set("4", "/local/domain/5/target");
	assert_int_equal(env_assign(0), 0);
	fake_xs_set("1", "/local/domain/0/backend/pci/5/0/num_devs");
	fake_xs_set("0000:05:10.0", "/local/domain/0/backend/pci/5/0/dev-0");
	fake_xs_set("4", "/libxl/pci/0000-05-10-0/domid");
	fake_xs_set("/local/domain/0/backend/pci/5/0", "/libxl/5/device/pci/0/backend");
	assert_int_equal(env_state(0), VF_ATTACHED);
	assert_string_equal(vf_of(env_vf(0))->domain, "web1");
}

/* Its toolstack was killed, and nobody removed what it had in the store. */
static void a_number_that_comes_again_is_another_domain(void **state UNUSED)
{
	struct attachment *v;
	size_t n;

	fake_xen_add_domain(5, "old", LIBXL_DOMAIN_TYPE_PV);
	fake_xen_add_domain(9, "db", LIBXL_DOMAIN_TYPE_PV);
	for (unsigned i = 0; i < 3; i++)
		assert_int_equal(env_assign(i), 0);
	assert_int_equal(env_attach("old", 0), 0);
	assert_int_equal(env_attach("db", 1), 0);
	fake_xen_kill_domain(5);
	assert_int_equal(env_state(0), VF_STALE);
	fake_xen_add_domain(5, "new", LIBXL_DOMAIN_TYPE_PV);
	xen_backend.close(env.backend);
	assert_int_equal(xen_backend.open(&env.backend, &fake_xen.root.host, NULL, &env.e), 0);
	assert_int_equal(env_state(0), VF_STALE);
	assert_string_equal(vf_of(env_vf(0))->domain, "domain 5");
	assert_int_equal(env_state(1), VF_ATTACHED);
	assert_int_equal(xen_backend.list(env.backend, NULL, &v, &n, &env.e), 0);
	assert_int_equal(n, 1);
	assert_string_equal(v[0].domain, "db");
	free(v);
	assert_int_equal(env_attach("new", 0), -EBUSY);
	assert_int_equal(env_attach("new", 2), -EBUSY);
	assert_string_equal(env.e.fix, "run: xenstore-rm /local/domain/0/backend/pci/5");
	fake_xs_rm("/local/domain/0/backend/pci/5");
	assert_int_equal(env_attach("new", 2), 0);
	assert_int_equal(env_state(2), VF_ATTACHED);
}

static void the_permissive_of_all_devices_shows_on_each(void **state UNUSED)
{
	assert_int_equal(env_assign(0), 0);
	fake_root_add(&fake_xen.root, "sys/module/xen_pciback/parameters/permissive=Y");
	assert_int_equal(env_state(0), VF_ASSIGNABLE);
	assert_int_equal(vf_of(env_vf(0))->permissive, 1);
}

static void junk_in_xenstore_is_not_a_device(void **state UNUSED)
{
	fake_xs_set("1", "/libxl/pci/foo/domid");
	fake_xs_set("x", "/libxl/pci/0000-05-10-0/domid");
	fake_xs_set("1", "/libxl/pci/0000-05-10/domid");
	fake_xs_set("2", "/local/domain/0/backend/pci/7/0/num_devs");
	fake_xs_set("hello", "/local/domain/0/backend/pci/7/0/dev-0");
	fake_xs_set("99999999", "/local/domain/0/backend/pci/8/0/num_devs");
	fake_xs_set("3", "/local/domain/0/backend/pci/junk/0/num_devs");
	assert_int_equal(env_state(0), VF_HOST);
}

/* One more VF in a domain costs two more reads, however many there are. */
static unsigned survey_reads(void)
{
	unsigned before = fake_xs.reads;

	xen_backend.close(env.backend);
	assert_int_equal(xen_backend.open(&env.backend, &fake_xen.root.host, NULL, &env.e), 0);
	env_state(0);
	return fake_xs.reads - before;
}

static void a_survey_reads_in_proportion(void **state UNUSED)
{
	unsigned reads[7];

	fake_xen_add_domain(1, "web1", LIBXL_DOMAIN_TYPE_PV);
	for (unsigned i = 0; i < 7; i++) {
		assert_int_equal(env_assign(i), 0);
		assert_int_equal(env_attach("web1", i), 0);
		reads[i] = survey_reads();
	}
	assert_int_equal(reads[6] - reads[5], reads[2] - reads[1]);
}

static void who_is_not_root_is_told(void **state UNUSED)
{
	fake_xs.open_errno = EACCES;
	assert_int_equal(xen_backend.survey(env.backend, env.inv, &env.e), -EACCES);
	assert_says("xenstore is readable by root only");
	assert_fix("run as root");
}

static void a_dead_xenstored_is_told(void **state UNUSED)
{
	struct attachment *v;
	size_t n;

	fake_xs.open_errno = ECONNREFUSED;
	assert_int_equal(xen_backend.list(env.backend, NULL, &v, &n, &env.e), -ECONNREFUSED);
	assert_says("cannot connect to xenstored: Connection refused");
}

static void a_libxl_that_does_not_open_is_told(void **state UNUSED)
{
	fake_xen.alloc_rc = ERROR_FAIL;
	assert_true(xen_backend.survey(env.backend, env.inv, &env.e) < 0);
	assert_says("cannot open libxl");
}

static void a_listing_has_the_guests_own_addresses(void **state UNUSED)
{
	struct dev_options o = DEV_OPTIONS_INIT;
	struct attachment *v;
	size_t n;

	o.permissive = 1;
	fake_xen_add_domain(1, "web1", LIBXL_DOMAIN_TYPE_PV);
	fake_xen_add_domain(3, "win", LIBXL_DOMAIN_TYPE_HVM);
	for (unsigned i = 0; i < 4; i++)
		assert_int_equal(env_assign(i), 0);
	assert_int_equal(env_attach("web1", 0), 0);
	assert_int_equal(env_attach_with("web1", 2, &o), 0);
	assert_int_equal(env_attach("win", 3), 0);
	assert_int_equal(xen_backend.list(env.backend, NULL, &v, &n, &env.e), 0);
	assert_int_equal(n, 3);
	assert_string_equal(v[1].guest_addr, "00:01.4");
	assert_string_equal(v[1].domain, "web1");
	assert_int_equal(v[1].options.permissive, 1);
	assert_int_equal(v[0].options.permissive, 0);
	assert_true(v[1].is_ready);
	assert_string_equal(v[2].guest_addr, "00:04.0");
	assert_true(v[2].is_ready);
	free(v);
}

static void a_listing_can_be_of_one_domain(void **state UNUSED)
{
	struct attachment *v;
	struct domain d;
	size_t n;

	fake_xen_add_domain(1, "web1", LIBXL_DOMAIN_TYPE_PV);
	fake_xen_add_domain(2, "web2", LIBXL_DOMAIN_TYPE_PV);
	assert_int_equal(env_assign(0), 0);
	assert_int_equal(env_attach("web1", 0), 0);
	assert_int_equal(xen_backend.domain_find(env.backend, "web2", &d, &env.e), 0);
	assert_int_equal(xen_backend.list(env.backend, &d, &v, &n, &env.e), 0);
	assert_int_equal(n, 0);
	free(v);
}

static void a_device_the_guest_has_not_taken_is_not_ready(void **state UNUSED)
{
	struct attachment *v;
	size_t n;

	fake_xen_add_domain(1, "web1", LIBXL_DOMAIN_TYPE_PV)->no_frontend = true;
	assert_int_equal(env_assign(0), 0);
	assert_int_equal(naive_attach(1, 0), 0);
	assert_int_equal(xen_backend.list(env.backend, NULL, &v, &n, &env.e), 0);
	assert_int_equal(n, 1);
	assert_false(v[0].is_ready);
	free(v);
}

static void only_dom0_is_a_xen_host(void **state UNUSED)
{
	const struct host *h = &fake_xen.root.host;

	fake_root_add(&fake_xen.root, "proc/xen/capabilities=");
	assert_int_equal(xen_hypervisor.probe(h, &env.e), -ENODEV);
	assert_says("a Xen guest");
	fake_root_add(&fake_xen.root, "sys/hypervisor/type=kvm");
	assert_int_equal(xen_hypervisor.probe(h, &env.e), -ENODEV);
	assert_says("does not run on Xen");
	assert_non_null(strstr(env.e.fix, "--hypervisor kvm"));
}

/* It never goes through sysfs, because libxl has it in quarantine. libxl does not know one that was
 * hidden at boot. */
static void a_pf_of_pciback_goes_back_through_libxl(void **state UNUSED)
{
	const struct host *h = &fake_xen.root.host;
	const struct bdf pf = { .bus = 5 };

	fake_root_add(&fake_xen.root, "proc/cmdline=ro xen-pciback.hide=(06:00.0)");
	assert_int_equal(xen_backend.pf_held(h, pf, &env.e), -EBUSY);
	assert_non_null(strstr(env.e.fix, "run: vfyard pci-assignable-remove -r 0000:05:00.0"));
	assert_null(strstr(env.e.fix, "echo"));
	fake_root_add(&fake_xen.root, "proc/cmdline=ro xen-pciback.hide=(06:00.0)(0000:05:00.0)");
	assert_int_equal(xen_backend.pf_held(h, pf, &env.e), -EBUSY);
	assert_non_null(strstr(env.e.fix, "take it out of hide= for the next boot"));
	assert_non_null(strstr(env.e.fix, "run: vfyard pci-assignable-remove 0000:05:00.0; "
					  "echo 0000:05:00.0 > /sys/bus/pci/drivers_probe"));
}

static void a_guest_of_xen_is_told_of_xen(void **state UNUSED)
{
	fake_root_add(&fake_xen.root, "proc/xen/capabilities=");
	assert_string_equal(backend_why_none(&fake_xen.root.host, &env.e), "xen");
	assert_says("a Xen guest");
}

static void the_backend_is_chosen_by_host_or_by_name(void **state UNUSED)
{
	const struct host *h = &fake_xen.root.host;
	const struct backend_ops *ops = NULL;

	assert_int_equal(backend_choose(&ops, h, "auto", &env.e), 0);
	assert_ptr_equal(ops, &xen_backend);
	assert_int_equal(backend_choose(&ops, h, "bhyve", &env.e), -EINVAL);
	assert_int_equal(env.e.status, EXIT_USAGE);
	fake_root_add(&fake_xen.root, "sys/hypervisor/type=none");
	assert_int_equal(backend_choose(&ops, h, NULL, &env.e), 0);
	assert_ptr_not_equal(ops, &xen_backend);
	assert_int_equal(backend_choose(&ops, h, "xen", &env.e), -ENODEV);
}

static void a_domain_is_found_under_its_name_in_the_topology(void **state UNUSED)
{
	struct topo_domain web = { .name = (char *)"web", .xen_vm = (char *)"web-production" };
	struct topology topo = { .domains = &web, .n_domains = 1 };
	struct domain d;

	xen_backend.close(env.backend);
	assert_int_equal(xen_backend.open(&env.backend, &fake_xen.root.host, &topo, &env.e), 0);
	fake_xen_add_domain(6, "web-production", LIBXL_DOMAIN_TYPE_PV);
	assert_int_equal(xen_backend.domain_find(env.backend, "web", &d, &env.e), 0);
	assert_int_equal(d.id, 6);
	assert_string_equal(d.name, "web-production");
	assert_int_equal(d.type, DOMAIN_PV);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, env_setup, env_teardown)

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(three_views_make_one_state),
	TEST(the_survey_names_the_holder),
	TEST(devices_of_a_stub_domain_are_its_guests),
	TEST(a_number_that_comes_again_is_another_domain),
	TEST(the_permissive_of_all_devices_shows_on_each),
	TEST(junk_in_xenstore_is_not_a_device),
	TEST(a_survey_reads_in_proportion),
	TEST(who_is_not_root_is_told),
	TEST(a_dead_xenstored_is_told),
	TEST(a_libxl_that_does_not_open_is_told),
	TEST(a_listing_has_the_guests_own_addresses),
	TEST(a_listing_can_be_of_one_domain),
	TEST(a_device_the_guest_has_not_taken_is_not_ready),
	TEST(only_dom0_is_a_xen_host),
	TEST(a_pf_of_pciback_goes_back_through_libxl),
	TEST(a_guest_of_xen_is_told_of_xen),
	TEST(the_backend_is_chosen_by_host_or_by_name),
	TEST(a_domain_is_found_under_its_name_in_the_topology),
};

TEST_MAIN(tests)
