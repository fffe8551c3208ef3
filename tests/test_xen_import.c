// SPDX-License-Identifier: GPL-2.0-or-later
/* Domains of Xen: those that run, and those of xl's files, of which libxlutil says what is in them.
 */
#include "fake_libxl_env.h"

#include <libxlutil.h>
#include <stdlib.h>

#include "fake_import.h"
#include "topology/definition.h"

/* Told in valgrind.supp, too. */
__attribute__((visibility("default"))) const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:libxlutil\n";
}

static struct fake_import running(void)
{
	return (struct fake_import){ .host = &fake_xen.root.host,
				     .ops = &xen_backend,
				     .what = "xen" };
}

static void assert_has(const char *text, const char *words)
{
	if (!strstr(text, words))
		fail_msg("'%s' is not in\n%s", words, text);
}

static void running_domains_with_their_options(void **state UNUSED)
{
	struct dev_options o = DEV_OPTIONS_INIT;
	struct fake_import f = running();
	_cleanup_free_ char *text = NULL;
	size_t missing;

	o.permissive = 1;
	fake_xen_add_domain(9, "db", LIBXL_DOMAIN_TYPE_HVM);
	fake_xen_add_domain(4, "web 1", LIBXL_DOMAIN_TYPE_PV);
	for (unsigned i = 0; i < 5; i++)
		assert_int_equal(env_assign(i), 0);
	assert_int_equal(env_attach("db", 0), 0);
	assert_int_equal(env_attach("db", 1), 0);
	assert_int_equal(env_attach_with("web 1", 2, &o), 0);
	assert_int_equal(env_attach("web 1", 3), 0);
	text = fake_import(&f, &missing);
	assert_int_equal(missing, 0);
	assert_has(text, "\t[ \"db\", \"xen: type=hvm\", \"");
	assert_has(text, "/0-1\" ],\n");
	assert_has(text, "\t[ \"web_1\", \"xen: vm=web 1, type=pv\", \"");
	assert_has(text, "/2: permissive=1\", \"");
	assert_has(text, "/4: driver=assign\",\n");
	fake_import_holds(&f, text);
}

/* What the guest may write counts, and not what was asked for when it was attached. */
static void permissive_is_what_the_kernel_says(void **state UNUSED)
{
	struct fake_import f = running();
	_cleanup_free_ char *text = NULL;

	fake_xen_add_domain(9, "db", LIBXL_DOMAIN_TYPE_PV);
	assert_int_equal(env_assign(0), 0);
	assert_int_equal(env_attach("db", 0), 0);
	fake_root_add(&fake_xen.root, "sys/bus/pci/drivers/pciback/permissive=0000:05:10.0");
	text = fake_import(&f, NULL);
	assert_has(text, "/0: permissive=1\"");
	fake_import_holds(&f, text);
}

static void claim_of_a_domain_that_is_gone_is_said(void **state UNUSED)
{
	struct fake_import f = running();
	_cleanup_free_ char *text = NULL;
	size_t missing;

	assert_int_equal(env_assign(0), 0);
	fake_xs_set("7", "/libxl/pci/0000-05-10-0/domid");
	text = fake_import(&f, &missing);
	assert_int_equal(missing, 1);
	assert_has(text, "/0: it is stale: claimed by a domain that is gone\n");
	fake_import_holds(&f, text);
}

/* Texts of xl's files that both read. */
static const char *const files[] = {
	"name = 'a'\npci = [ '05:10.0' ]\n",
	"name='a'\npci=['0000:05:10.0,permissive=1','05:10.2@6', \"bdf=05:10.4,vslot=7\"]\n",
	("name = \"a\"\ntype = \"hvm\"\nmemory = 512\npci_permissive = 1\n"
	 "pci = [ '05:10.0', '05:10.2,permissive=0',\n  '05:10.4,rdm_policy=relaxed' ] # end\n"),
	"name=\"a\"; pci=[]; vcpus=2\n",
	"name=\"a\"\n",
	"pci_msitranslate=1\npci_power_mgmt=1\nname=\"a\"\npci=['05:10.0,msitranslate=0']\n",
	"name='first'\nname='a'\npci=['05:10.0']\npci=['05:10.2']\n",
	"name=\"a\"\r\npci=['05:10.0']\r\n",
	"name = 'a'\npci = [ '05:10.0,permissive=1,msitranslate=1,power_mgmt=1,seize=1' ]",
};

static void is_same_device(const struct definition_dev *ours, const libxl_device_pci *theirs)
{
	assert_int_equal(ours->bdf.domain, theirs->domain);
	assert_int_equal(ours->bdf.bus, theirs->bus);
	assert_int_equal(ours->bdf.dev, theirs->dev);
	assert_int_equal(ours->bdf.fn, theirs->func);
	assert_int_equal(ours->options.permissive == 1, theirs->permissive);
	assert_int_equal(ours->options.seize == 1, theirs->seize);
	assert_int_equal(ours->options.msitranslate == 1, theirs->msitranslate);
	assert_int_equal(ours->options.power_mgmt == 1, theirs->power_mgmt);
	assert_int_equal(ours->options.vslot > 0 ? ours->options.vslot << 3 : 0,
			 (int)theirs->vdevfn);
	assert_int_equal(ours->options.rdm_policy == RDM_RELAXED,
			 theirs->rdm_policy == LIBXL_RDM_RESERVE_POLICY_RELAXED);
}

/* As xl does it: the file's defaults first, then each device's own words. Source: Xen
 * tools/xl/xl_parse.c, parse_config_data(). */
static void read_theirs(XLU_Config *cfg, const char *word, libxl_device_pci *ret)
{
	long permissive = 0, msitranslate = 0, power_mgmt = 0;

	xlu_cfg_get_long(cfg, "pci_permissive", &permissive, 0);
	xlu_cfg_get_long(cfg, "pci_msitranslate", &msitranslate, 0);
	xlu_cfg_get_long(cfg, "pci_power_mgmt", &power_mgmt, 0);
	libxl_device_pci_init(ret);
	ret->permissive = permissive;
	ret->msitranslate = msitranslate;
	ret->power_mgmt = power_mgmt;
	assert_int_equal(xlu_pci_parse_spec_string(cfg, ret, word), 0);
}

static void judge(const char *text)
{
	XLU_Config *cfg = xlu_cfg_init(stderr, "t");
	struct definition d = { 0 };
	struct err e = { 0 };
	XLU_ConfigList *list = NULL;
	const char *name, *word;
	int n = 0;

	assert_int_equal(definition_reader_find("xl")->read(&d, text, strlen(text), &e), 0);
	assert_int_equal(xlu_cfg_readdata(cfg, text, (int)strlen(text)), 0);
	assert_int_equal(xlu_cfg_get_string(cfg, "name", &name, 0), 0);
	assert_string_equal(d.domain.name, name);
	if (xlu_cfg_get_list(cfg, "pci", &list, &n, 1) != 0)
		n = 0;
	assert_int_equal(d.n_devs, n);
	for (int i = 0; i < n; i++) {
		libxl_device_pci theirs;

		word = xlu_cfg_get_listitem(list, i);
		dev_options_default(&d.devs[i].options, &d.domain.defaults);
		read_theirs(cfg, word, &theirs);
		is_same_device(&d.devs[i], &theirs);
		libxl_device_pci_dispose(&theirs);
	}
	definition_done(&d);
	xlu_cfg_destroy(cfg);
}

static char *content_of(const char *path)
{
	_cleanup_file_ FILE *in = fopen(path, "re");
	char *text = calloc(1, 65536);

	assert_true(in && text);
	assert_true(fread(text, 1, 65535, in) > 0);
	return text;
}

static void files_are_read_as_libxlutil_does(void **state UNUSED)
{
	static const char *const examples[] = { "xl-cfg/pv.cfg", "xl-cfg/hvm.cfg",
						"xl-cfg/gpu.cfg" };

	for (size_t i = 0; i < ARRAY_SIZE(files); i++)
		/* it knows no other end of a line */
		if (!strchr(files[i], '\r') && files[i][strlen(files[i]) - 1] == '\n')
			judge(files[i]);
	for (size_t i = 0; i < ARRAY_SIZE(examples); i++) {
		_cleanup_free_ char *text = content_of(examples[i]);

		judge(text);
	}
}

static void files_of_other_systems_are_read(void **state UNUSED)
{
	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		struct definition d = { 0 };
		struct err e = { 0 };
		const char *text = files[i];

		assert_int_equal(definition_reader_find("xl")->read(&d, text, strlen(text), &e), 0);
		assert_string_equal(d.domain.name, "a");
		definition_done(&d);
	}
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test_setup_teardown(running_domains_with_their_options, env_setup,
					env_teardown),
	cmocka_unit_test_setup_teardown(permissive_is_what_the_kernel_says, env_setup,
					env_teardown),
	cmocka_unit_test_setup_teardown(claim_of_a_domain_that_is_gone_is_said, env_setup,
					env_teardown),
	cmocka_unit_test(files_are_read_as_libxlutil_does),
	cmocka_unit_test(files_of_other_systems_are_read),
};

TEST_MAIN(tests)
