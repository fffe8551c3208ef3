// SPDX-License-Identifier: GPL-2.0-or-later
/* Every example in xl-cfg: libxlutil reads domains, our reader reads topologies. */
#include "test.h"

#include <string.h>
#include <libxl.h>
#include <libxlutil.h>

#include "topology/domain_slots.h"
#include "host/pci/functions.h"
#include "fake_example_host.h"
#include "render/render.h"
#include "topology/build/load.h"

static char *read_file(const char *path)
{
	_cleanup_file_ FILE *f = fopen(path, "re");
	char *text = NULL;
	size_t size = 0;

	assert_non_null(f);
	assert_true(getdelim(&text, &size, '\0', f) > 0);
	return text;
}

static struct topology *load(const char *path)
{
	struct problems problems = { .file = path };
	struct topology *t = NULL;
	struct err e = { 0 };
	int r = topology_load(&t, path, &problems, &e);

	problems_print(&problems, stderr);
	assert_int_equal(r, 0);
	assert_int_equal(problems.n, 0);
	problems_done(&problems);
	return t;
}

/* Renders a topology on a host. */
static char *render(struct topology *t, const struct host *h, const char *format,
		    const char *domain)
{
	struct problems problems = { 0 };
	struct render_in in = { .topo = t, .vectors_per_vf = RENDER_VECTORS_ASSUMED };
	struct inventory *inv = NULL;
	struct pf **pfs = calloc(t->n_pfs + 1, sizeof(struct pf *));
	const struct renderer *renderer = NULL;
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	assert_int_equal(inventory_read(&inv, h, INVENTORY_FUNCTIONS, NULL), 0);
	topology_match(t, h, inv, pfs, &problems);
	in.inv = inv;
	in.pfs = pfs;
	in.domain = domain ? topology_find_domain(t, domain) : NULL;
	assert_int_equal(renderer_find(&renderer, format, NULL), 0);
	assert_int_equal(renderer->fn(&in, out, &problems, NULL), 0);
	fclose(out);
	free(pfs);
	inventory_free(inv);
	problems_done(&problems);
	return text;
}

static void check_domain_file(const char *path, const char *type, int n_devices)
{
	_cleanup_free_ char *text = read_file(path);
	XLU_Config *cfg = xlu_cfg_init(stderr, path);
	XLU_ConfigList *list = NULL;
	const char *s = NULL;
	int n = -1;

	assert_int_equal(xlu_cfg_readdata(cfg, text, (int)strlen(text)), 0);
	assert_int_equal(xlu_cfg_get_string(cfg, "type", &s, 0), 0);
	assert_string_equal(s, type);
	assert_int_equal(xlu_cfg_get_list(cfg, "pci", &list, &n, 0), 0);
	assert_int_equal(n, n_devices);
	for (int i = 0; i < n; i++) {
		libxl_device_pci pci;

		libxl_device_pci_init(&pci);
		assert_int_equal(
			xlu_pci_parse_spec_string(cfg, &pci, xlu_cfg_get_listitem(list, i)), 0);
		libxl_device_pci_dispose(&pci);
	}
	xlu_cfg_destroy(cfg);
}

static void domain_examples_parse(void **state UNUSED)
{
	check_domain_file("xl-cfg/pv.cfg", "pv", 4);
	check_domain_file("xl-cfg/hvm.cfg", "hvm", 9);
	check_domain_file("xl-cfg/gpu.cfg", "hvm", 4);
}

/* Checks that the file has what is printed, except the block's head comment. */
static void check_holds_rendering(const char *path, const char *topology, const char *domain)
{
	_cleanup_free_ char *file = read_file(path), *text = NULL;
	struct topology *t = load(topology);
	struct fake_root f;

	fake_example_host_init(&f);
	text = render(t, &f.host, "xl", domain);
	assert_non_null(strstr(text, "pci = ["));
	assert_non_null(strstr(file, strchr(text, '\n') + 1));
	fake_root_done(&f);
	topology_free(t);
}

static void domain_examples_hold_what_render_prints(void **state UNUSED)
{
	check_holds_rendering("xl-cfg/pv.cfg", "xl-cfg/topology.cfg", "web1");
	check_holds_rendering("xl-cfg/hvm.cfg", "xl-cfg/topology.cfg", "dpdk1");
	check_holds_rendering("xl-cfg/gpu.cfg", "xl-cfg/whole.cfg", "desk1");
}

static void topology_examples_have_no_errors(void **state UNUSED)
{
	topology_free(load("xl-cfg/topology.cfg"));
	topology_free(load("xl-cfg/topology.json"));
	topology_free(load("xl-cfg/many-vfs.cfg"));
	topology_free(load("xl-cfg/whole.cfg"));
}

static void both_forms_of_the_example_are_one_model(void **state UNUSED)
{
	static const char *const formats[] = { "dot", "grub", "modprobe" };
	struct topology *a = load("xl-cfg/topology.cfg"), *b = load("xl-cfg/topology.json");
	struct fake_root f;

	/* The renderers name the file that they were made from. */
	free(b->file);
	b->file = strdup(a->file);
	fake_example_host_init(&f);
	for (size_t i = 0; i < ARRAY_SIZE(formats); i++) {
		_cleanup_free_ char *x = render(a, &f.host, formats[i], NULL);
		_cleanup_free_ char *y = render(b, &f.host, formats[i], NULL);

		assert_string_equal(x, y);
	}
	for (size_t pf = 0; pf < a->n_pfs; pf++)
		for (unsigned i = 0; i < 7; i++) {
			struct vf_attrs x = topology_attrs(a, pf, i), y = topology_attrs(b, pf, i);

			assert_int_equal(x.given, y.given);
			assert_int_equal(x.vlan, y.vlan);
			assert_int_equal(x.qos, y.qos);
			assert_int_equal(x.trust, y.trust);
			assert_int_equal(x.max_tx_rate, y.max_tx_rate);
			assert_memory_equal(x.mac, y.mac, 6);
		}
	fake_root_done(&f);
	topology_free(a);
	topology_free(b);
}

static void many_vfs_fill_the_slots_of_a_pv_domain_exactly(void **state UNUSED)
{
	struct topology *t = load("xl-cfg/many-vfs.cfg");
	_cleanup_(wanted_done) struct wanted w = { 0 };
	struct slot_dev devs[64];

	assert_int_equal(wanted_of(t, NULL, &t->domains[0], &w, NULL), 0);
	assert_int_equal(w.n, 56);
	for (size_t i = 0; i < w.n; i++)
		devs[i] = (struct slot_dev){ bdf_vf(t->pfs[w.v[i].pf].bdf, 128, 2, w.v[i].index),
					     true };
	assert_int_equal(pv_slots(devs, w.n), PV_SLOTS);
	topology_free(t);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(domain_examples_parse),
	cmocka_unit_test(domain_examples_hold_what_render_prints),
	cmocka_unit_test(topology_examples_have_no_errors),
	cmocka_unit_test(both_forms_of_the_example_are_one_model),
	cmocka_unit_test(many_vfs_fill_the_slots_of_a_pv_domain_exactly),
};

TEST_MAIN(tests)
