// SPDX-License-Identifier: GPL-2.0-or-later
/* What `render xl` writes, read back by libxl's own parsers. */
#include "test.h"

#include <string.h>
#include <libxl.h>
#include <libxlutil.h>

#include "fake_model.h"

static const struct fake_pf two_ports[] = {
	{ "0000:05:00.0", "enp5s0f0", "igb", "igbvf", 7, 7, 128, 2, -1 },
	{ "00ab:05:00.0", "enp5s0f1", "igb", "igbvf", 7, 7, 128, 2, -1 },
};

#define PFS                                                                                        \
	"\"version\":1,\"pf\":[{\"name\":\"net0\",\"bdf\":\"0000:05:00.0\",\"numvfs\":7},"         \
	"{\"name\":\"net1\",\"bdf\":\"00ab:05:00.0\",\"numvfs\":7}]"

static void cleanup_cfg(XLU_Config **cfg)
{
	if (*cfg)
		xlu_cfg_destroy(*cfg);
}

static XLU_Config *read_cfg(const char *text)
{
	XLU_Config *cfg = xlu_cfg_init(stderr, "render xl");

	assert_non_null(cfg);
	assert_int_equal(xlu_cfg_readdata(cfg, text, (int)strlen(text)), 0);
	return cfg;
}

static void assert_number(XLU_Config *cfg, const char *key, long want)
{
	long v = -1;

	assert_int_equal(xlu_cfg_get_long(cfg, key, &v, 0), 0);
	assert_int_equal(v, want);
}

/* Asserts what one entry means to libxl. */
static void assert_means(const char *spec, struct bdf bdf, const struct dev_options *o)
{
	XLU_Config *cfg = xlu_cfg_init(stderr, "pci=");
	libxl_device_pci pci;
	int rdm = o->rdm_policy == RDM_RELAXED	? LIBXL_RDM_RESERVE_POLICY_RELAXED
		  : o->rdm_policy == RDM_STRICT ? LIBXL_RDM_RESERVE_POLICY_STRICT
						: LIBXL_RDM_RESERVE_POLICY_INVALID;

	libxl_device_pci_init(&pci);
	assert_int_equal(xlu_pci_parse_spec_string(cfg, &pci, spec), 0);
	assert_int_equal(pci.domain, bdf.domain);
	assert_int_equal(pci.bus, bdf.bus);
	assert_int_equal(pci.dev, bdf.dev);
	assert_int_equal(pci.func, bdf.fn);
	assert_int_equal(pci.permissive, o->permissive == 1);
	assert_int_equal(pci.msitranslate, o->msitranslate == 1);
	assert_int_equal(pci.power_mgmt, o->power_mgmt == 1);
	assert_int_equal(pci.seize, o->seize == 1);
	assert_int_equal(pci.rdm_policy, rdm);
	assert_int_equal(pci.vdevfn, o->vslot > 0 ? o->vslot << 3 : 0);
	assert_null(pci.name);
	libxl_device_pci_dispose(&pci);
	xlu_cfg_destroy(cfg);
}

/* Renders the only domain of @topology, and compares each entry with the model. */
static void check_round_trip(const char *topology, size_t want_n)
{
	__attribute__((cleanup(cleanup_cfg))) XLU_Config *cfg = NULL;
	_cleanup_(wanted_done) struct wanted w = { 0 };
	_cleanup_free_ char *text = NULL;
	XLU_ConfigList *list = NULL;
	struct fake_model m;
	int n = -1;

	fake_model_init(&m, two_ports, 2, topology);
	text = fake_model_render(&m, "xl", NULL);
	assert_non_null(text);
	cfg = read_cfg(text);
	assert_int_equal(xlu_cfg_get_list(cfg, "pci", &list, &n, 0), 0);
	assert_int_equal(n, want_n);
	assert_int_equal(wanted_of(m.topo, m.pfs, &m.topo->domains[0], &w, NULL), 0);
	assert_int_equal(w.n, want_n);
	for (int i = 0; i < n; i++) {
		const char *spec = xlu_cfg_get_listitem(list, i);
		struct bdf bdf;

		assert_non_null(spec);
		assert_true(wanted_bdf(m.pfs[w.v[i].pf], w.v[i].index, &bdf));
		assert_means(spec, bdf, &w.v[i].options);
	}
	fake_model_done(&m);
}

static void every_option_arrives_at_libxl(void **state UNUSED)
{
	check_round_trip("{" PFS ",\"domain\":[{\"name\":\"d\",\"xen\":{\"type\":\"hvm\"},"
			 "\"devices\":["
			 "{\"pf\":\"net0\",\"index\":\"0\",\"permissive\":1},"
			 "{\"pf\":\"net0\",\"index\":\"1\",\"permissive\":0},"
			 "{\"pf\":\"net0\",\"index\":\"2\",\"msitranslate\":1},"
			 "{\"pf\":\"net0\",\"index\":\"3\",\"power_mgmt\":1,\"seize\":1},"
			 "{\"pf\":\"net0\",\"index\":\"4\",\"rdm_policy\":\"relaxed\"},"
			 "{\"pf\":\"net0\",\"index\":\"5\",\"rdm_policy\":\"strict\"},"
			 "{\"pf\":\"net0\",\"index\":\"6\",\"name\":\"up\",\"permissive\":1}]}]}",
			 7);
}

/* To libxl "10" is slot sixteen. */
static void slots_arrive_as_hexadecimal(void **state UNUSED)
{
	check_round_trip("{" PFS ",\"domain\":[{\"name\":\"d\",\"xen\":{\"type\":\"hvm\"},"
			 "\"devices\":["
			 "{\"pf\":\"net0\",\"index\":\"0\",\"vslot\":\"10\"},"
			 "{\"pf\":\"net0\",\"index\":\"1\",\"vslot\":\"9\"},"
			 "{\"pf\":\"net0\",\"index\":\"2\",\"vslot\":\"1f\",\"permissive\":1},"
			 "{\"pf\":\"net0\",\"index\":\"3\",\"vslot\":\"0\"}]}]}",
			 4);
}

static void defaults_of_the_domain_arrive_unless_the_device_says_otherwise(void **state UNUSED)
{
	check_round_trip("{" PFS ",\"domain\":[{\"name\":\"d\",\"xen\":{\"type\":\"pv\","
			 "\"permissive\":1},\"devices\":[{\"pf\":\"net0\",\"index\":\"*\"},"
			 "{\"pf\":\"net1\",\"index\":\"2-4\",\"permissive\":0}]}]}",
			 10);
}

static void short_and_empty_lists_parse_too(void **state UNUSED)
{
	check_round_trip("{" PFS ",\"domain\":[{\"name\":\"d\",\"devices\":["
			 "{\"pf\":\"net1\",\"index\":\"6\",\"seize\":1}]}]}",
			 1);
	check_round_trip("{" PFS ",\"domain\":[{\"name\":\"d\",\"devices\":["
			 "{\"pf\":\"net1\",\"index\":\"5-6\"}]}]}",
			 2);
	check_round_trip("{" PFS ",\"domain\":[{\"name\":\"d\",\"devices\":[]}]}", 0);
}

static void companions_are_words_xl_knows(void **state UNUSED)
{
	__attribute__((cleanup(cleanup_cfg))) XLU_Config *cfg = NULL;
	_cleanup_free_ char *text = NULL;
	libxl_passthrough mode;
	struct fake_model m;
	const char *s = NULL;

	fake_model_init(&m, two_ports, 2,
			"{" PFS ",\"domain\":[{\"name\":\"d\",\"xen\":{\"type\":\"pv\"},"
			"\"devices\":[{\"pf\":\"net0\",\"index\":\"0\"}]}]}");
	text = fake_model_render(&m, "xl", NULL);
	assert_non_null(text);
	cfg = read_cfg(text);
	assert_number(cfg, "e820_host", 1);
	assert_int_equal(xlu_cfg_get_string(cfg, "passthrough", &s, 0), 0);
	assert_int_equal(libxl_passthrough_from_string(s, &mode), 0);
	assert_int_equal(mode, LIBXL_PASSTHROUGH_ENABLED);
	fake_model_done(&m);
}

static void hvm_domain_gets_no_pv_setting(void **state UNUSED)
{
	__attribute__((cleanup(cleanup_cfg))) XLU_Config *cfg = NULL;
	_cleanup_free_ char *text = NULL;
	struct fake_model m;
	long v;

	fake_model_init(&m, two_ports, 2,
			"{" PFS ",\"domain\":[{\"name\":\"d\",\"xen\":{\"type\":\"hvm\"},"
			"\"devices\":[{\"pf\":\"net0\",\"index\":\"0\"}]}]}");
	text = fake_model_render(&m, "xl", NULL);
	assert_non_null(text);
	cfg = read_cfg(text);
	assert_int_equal(xlu_cfg_get_long(cfg, "e820_host", &v, 1), ESRCH);
	fake_model_done(&m);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(every_option_arrives_at_libxl),
	cmocka_unit_test(slots_arrive_as_hexadecimal),
	cmocka_unit_test(defaults_of_the_domain_arrive_unless_the_device_says_otherwise),
	cmocka_unit_test(short_and_empty_lists_parse_too),
	cmocka_unit_test(companions_are_words_xl_knows),
	cmocka_unit_test(hvm_domain_gets_no_pv_setting),
};

TEST_MAIN(tests)
