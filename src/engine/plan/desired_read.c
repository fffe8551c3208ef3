// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/plan/desired_read.h"

#include <stdlib.h>
#include <string.h>

#include "host/inventory/pf_driver.h"

static int no_memory(struct err *e)
{
	return err_set(e, ENOMEM, "out of memory");
}

static int read_pf(struct desired *g, const struct desired_source *from, size_t p, struct err *e)
{
	struct pf *pf = g->pfs[p];
	char name[BDF_STRLEN];
	int r;

	g->is_down[p] = pf_is_up(from->host, pf) == 0;
	r = inventory_expect(pf, topology_numvfs(&g->topo->pfs[p], pf), e);

	if (r == 0)
		r = inventory_read_attrs(from->inv, from->host, pf, e);
	if (r < 0)
		return err_at(e, r, pf_label(name, pf), "read attributes");
	g->vfs[p] = calloc(pf->n_vfs + 1, sizeof(*g->vfs[p]));
	if (!g->vfs[p])
		return no_memory(e);
	for (unsigned i = 0; i < pf->n_vfs; i++)
		g->vfs[p][i] = (struct desired_vf){ .want = topology_attrs(g->topo, p, i),
						    .domain = NO_DOMAIN,
						    .options = DEV_OPTIONS_INIT };
	return 0;
}

static void place_devices(struct desired *g, size_t d)
{
	const struct wanted *w = &g->wanted[d];

	for (size_t i = 0; i < w->n; i++) {
		const struct wanted_vf *x = &w->v[i];

		if (x->index >= g->pfs[x->pf]->n_vfs)
			continue; /* check reports it */
		g->vfs[x->pf][x->index].domain = d;
		g->vfs[x->pf][x->index].options = x->options;
	}
}

/* A domain that does not run waits for its VFs to be assignable; that is not a failure. When nobody
 * can find out whether it runs, check says why. */
static void read_domain(struct desired *g, const struct desired_source *from, size_t d)
{
	struct desired_domain *x = &g->domains[d];
	const char *name = g->topo->domains[d].name;
	struct err ignored = { 0 };
	int r = from->ops->domain_find(from->backend, name, &x->domain, &ignored);

	x->runs = r == 0 && x->domain.id;
	x->is_off = r == 0 && !x->domain.id;
	x->is_left = r < 0 && r != -ESRCH;
}

/* Nobody is asked on a captured host, nor with --no-attach: the definition is left out of it. */
static void read_defined(struct desired *g, const struct desired_source *from, size_t d)
{
	const struct wanted *w = &g->wanted[d];
	struct desired_domain *x = &g->domains[d];
	struct err why = { 0 };
	int r = 0;

	for (size_t i = 0; r == 0 && (x->runs || x->is_off) && from->ops->defined && i < w->n;
	     i++) {
		struct vf_ref vf = { g->pfs[w->v[i].pf], w->v[i].index };

		if (vf.index < vf.pf->n_vfs)
			r = from->ops->defined(from->backend, &x->domain, vf,
					       &g->vfs[w->v[i].pf][vf.index].defined, &why);
	}
	if (r < 0 && r != -ENODATA && r != -ECANCELED)
		x->unread = why;
}

static bool has_definition(const struct desired *g)
{
	for (size_t d = 0; d < g->topo->n_domains; d++)
		for (size_t i = 0; i < g->wanted[d].n; i++) {
			const struct wanted_vf *w = &g->wanted[d].v[i];

			if (w->index < g->pfs[w->pf]->n_vfs &&
			    (g->vfs[w->pf][w->index].defined & DEFINED_KNOWN))
				return true;
		}
	return false;
}

/* Whoever keeps definitions has been asked then. What cannot be read is no difference. */
static void read_kept(struct desired *g, const struct desired_source *from)
{
	struct err ignored = { 0 };

	if (from->ops && from->backend && from->ops->list_defined && has_definition(g) &&
	    from->ops->list_defined(from->backend, &g->kept, &g->n_kept, &ignored) < 0)
		g->n_kept = 0;
}

static int fill(struct desired *g, const struct desired_source *from, struct err *e)
{
	int r = 0;

	for (size_t p = 0; r == 0 && p < g->topo->n_pfs; p++)
		r = read_pf(g, from, p, e);
	for (size_t d = 0; r == 0 && d < g->topo->n_domains; d++) {
		place_devices(g, d);
		if (!from->ops || !from->backend)
			continue;
		read_domain(g, from, d);
		read_defined(g, from, d);
	}
	if (r == 0)
		read_kept(g, from);
	return r < 0 ? r : desired_resolve_macs(g, from->host, e);
}

int desired_read(struct desired *ret, const struct desired_source *from, struct err *e)
{
	const struct topology *t = from->bound->topo;
	struct desired g = { .topo = t,
			     .pfs = from->bound->pfs,
			     .wanted = from->bound->wanted,
			     .inv = from->inv,
			     .saved = from->saved,
			     .domains = calloc(t->n_domains + 1, sizeof(*g.domains)),
			     .vfs = calloc(t->n_pfs + 1, sizeof(*g.vfs)),
			     .is_down = calloc(t->n_pfs + 1, sizeof(*g.is_down)),
			     .has_permissive = from->ops && from->ops->permissive };
	int r = g.domains && g.vfs && g.is_down ? fill(&g, from, e) : no_memory(e);

	if (r < 0) {
		desired_done(&g, from->ops);
		return r;
	}
	*ret = g;
	return 0;
}

void desired_done(struct desired *g, const struct backend_ops *ops)
{
	for (size_t d = 0; g->domains && d < g->topo->n_domains; d++)
		if ((g->domains[d].runs || g->domains[d].is_off) && ops && ops->domain_done)
			ops->domain_done(&g->domains[d].domain);
	for (size_t p = 0; g->vfs && p < g->topo->n_pfs; p++)
		free(g->vfs[p]);
	free(g->domains);
	free(g->vfs);
	free(g->is_down);
	free(g->kept);
	*g = (struct desired){ 0 };
}
