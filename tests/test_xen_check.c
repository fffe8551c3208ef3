// SPDX-License-Identifier: GPL-2.0-or-later
/* A topology against Xen's limits, before anything of it exists. */
#include "backend/xen/options.h"
#include "engine/check/check.h"
#include "fake_libxl_env.h"
#include "topology/build/load.h"

/* Nine PFs like an 82576, none of them with VFs. */
static void add_pfs(void)
{
	for (unsigned i = 0; i < 9; i++) {
		char bdf[BDF_STRLEN];
		struct fake_pf pf = { .bdf = bdf,
				      .driver = "igb",
				      .totalvfs = 7,
				      .offset = 128,
				      .stride = 2,
				      .first_group = -1 };

		bdf_str(bdf, (struct bdf){ 0, (uint8_t)(0x11 + i), 0, 0 });
		fake_root_add_pf(&fake_xen.root, &pf);
	}
}

/* Makes one domain with all seven VFs of @n_pfs PFs, and the first VF of the next. */
static struct topology *make_topology(const char *xen, unsigned n_pfs)
{
	struct problems problems = { .file = "t.json" };
	_cleanup_free_ char *json = NULL;
	struct topology *t = NULL;
	size_t len;
	FILE *out = open_memstream(&json, &len);

	fputs("{\"version\":1,\"pf\":[", out);
	for (unsigned i = 0; i <= n_pfs; i++)
		fprintf(out, "%s{\"name\":\"p%u\",\"bdf\":\"0000:%02x:00.0\",\"numvfs\":7}",
			i ? "," : "", i, 0x11 + i);
	fprintf(out, "],\"domain\":[{\"name\":\"big\"%s,\"devices\":[", xen);
	for (unsigned i = 0; i < n_pfs; i++)
		fprintf(out, "{\"pf\":\"p%u\",\"index\":\"*\"},", i);
	fprintf(out, "{\"pf\":\"p%u\",\"index\":\"0\"}]}]}", n_pfs);
	fclose(out);
	assert_int_equal(topology_parse(&t, json, len, "t.json", &problems, NULL), 0);
	return t;
}

/* Returns the number of errors, and the first one's cause in @cause. @b NULL means without a
 * connection. */
static size_t check_by(struct backend *b, const char *xen, unsigned n_pfs, char cause[512])
{
	struct topology *t = make_topology(xen, n_pfs);
	struct problems problems = { 0 };
	struct inventory *inv = NULL;
	struct binding bound = { 0 };
	size_t n;

	add_pfs();
	assert_int_equal(inventory_read(&inv, &fake_xen.root.host, INVENTORY_ALL, NULL), 0);
	if (b)
		assert_int_equal(xen_backend.survey(b, inv, NULL), 0);
	assert_int_equal(binding_make(&bound, t, &fake_xen.root.host, inv, NULL), 0);
	assert_int_equal(check_host(&bound, &fake_xen.root.host, inv, NULL, &xen_backend, b, false,
				    &problems, NULL),
			 0);
	n = problems.n_errors;
	cause[0] = '\0';
	for (size_t i = problems.n; i-- > 0;)
		if (!problems.v[i].is_note)
			snprintf(cause, 512, "%s", problems.v[i].err.cause);
	problems_done(&problems);
	binding_done(&bound);
	inventory_free(inv);
	topology_free(t);
	return n;
}

static size_t check(const char *xen, unsigned n_pfs, char cause[512])
{
	return check_by(env.backend, xen, n_pfs, cause);
}

/* This is as on a captured host, or not as root. */
static void slots_are_counted_without_a_connection(void **state UNUSED)
{
	char cause[512];

	assert_int_equal(check_by(NULL, ",\"xen\":{\"type\":\"pv\"}", 8, cause), 1);
	assert_non_null(strstr(cause, "33 virtual PCI slots for 57 devices, but it has 32"));
	assert_int_equal(check_by(NULL, ",\"xen\":{\"type\":\"pv\"}", 7, cause), 0);
	assert_int_equal(check_by(NULL, "", 8, cause), 1);
	assert_int_equal(check_by(NULL, ",\"xen\":{\"type\":\"hvm\"}", 5, cause), 1);
	assert_non_null(strstr(cause, "36 are asked for"));
	fake_root_add(&fake_xen.root, "sys/module/xen_pciback/parameters/passthrough=Y");
	assert_int_equal(check_by(NULL, ",\"xen\":{\"type\":\"pv\"}", 8, cause), 0);
}

static void vf_57_of_a_pv_domain_is_refused_before_it_exists(void **state UNUSED)
{
	char cause[512];

	assert_int_equal(check(",\"xen\":{\"type\":\"pv\"}", 8, cause), 1);
	assert_non_null(strstr(cause, "33 virtual PCI slots for 57 devices, but it has 32"));
}

static void domain_without_a_type_is_counted_as_pv(void **state UNUSED)
{
	char cause[512];

	assert_int_equal(check("", 8, cause), 1);
	assert_non_null(strstr(cause, "33 virtual PCI slots"));
}

static void fewer_vfs_pass(void **state UNUSED)
{
	char cause[512];

	assert_int_equal(check(",\"xen\":{\"type\":\"pv\"}", 7, cause), 0);
}

static void hvm_domain_has_fewer_slots(void **state UNUSED)
{
	char cause[512];

	assert_int_equal(check(",\"xen\":{\"type\":\"hvm\"}", 5, cause), 1);
	assert_non_null(strstr(cause, "36 are asked for"));
}

static void pvh_domain_has_none(void **state UNUSED)
{
	char cause[512];

	assert_int_equal(check(",\"xen\":{\"type\":\"pvh\"}", 0, cause), 1);
	assert_non_null(strstr(cause, "PVH"));
}

static void xen_without_an_iommu_is_a_problem(void **state UNUSED)
{
	char cause[512];

	fake_xen.no_iommu = true;
	assert_int_equal(check(",\"xen\":{\"type\":\"pv\"}", 1, cause), 1);
	assert_string_equal(cause, "Xen runs without an IOMMU");
}

static int meaning(enum domain_type type, const char *options, struct err *e)
{
	struct dev_options o = DEV_OPTIONS_INIT;

	assert_int_equal(dev_options_parse(&o, options, NULL), 0);
	return xen_check_options(type, &o, e);
}

static void options_that_change_nothing_are_known(void **state UNUSED)
{
	struct err e = { 0 };

	assert_int_equal(meaning(DOMAIN_PV, "vslot=5", &e), -ENOTSUP);
	assert_non_null(strstr(e.cause, "vslot has no effect in a PV domain"));
	assert_int_equal(meaning(DOMAIN_UNKNOWN, "vslot=5", NULL), -ENOTSUP);
	assert_int_equal(meaning(DOMAIN_HVM, "power_mgmt=1", &e), -ENOTSUP);
	assert_non_null(strstr(e.cause, "power_mgmt has no effect"));
	assert_int_equal(meaning(DOMAIN_HVM, "msitranslate=1", &e), -ENOTSUP);
	assert_int_equal(meaning(DOMAIN_HVM, "seize=1", &e), -ENOTSUP);
}

static void options_that_work_are_not_said_not_to(void **state UNUSED)
{
	assert_int_equal(meaning(DOMAIN_PV, "permissive=1,rdm_policy=relaxed", NULL), 0);
	assert_int_equal(meaning(DOMAIN_HVM, "vslot=5,permissive=1", NULL), 0);
	assert_int_equal(meaning(DOMAIN_PV, "vslot=0,seize=0,msitranslate=0", NULL), 0);
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, env_setup, env_teardown)

static const struct CMUnitTest tests[] = {
	TEST(slots_are_counted_without_a_connection),
	TEST(vf_57_of_a_pv_domain_is_refused_before_it_exists),
	TEST(domain_without_a_type_is_counted_as_pv),
	TEST(fewer_vfs_pass),
	TEST(hvm_domain_has_fewer_slots),
	TEST(pvh_domain_has_none),
	TEST(xen_without_an_iommu_is_a_problem),
	cmocka_unit_test(options_that_change_nothing_are_known),
	cmocka_unit_test(options_that_work_are_not_said_not_to),
};

TEST_MAIN(tests)
