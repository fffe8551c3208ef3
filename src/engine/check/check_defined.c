// SPDX-License-Identifier: GPL-2.0-or-later
/* Definitions of domains that work against the topology. */
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

void check_defined(const struct desired *g, struct problems *problems)
{
	for (size_t d = 0; d < g->topo->n_domains; d++)
		for (size_t i = 0; i < g->wanted[d].n; i++) {
			const struct wanted_vf *w = &g->wanted[d].v[i];

			if (w->index < g->pfs[w->pf]->n_vfs &&
			    (g->vfs[w->pf][w->index].defined & DEFINED_MANAGED))
				note_managed(g, d, w, problems);
		}
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
