// SPDX-License-Identifier: GPL-2.0-or-later
/* A captured Dom0 says what the running one said. */
#include "fake_libxl_capture.h"

#include "backend/xen/ask.h"
#include "backend/xen/domain_config.h"

static void put(const char *file, const char *text)
{
	_cleanup_free_ char *line = NULL;

	assert_true(asprintf(&line, "%s=%s", file, text) > 0);
	fake_root_add(&fake_xen.root, line);
}

static void two_guests(void)
{
	struct dev_options o = DEV_OPTIONS_INIT;

	o.permissive = 1;
	fake_xen_add_domain(9, "db", LIBXL_DOMAIN_TYPE_HVM);
	fake_xen_add_domain(4, "web 1", LIBXL_DOMAIN_TYPE_PV);
	for (unsigned i = 0; i < 4; i++)
		assert_int_equal(env_assign(i), 0);
	assert_int_equal(env_attach("db", 0), 0);
	assert_int_equal(env_attach_with("web 1", 2, &o), 0);
}

static void same_text(const char *a, const char *b)
{
	if (a && b)
		assert_string_equal(a, b);
	else
		assert_ptr_equal(a, b);
}

static void states_and_holders_are_those_of_the_host(void **state UNUSED)
{
	struct captured_host c;

	two_guests();
	fake_xs_set("7", "/libxl/pci/0000-05-10-6/domid"); /* this domain is gone */
	env_state(0);
	capture_open(&c);
	assert_int_equal(xen_backend.survey(c.backend, c.inv, &env.e), 0);
	assert_string_equal(c.inv->hypervisor, "xen");
	for (unsigned i = 0; i < 7; i++) {
		const struct vf *live = vf_of(env_vf(i)), *vf = &c.inv->pfs[0].vfs[i];

		assert_int_equal(vf->state, live->state);
		assert_int_equal(vf->permissive, live->permissive);
		same_text(vf->domain, live->domain);
		same_text(vf->why, live->why);
	}
	assert_int_equal(c.inv->pfs[0].vfs[2].state, VF_ATTACHED);
	assert_int_equal(c.inv->pfs[0].vfs[3].state, VF_STALE);
	capture_done(&c);
}

static void what_is_attached_is_that_of_the_host(void **state UNUSED)
{
	struct attachment *live, *v;
	struct captured_host c;
	size_t n_live, n;

	two_guests();
	assert_int_equal(xen_backend.list(env.backend, NULL, &live, &n_live, &env.e), 0);
	capture_open(&c);
	assert_int_equal(xen_backend.list(c.backend, NULL, &v, &n, &env.e), 0);
	assert_int_equal(n, n_live);
	assert_int_equal(n, 2);
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < n; k++)
			if (!bdf_cmp(v[i].bdf, live[k].bdf)) {
				assert_string_equal(v[i].domain, live[k].domain);
				assert_string_equal(v[i].guest_addr, live[k].guest_addr);
				assert_int_equal(v[i].options.permissive,
						 live[k].options.permissive);
				assert_int_equal(v[i].is_ready, live[k].is_ready);
			}
	free(live);
	free(v);
	capture_done(&c);
}

static void a_domain_is_found_by_name_and_number(void **state UNUSED)
{
	struct captured_host c;
	struct domain d;

	two_guests();
	fake_xen_add_domain(11, "going", LIBXL_DOMAIN_TYPE_PV)->dying = true;
	capture_open(&c);
	assert_int_equal(xen_backend.domain_find(c.backend, "web 1", &d, &env.e), 0);
	assert_int_equal(d.id, 4);
	assert_int_equal(d.type, DOMAIN_PV);
	assert_int_equal(xen_backend.domain_find(c.backend, "9", &d, &env.e), 0);
	assert_string_equal(d.name, "db");
	assert_int_equal(d.type, DOMAIN_HVM);
	assert_int_equal(xen_backend.domain_find(c.backend, "web", &d, &env.e), -ESRCH);
	assert_int_equal(xen_backend.domain_find(c.backend, "12", &d, &env.e), -ESRCH);
	assert_int_equal(xen_backend.domain_find(c.backend, "going", &d, &env.e), -ESRCH);
	capture_done(&c);
}

static int ask_host(const struct captured_host *c)
{
	const struct refusal_ask a = { .host = &c->host, .backend = c->backend };

	return refusal_ask(xen_backend.refusals, &a, &env.e);
}

static void limits_are_those_of_the_host(void **state UNUSED)
{
	const struct dev_options none = DEV_OPTIONS_INIT;
	struct captured_host c;
	struct vf_ref vf;
	struct domain d;

	fake_xen_add_domain(4, "web1", LIBXL_DOMAIN_TYPE_PV)->json =
		"{\"c_info\": {}, \"b_info\": {\"type.pv\": {}}}";
	capture_open(&c);
	vf = (struct vf_ref){ c.inv->pfs, 0 };
	assert_int_equal(ask_host(&c), 0);
	assert_int_equal(xen_backend.domain_find(c.backend, "web1", &d, &env.e), 0);
	assert_int_equal(
		asked_to_attach(&xen_backend, &c.host, c.backend, &d, &vf, &none, 1, &env.e),
		-ENOTSUP);
	assert_says("created without pass-through");
	capture_done(&c);

	put("vfyard/xen-created/4", "{\"c_info\": {\"passthrough\": \"enabled\"}, \"b_info\": {}}");
	fake_xen.domains[0].json = NULL;
	capture_open(&c);
	put("vfyard/xl-info", "nr_cpus : 4\\nvirt_caps : pv hvm\\nxen_extra : .7");
	vf = (struct vf_ref){ c.inv->pfs, 0 };
	assert_int_equal(
		asked_to_attach(&xen_backend, &c.host, c.backend, &d, &vf, &none, 1, &env.e), 0);
	assert_int_equal(ask_host(&c), -ENODEV);
	assert_says("without an IOMMU");
	capture_done(&c);
}

static void nothing_is_changed(void **state UNUSED)
{
	struct captured_host c;
	struct vf_ref vf;

	two_guests();
	capture_open(&c);
	assert_int_equal(xen_backend.survey(c.backend, c.inv, &env.e), 0);
	assert_int_equal(xstore_write(c.backend->xs, "1", &env.e, "/libxl/pci/0000-05-10-0/domid"),
			 -EROFS);
	assert_int_equal(xstore_remove(c.backend->xs, &env.e, "/libxl/pci"), -EROFS);
	vf = (struct vf_ref){ c.inv->pfs, 5 };
	assert_int_equal(xen_backend.assign(c.backend, vf, "", &env.e), -ENOTSUP);
	assert_says("not below --root");
	vf.index = 1;
	assert_int_equal(xen_backend.unassign(c.backend, vf, &env.e), -ENOTSUP);
	assert_int_equal(env.e.status, EXIT_REFUSED);
	capture_done(&c);
}

static void an_old_capture_says_what_is_missing(void **state UNUSED)
{
	struct captured_host c;
	char driver[64] = "x";

	assert_int_equal(env_assign(2), 0);
	c = (struct captured_host){ .host = fake_xen.root.host };
	c.host.root.write = NULL;
	assert_int_equal(inventory_read(&c.inv, &c.host, INVENTORY_ALL, &env.e), 0);
	assert_int_equal(xen_backend.open(&c.backend, &c.host, NULL, &env.e), 0);
	assert_int_equal(xen_backend.survey(c.backend, c.inv, &env.e), -ENODATA);
	assert_says("not in this capture");
	assert_fix("capture that host again, as root");
	assert_int_equal(xen_backend.previous_driver(c.backend, (struct vf_ref){ c.inv->pfs, 2 },
						     driver, &env.e),
			 0);
	assert_string_equal(driver, "");
	xen_backend.glance(&c.host, c.inv);
	assert_int_equal(c.inv->pfs[0].vfs[2].permissive, 0);
	assert_int_equal(c.inv->pfs[0].vfs[3].permissive, UNKNOWN);
	assert_false(c.inv->permissive_unseen);
	capture_done(&c);
}

/* The capture has the driver, but not its list. */
static void a_mark_that_cannot_be_read_is_unseen(void **state UNUSED)
{
	assert_int_equal(env_assign(2), 0);
	assert_int_equal(
		unlinkat(fake_xen.root.host.root.fd, "sys/bus/pci/drivers/pciback/permissive", 0),
		0);
	env_state(2);
	assert_int_equal(vf_of(env_vf(2))->permissive, UNKNOWN);
	assert_true(env.inv->permissive_unseen);
}

static void a_dump_is_a_store(void **state UNUSED)
{
	struct dump *d = dump_parse("/a = \"\"\n"
				    "/a-b/c = \"no child of a\"\n"
				    "/a/x = \"a = \"b\"\"   (n0,r3)\n"
				    "/a/deep/er = \"1\"\n"
				    "junk\n"
				    "/a/tab = \"\\t\\\\\\x41\\001\"\n"
				    "/cut = \"");
	_cleanup_free_ char **names = NULL;
	unsigned n;

	assert_string_equal(dump_read(d, "/a/x"), "a = \"b\"");
	assert_string_equal(dump_read(d, "/a/tab"), "\t\\A\001");
	assert_string_equal(dump_read(d, "/a"), "");
	assert_null(dump_read(d, "/cut"));
	assert_null(dump_read(d, "/a/deep"));
	assert_int_equal(errno, ENOENT);
	names = dump_list(d, "/a", &n);
	assert_int_equal(n, 3);
	assert_string_equal(names[0], "deep");
	assert_string_equal(names[1], "tab");
	assert_string_equal(names[2], "x");
	assert_null(dump_list(d, "/b", &n));
	assert_int_equal(n, 0);
	dump_free(d);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, env_setup, env_teardown)

static const struct CMUnitTest tests[] = {
	TEST(states_and_holders_are_those_of_the_host),
	TEST(what_is_attached_is_that_of_the_host),
	TEST(a_domain_is_found_by_name_and_number),
	TEST(limits_are_those_of_the_host),
	TEST(nothing_is_changed),
	TEST(an_old_capture_says_what_is_missing),
	TEST(a_mark_that_cannot_be_read_is_unseen),
	cmocka_unit_test(a_dump_is_a_store),
};

TEST_MAIN(tests)
