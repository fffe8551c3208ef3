// SPDX-License-Identifier: GPL-2.0-or-later
#include "test.h"

#include "fake_model.h"

#include <string.h>

#include "host/pci/functions.h"
#include "report/render_drivers.h"
#include "topology/build/load.h"

static void die_of(const struct problems *p, const struct err *e)
{
	problems_print(p, stderr);
	err_print(e, stderr);
	abort();
}

static void read_host(struct fake_model *m)
{
	unsigned flags =
		topology_has_devs(m->topo) ? INVENTORY_ALL | INVENTORY_FUNCTIONS : INVENTORY_ALL;
	struct problems ignored = { 0 };
	struct err e = { 0 };

	if (inventory_read(&m->inv, &m->root.host, flags, &e) < 0 ||
	    functions_read(&m->root.host, &m->devices, &m->in.n_devices, &e) < 0)
		die_of(&m->notes, &e);
	for (size_t i = 0; i < m->topo->n_pfs; i++)
		m->pfs[i] = inventory_find_pf(m->inv, m->topo->pfs[i].bdf);
	/* What is missing comes with fake_model_reread(). */
	if (topology_has_devs(m->topo))
		topology_match(m->topo, &m->root.host, m->inv, m->pfs, &ignored);
	problems_done(&ignored);
	m->in.inv = m->inv;
	m->in.devices = m->devices;
	if (render_drivers_read(&m->root.host, m->inv, &m->drivers, &m->n_drivers) < 0)
		abort();
	m->in.drivers = m->drivers;
	m->in.n_drivers = m->n_drivers;
}

void fake_model_init(struct fake_model *m, const struct fake_pf *pfs, size_t n,
		     const char *topology)
{
	struct err e = { 0 };

	*m = (struct fake_model){ .notes.file = "topology.json" };
	fake_root_init(&m->root, NULL);
	fake_root_add(&m->root, "sys/bus/pci/devices/");
	for (size_t i = 0; i < n; i++)
		fake_root_add_pf(&m->root, &pfs[i]);
	if (topology_parse(&m->topo, topology, strlen(topology), "topology.json", &m->notes, &e) <
	    0)
		die_of(&m->notes, &e);
	problems_done(&m->notes);
	m->pfs = calloc(m->topo->n_pfs + 1, sizeof(struct pf *));
	m->in.topo = m->topo;
	m->in.pfs = m->pfs;
	m->in.vectors_per_vf = RENDER_VECTORS_ASSUMED;
	read_host(m);
}

static void forget_host(struct fake_model *m)
{
	inventory_free(m->inv);
	free(m->devices);
	render_drivers_done(m->drivers, m->n_drivers);
}

void fake_model_reread(struct fake_model *m)
{
	forget_host(m);
	read_host(m);
}

void fake_model_done(struct fake_model *m)
{
	forget_host(m);
	topology_free(m->topo);
	free(m->pfs);
	problems_done(&m->notes);
	fake_root_done(&m->root);
}

char *fake_model_render(struct fake_model *m, const char *format, struct err *e)
{
	const struct renderer *renderer;
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);
	int r = renderer_find(&renderer, format, e);

	if (r == 0)
		r = renderer->fn(&m->in, out, &m->notes, e);
	fclose(out);
	if (r == 0)
		return text;
	free(text);
	return NULL;
}

static void write_golden(const char *path, const char *text)
{
	_cleanup_file_ FILE *f = fopen(path, "we");

	assert_non_null(f);
	assert_int_equal(fwrite(text, 1, strlen(text), f), strlen(text));
}

void assert_golden(const char *name, const char *text)
{
	const char *mode = getenv("GOLDEN");
	_cleanup_file_ FILE *f = NULL;
	char path[256], want[65536];
	size_t n;

	assert_non_null(text);
	snprintf(path, sizeof(path), "tests/golden/%s", name);
	if (mode && !strcmp(mode, "write"))
		write_golden(path, text);
	f = fopen(path, "re");
	if (!f)
		fail_msg("%s: %s", path, strerror(errno));
	n = fread(want, 1, sizeof(want) - 1, f);
	want[n] = '\0';
	assert_string_equal(text, want);
}
