// SPDX-License-Identifier: GPL-2.0-or-later
/* The picture on the terminal. */
#include "test.h"

#include "report/tree.h"

static struct vf vfs[] = {
	{ .bdf = { 0, 5, 0x10, 0 },
	  .driver = "held",
	  .state = VF_ATTACHED,
	  .domain = "web1",
	  .permissive = 1 },
	{ .bdf = { 0, 5, 0x10, 2 }, .driver = "igbvf", .netdev = "v1", .state = VF_HOST },
	{ .bdf = { 0, 5, 0x10, 4 }, .driver = "igbvf", .netdev = "v2", .state = VF_HOST },
	{ .bdf = { 0, 5, 0x10, 6 }, .driver = "held", .state = VF_ASSIGNABLE },
	{ .bdf = { 0, 5, 0x11, 0 }, .driver = "held", .state = VF_ASSIGNABLE },
	{ .bdf = { 0, 5, 0x11, 2 }, .state = VF_BROKEN, .why = "no\033way" },
};

static struct vf_attrs attrs[6] = {
	{ .given = VF_ATTR_MAC | VF_ATTR_VLAN | VF_ATTR_TRUST,
	  .mac = { 2, 0, 0, 0, 0, 1 },
	  .vlan = 100 },
};

static struct pf pfs[] = {
	{ .bdf = { 0, 5, 0, 0 },
	  .name = "net0",
	  .netdev = "eth0",
	  .driver = "igb",
	  .numvfs = 6,
	  .totalvfs = 7,
	  .n_vfs = 6,
	  .vfs = vfs,
	  .attrs = attrs },
	{ .bdf = { 0, 6, 0, 0 }, .totalvfs = 7 },
};

static const struct inventory inv = { .pfs = pfs, .n_pfs = 2, .n_vfs = 6, .hypervisor = "x" };

static struct topo_domain domains[] = { { .name = (char *)"web1" }, { .name = (char *)"db1" } };
static const struct topology topo = { .domains = domains, .n_domains = 2 };
static struct pf *bound_pfs[] = { &pfs[0] };
static struct wanted_vf for_web1[] = { { .index = 0 }, { .index = 3 } };
static struct wanted_vf for_db1[] = { { .index = 4 }, { .index = 9 } };
static struct wanted wanted[] = { { for_web1, 2 }, { for_db1, 2 } };
static const struct binding bound = { .topo = &topo, .pfs = bound_pfs, .wanted = wanted };
static const struct binding no_topology;

static void assert_tree(const struct tree_view *v, const char *want)
{
	_cleanup_free_ char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_int_equal(tree_text(v, out), 0);
	fclose(out);
	assert_string_equal(text, want);
}

static void vfs_that_are_alike_share_a_line(void **state UNUSED)
{
	assert_tree(&(struct tree_view){ .inv = &inv, .bound = &no_topology, .ascii = true },
		    "net0  0000:05:00.0 eth0 igb  6 of 7 VFs\n"
		    "|- 0       attached -> web1 permissive  mac=02:00:00:00:00:01  vlan=100\n"
		    "|- 1-2     host igbvf  v1, v2\n"
		    "|- 3-4     assignable\n"
		    "`- 5       broken  (no?way)\n"
		    "0000:06:00.0  0 of 7 VFs\n");
}

static void what_the_topology_wants_otherwise_stands_beside_it(void **state UNUSED)
{
	assert_tree(
		&(struct tree_view){ .inv = &inv, .bound = &bound, .pf = &pfs[0], .ascii = true },
		"net0  0000:05:00.0 eth0 igb  6 of 7 VFs\n"
		"|- 0       attached -> web1 permissive  mac=02:00:00:00:00:01  vlan=100\n"
		"|- 1-2     host igbvf  v1, v2\n"
		"|- 3       assignable  topology: web1\n"
		"|- 4       assignable  topology: db1\n"
		"`- 5       broken  (no?way)\n");
}

static void a_domain_has_what_it_has_and_shall_have(void **state UNUSED)
{
	const struct tree_view v = { .inv = &inv, .bound = &bound, .domain = "web1" };

	assert_tree(&v,
		    "net0  0000:05:00.0 eth0 igb  6 of 7 VFs\n"
		    "\u251c\u2500 0       attached \u2192 web1 permissive  mac=02:00:00:00:00:01  "
		    "vlan=100\n"
		    "\u2514\u2500 3       assignable  topology: web1\n");
	assert_true(tree_has_domain(&v, "db1"));
	assert_false(tree_has_domain(&v, "net0"));
}

static void colors_repeat_words(void **state UNUSED)
{
	assert_tree(
		&(struct tree_view){ .inv = &inv,
				     .bound = &bound,
				     .domain = "db1",
				     .ascii = true,
				     .colors = true },
		"\033[1mnet0\033[0m  0000:05:00.0 eth0 igb  6 of 7 VFs\n"
		"`- 4       \033[36massignable\033[0m  \033[33mtopology: \033[0m\033[33mdb1\033[0m\n");
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(vfs_that_are_alike_share_a_line),
	cmocka_unit_test(what_the_topology_wants_otherwise_stands_beside_it),
	cmocka_unit_test(a_domain_has_what_it_has_and_shall_have),
	cmocka_unit_test(colors_repeat_words),
};

TEST_MAIN(tests)
