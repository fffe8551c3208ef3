// SPDX-License-Identifier: GPL-2.0-or-later
/* The example topologies, which every build reads. */
#include "test.h"

#include <string.h>

#include "engine/check/check.h"
#include "fake_backend.h"
#include "fake_example_host.h"
#include "topology/build/load.h"

static void json_topology_has_no_errors(void **state UNUSED)
{
	struct problems problems = { .file = "topology.json" };
	struct topology *t = NULL;
	struct err e = { 0 };

	assert_int_equal(topology_load(&t, "xl-cfg/topology.json", &problems, &e), 0);
	assert_int_equal(problems.n, 0);
	assert_int_equal(t->n_pfs, 3);
	assert_int_equal(t->n_vfs, 5);
	assert_int_equal(t->n_domains, 2);
	topology_free(t);
	problems_done(&problems);
}

static void passes_on_its_host(const char *path)
{
	struct problems problems = { 0 };
	struct topology *t = NULL;
	struct inventory *inv = NULL;
	struct binding bound = { 0 };
	struct fake_root f;
	struct backend b;

	fake_example_host_init(&f);
	fake_backend_init(&b, &f.host);
	assert_int_equal(topology_load(&t, path, &problems, NULL), 0);
	assert_int_equal(inventory_read(&inv, &f.host, INVENTORY_ALL | INVENTORY_FUNCTIONS, NULL),
			 0);
	assert_int_equal(binding_make(&bound, t, &f.host, inv, NULL), 0);
	assert_int_equal(check_host(&bound, &f.host, inv, NULL, &fake_backend_ops, &b, false,
				    &problems, NULL),
			 0);
	if (problems.n_errors)
		problems_print(&problems, stderr);
	assert_int_equal(problems.n_errors, 0);
	problems_done(&problems);
	binding_done(&bound);
	inventory_free(inv);
	topology_free(t);
	fake_root_done(&f);
}

static void host_it_describes_passes_the_check(void **state UNUSED)
{
	passes_on_its_host("xl-cfg/topology.json");
	passes_on_its_host("xl-cfg/whole.cfg");
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(json_topology_has_no_errors),
	cmocka_unit_test(host_it_describes_passes_the_check),
};

TEST_MAIN(tests)
