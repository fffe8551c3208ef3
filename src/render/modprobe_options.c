// SPDX-License-Identifier: GPL-2.0-or-later
#include "render/modprobe_options.h"

#include <string.h>

#include "host/inventory/pf_driver.h"

/* Returns numvfs= of a PF; 0 for one that the topology does not name. */
static unsigned numvfs_of(const struct render_in *in, struct bdf pf)
{
	for (size_t i = 0; i < in->topo->n_pfs; i++)
		if (in->pfs[i] && !in->topo->pfs[i].is_dev && bdf_cmp(in->pfs[i]->bdf, pf) == 0)
			return topology_numvfs(&in->topo->pfs[i], in->pfs[i]);
	return 0;
}

static const char *module_of(const struct render_in *in, const char *driver)
{
	const struct render_driver *d = render_find_driver(in, driver);

	return d && d->module[0] ? d->module : driver;
}

static bool has_driver(const struct pf *pf, const char *driver)
{
	return pf && pf->driver && !strcmp(pf->driver, driver);
}

/* Prints a number for every port that the driver has, in the order in which the driver finds them:
 * by address.
 * Source: README of Intel's igb and ixgbe, max_vfs. */
static void print_ports(const struct render_in *in, const char *driver, FILE *out)
{
	const struct render_driver *d = render_find_driver(in, driver);
	bool any = false;

	for (size_t i = 0; d && i < d->n_bound; i++, any = true)
		fprintf(out, "%s%u", any ? "," : "", numvfs_of(in, d->bound[i]));
	for (size_t i = 0; !(d && d->n_bound) && i < in->inv->n_pfs; i++) {
		if (!has_driver(&in->inv->pfs[i], driver))
			continue;
		fprintf(out, "%s%u", any ? "," : "", numvfs_of(in, in->inv->pfs[i].bdf));
		any = true;
	}
}

/* The kernel's own build does not need it; the module's taint tells the other builds. */
static void print_max_vfs(const struct render_in *in, const struct pf_driver *p, FILE *out)
{
	const struct render_driver *d = render_find_driver(in, p->name);

	if (d && d->is_foreign == 0)
		return;
	fprintf(out,
		"# %s, where it is built outside the kernel's tree%s, may make VFs only when it is\n"
		"# loaded; if vfyard says so, write this, a number for each port it has:\n"
		"# options %s %s=",
		p->name, d && d->is_foreign == 1 ? " (as here)" : "", module_of(in, p->name),
		p->parameter);
	print_ports(in, p->name, out);
	fputc('\n', out);
}

/*
 * The same number counts for every card, and a VF may have all ports of its card: with two ports
 * num_vfs=A,B,C makes A VFs for the first port, B for the second and C for both, and a card with
 * one port refuses that. Source: Linux drivers/net/ethernet/mellanox/mlx4/main.c, param_map[],
 * __mlx4_init_one().
 */
static void print_at_load(const struct render_in *in, const struct pf_driver *p, FILE *out)
{
	unsigned n = 0;
	bool differ = false, any = false;

	for (size_t i = 0; i < in->topo->n_pfs; i++) {
		unsigned one;

		if (!has_driver(in->pfs[i], p->name))
			continue;
		one = topology_numvfs(&in->topo->pfs[i], in->pfs[i]);
		differ |= any && one != n;
		any = true;
		n = one > n ? one : n;
	}
	fprintf(out,
		"# %s makes VFs only when it is loaded. One number: each VF has all ports of its\n"
		"# card. %s=A,B,C: A with the first port, B with the second, C with both.\n",
		p->name, p->parameter);
	if (differ)
		fprintf(out,
			"# The number is that of every card, and the topology's differ: this is "
			"the largest.\n");
	fprintf(out, "options %s %s=%u probe_vf=0\n", module_of(in, p->name), p->parameter, n);
}

static bool was_seen(const struct render_in *in, size_t before, const char *driver)
{
	for (size_t i = 0; i < before; i++)
		if (has_driver(in->pfs[i], driver))
			return true;
	return false;
}

int modprobe_check_options(const struct render_in *in, struct err *e)
{
	int r = 0;

	for (size_t i = 0; i < in->topo->n_pfs && r == 0; i++)
		r = render_numvfs(in, i, e);
	return r;
}

void modprobe_print_options(const struct render_in *in, FILE *out)
{
	for (size_t i = 0; i < in->topo->n_pfs; i++) {
		const struct pf_driver *p = pf_driver_find(in->pfs[i] ? in->pfs[i]->driver : NULL);

		if (was_seen(in, i, p->name) || !in->topo->pfs[i].has_numvfs)
			continue;
		if (p->quirks & PF_AT_LOAD)
			print_at_load(in, p, out);
		else if (p->quirks & PF_PORTS_AT_LOAD)
			print_max_vfs(in, p, out);
	}
}
