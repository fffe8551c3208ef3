// SPDX-License-Identifier: GPL-2.0-or-later
#include "topology/only.h"

#include <stdlib.h>
#include <string.h>

#include "topology/index.h"

static void keep_devs(struct topo_domain *d, size_t pf)
{
	size_t n = 0;

	for (size_t i = 0; i < d->n_devs; i++) {
		if (d->devs[i].range.pf != pf)
			continue;
		d->devs[n] = d->devs[i];
		d->devs[n++].range.pf = 0;
	}
	d->n_devs = n;
}

static void keep_domains(struct topology *t, size_t pf)
{
	size_t n = 0;

	for (size_t i = 0; i < t->n_domains; i++) {
		keep_devs(&t->domains[i], pf);
		if (t->domains[i].n_devs)
			t->domains[n++] = t->domains[i];
		else
			topo_domain_done(&t->domains[i]);
	}
	t->n_domains = n;
}

void topology_only(struct topology *t, size_t pf)
{
	struct topo_pf kept = t->pfs[pf];
	size_t n = 0;

	/* It is about the places of the others; searches do without it. */
	topo_index_free(t);
	for (size_t i = 0; i < t->n_pfs; i++)
		if (i != pf)
			topo_pf_done(&t->pfs[i]);
	t->pfs[0] = kept;
	t->n_pfs = 1;
	for (size_t i = 0; i < t->n_vfs; i++) {
		if (t->vfs[i].range.pf != pf)
			continue;
		t->vfs[n] = t->vfs[i];
		t->vfs[n++].range.pf = 0;
	}
	t->n_vfs = n;
	keep_domains(t, pf);
}
