// SPDX-License-Identifier: GPL-2.0-or-later
/* Definitions of domains that work against the topology. */
#include <string.h>

#include "engine/check/check.h"

/* The next apply would make it assignable again; until then the host has it. */
static void note_managed(const struct desired *g, size_t d, const struct wanted_vf *w,
			 struct problems *problems)
{
	const struct topo_domain *t = &g->topo->domains[d];
	char label[WANTED_LABEL_MAX];
	struct err *e = problem_note(problems, w->dev->loc,
				     "managed='yes' in the definition of domain %s: when it ends, "
				     "the VF may go back to the host's driver",
				     t->name);

	err_step(e, "note: %s", wanted_label(label, g->topo, w->pf, w->index));
	err_fix(e, 0, "write managed='no' there, run: virsh edit %s",
		t->libvirt ? t->libvirt : t->name);
}

/* The domain that the topology gives the VF to; NULL: to none. */
static const char *wanted_domain(const struct desired *g, struct vf_ref vf)
{
	for (size_t p = 0; p < g->topo->n_pfs; p++)
		if (g->pfs[p] == vf.pf && vf.index < vf.pf->n_vfs &&
		    g->vfs[p][vf.index].domain != NO_DOMAIN)
			return g->topo->domains[g->vfs[p][vf.index].domain].name;
	return NULL;
}

/* A domain that is off fails to start without it, and one that gets it takes it from another. */
static void note_kept(const struct desired *g, const struct attachment *kept,
		      struct problems *problems)
{
	const struct loc nowhere = { 0, 0 };
	char label[VF_LABEL_MAX];
	const char *wanted;
	struct vf_ref vf;
	struct err *e;

	if (!inventory_find_vf(g->inv, kept->bdf, &vf))
		return;
	wanted = wanted_domain(g, vf);
	if (wanted && !strcmp(wanted, kept->domain))
		return;
	e = problem_note(problems, nowhere,
			 "domain %s is started with it the next time, and the topology gives it to "
			 "%s%s",
			 kept->domain, wanted ? "domain " : "none", wanted ? wanted : "");
	vf_label(label, vf);
	err_step(e, "note: %s", label);
	label[strcspn(label, " ")] = '\0';
	err_fix(e, 0, "run: vfyard pci-detach %s %s", kept->domain, label);
}

void check_defined(const struct desired *g, struct problems *problems)
{
	for (size_t d = 0; d < g->topo->n_domains; d++)
		for (size_t i = 0; i < g->wanted[d].n; i++) {
			const struct wanted_vf *w = &g->wanted[d].v[i];

			if (w->index < g->pfs[w->pf]->n_vfs &&
			    (g->vfs[w->pf][w->index].defined & DEFINED_MANAGED))
				note_managed(g, d, w, problems);
		}
	for (size_t i = 0; i < g->n_kept; i++)
		note_kept(g, &g->kept[i], problems);
}

void check_unread(const struct desired *g, struct problems *problems)
{
	for (size_t d = 0; d < g->topo->n_domains; d++) {
		const struct topo_domain *t = &g->topo->domains[d];
		const struct err *why = &g->domains[d].unread;
		size_t n = problems->n;
		struct err *e;

		if (!why->cause[0] || problems_has_domain(problems, t->name))
			continue;
		e = problem_error(problems, t->loc, "%s", why->cause);
		err_status(e, 0, EXIT_REFUSED);
		err_step(e, "%s", t->name);
		err_fix(e, 0, "%s", why->fix);
		if (problems->n > n)
			problems->v[n].domain = t->name;
	}
}
