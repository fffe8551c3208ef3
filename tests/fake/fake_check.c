// SPDX-License-Identifier: GPL-2.0-or-later
#include "test.h"

#include <string.h>

#include "engine/check/check.h"
#include "fake_backend.h"
#include "fake_root.h"

#include "fake_check.h"
#include "topology/build/load.h"

/* Two ports with three VFs each, and a drive without a network device or VFs. */
static const struct fake_pf pfs[] = {
	{ "0000:05:00.0", "eth0", "igb", "igbvf", 7, 3, 128, 2, -1 },
	{ "0000:05:00.1", "eth1", "igb", "igbvf", 7, 3, 128, 2, -1 },
	{ "0000:81:00.0", NULL, "nvme", NULL, 8, 0, 1, 1, -1 },
};

int fake_check_setup(void **state)
{
	struct fake_check *t = calloc(1, sizeof(*t));

	fake_root_init(&t->root, NULL);
	for (size_t i = 0; i < ARRAY_SIZE(pfs); i++)
		fake_root_add_pf(&t->root, &pfs[i]);
	fake_backend_init(&t->backend, &t->root.host);
	t->ops = fake_backend_ops;
	*state = t;
	return 0;
}

int fake_check_teardown(void **state)
{
	struct fake_check *t = *state;

	topology_free(t->topo);
	problems_done(&t->problems);
	fake_root_done(&t->root);
	free(t);
	return 0;
}

/* The text is JSON with apostrophes for quotes, so that it is readable in C. */
void fake_check_load(struct fake_check *t, const char *text)
{
	_cleanup_free_ char *json = strdup(text);
	struct problems problems = { .file = "t.json" };

	for (char *c = json; *c; c++)
		if (*c == '\'')
			*c = '"';
	if (topology_parse(&t->topo, json, strlen(json), "t.json", &problems, NULL) < 0) {
		problems_print(&problems, stderr);
		fail();
	}
	problems_done(&problems);
}

void fake_check_run_with(struct fake_check *t, const struct backend_ops *ops, struct backend *b)
{
	struct inventory *inv = NULL;
	struct binding bound = { 0 };

	assert_int_equal(inventory_read(&inv, &t->root.host, INVENTORY_ALL, NULL), 0);
	if (b)
		assert_int_equal(t->ops.survey(b, inv, NULL), 0);
	assert_int_equal(binding_make(&bound, t->topo, &t->root.host, inv, NULL), 0);
	assert_int_equal(
		check_host(&bound, &t->root.host, inv, NULL, ops, b, false, &t->problems, NULL), 0);
	binding_done(&bound);
	inventory_free(inv);
}

void fake_check_run(struct fake_check *t)
{
	fake_check_run_with(t, &t->ops, &t->backend);
}

/* Asserts that this is the only problem, as it is printed. */
void fake_check_only(const struct fake_check *t, bool is_note, const char *want)
{
	char line[2048];

	if (t->problems.n != 1)
		problems_print(&t->problems, stderr);
	assert_int_equal(t->problems.n, 1);
	assert_int_equal(t->problems.v[0].is_note, is_note);
	assert_string_equal(err_format(&t->problems.v[0].err, line, sizeof(line)), want);
}

void fake_check_none(const struct fake_check *t)
{
	problems_print(&t->problems, stderr);
	assert_int_equal(t->problems.n, 0);
}

struct fake_device *fake_check_give(struct fake_check *t, const char *bdf, const char *domain)
{
	struct fake_device *d;
	struct bdf b;

	assert_int_equal(bdf_parse(&b, bdf, NULL), 0);
	fake_backend_set_state(&t->backend, b, VF_ABSENT);
	d = fake_backend_device(&t->backend, b);
	snprintf(d->domain, sizeof(d->domain), "%s", domain);
	return d;
}

void fake_check_add_vf_netdev(struct fake_check *t, const char *bdf, const char *netdev,
			      const char *mac)
{
	char line[512];

	snprintf(line, sizeof(line), "sys/devices/pci0000:05/%s/net/%s/address=%s", bdf, netdev,
		 mac);
	fake_root_add(&t->root, line);
	snprintf(line, sizeof(line), "sys/devices/pci0000:05/%s/net/%s/device -> ../../../%s", bdf,
		 netdev, bdf);
	fake_root_add(&t->root, line);
	snprintf(line, sizeof(line), "sys/class/net/%s -> ../../devices/pci0000:05/%s/net/%s",
		 netdev, bdf, netdev);
	fake_root_add(&t->root, line);
}
