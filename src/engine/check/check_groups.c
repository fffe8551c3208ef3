// SPDX-License-Identifier: GPL-2.0-or-later
/* IOMMU groups that two domains, or a domain and the host, would have to share. */
#include <stdlib.h>

#include "base/array.h"
#include "engine/check/check.h"
#include "engine/check/check_parts.h"
#include "engine/plan/neighbours.h"

/* A VF of a domain, with its group. */
struct share {
	int32_t group;
	size_t domain;
	struct wanted_vf want;
};

struct shares {
	struct share *v;
	size_t n;
};

static int add(struct shares *s, int32_t group, size_t domain, const struct wanted_vf *w)
{
	if (ARRAY_GROW(s->v, s->n) < 0)
		return -ENOMEM;
	s->v[s->n++] = (struct share){ group, domain, *w };
	return 0;
}

static int find(const struct check *c, struct shares *ret, struct err *e)
{
	int r = 0;

	for (size_t d = 0; r == 0 && d < c->topo->n_domains; d++) {
		const struct wanted *w = &c->wanted[d];

		for (size_t i = 0; r == 0 && i < w->n; i++) {
			const struct vf *vf = check_vf_now(c, w->v[i].pf, w->v[i].index);

			if (vf && vf->iommu_group != NO_GROUP)
				r = add(ret, vf->iommu_group, d, &w->v[i]);
		}
	}
	return r < 0 ? err_set(e, ENOMEM, "out of memory") : 0;
}

static int by_group(const void *a, const void *b)
{
	const struct share *x = a, *y = b;

	if (x->group != y->group)
		return x->group < y->group ? -1 : 1;
	if (x->domain != y->domain)
		return x->domain < y->domain ? -1 : 1;
	return (x->want.index > y->want.index) - (x->want.index < y->want.index);
}

/* @a belongs to the earlier domain. When one of the two does not run, they may run in turn. */
static void report(struct check *c, const struct share *a, const struct share *b)
{
	const struct topo_domain *first = &c->topo->domains[a->domain];
	const struct topo_domain *other = &c->topo->domains[b->domain];
	bool both = check_is_running(c, first) && check_is_running(c, other);
	char label[VF_LABEL_MAX], name[WANTED_LABEL_MAX];
	struct err *e;

	vf_label(label, (struct vf_ref){ c->pfs[b->want.pf], b->want.index });
	e = (both ? check_error : check_note)(
		c, b->want.dev->loc, label,
		"its IOMMU group %d also has %s of domain %s, and one guest gets the whole "
		"group",
		(int)b->group, wanted_label(name, c->topo, a->want.pf, a->want.index), first->name);
	err_fix(e, 0, "give both to one domain, or put the card behind a port with ACS");
}

static bool is_taken(const struct check *c, struct bdf dev)
{
	return c->takes.n && bsearch(&dev, c->takes.v, c->takes.n, sizeof(*c->takes.v), bdf_order);
}

/* One note for a PF: it may have hundreds of VFs. */
static void note_to_come(struct check *c, size_t pf)
{
	struct pf *have = c->pfs[pf];
	unsigned n = 0;

	for (unsigned i = 0; have && i < have->n_vfs; i++)
		n += have->vfs[i].state == VF_HOST && is_taken(c, have->vfs[i].bdf) &&
		     c->ops->group_comes(c->host, (struct vf_ref){ have, i });
	if (n)
		check_note(c, c->topo->pfs[pf].loc, c->topo->pfs[pf].name,
			   "the IOMMU group of %u VF%s to be taken is not known yet: on "
			   "this machine the kernel makes it when a VF is first bound; apply "
			   "looks then, and undoes that where the group is shared",
			   n, n == 1 ? "" : "s");
}

int check_groups(struct check *c, struct err *e)
{
	struct shares s = { 0 };
	int r = 0;

	if (c->ops && c->ops->gives_groups)
		r = find(c, &s, e);
	if (s.n)
		qsort(s.v, s.n, sizeof(*s.v), by_group);
	for (size_t i = 1; r == 0 && i < s.n; i++)
		if (s.v[i].group == s.v[i - 1].group && s.v[i].domain != s.v[i - 1].domain)
			report(c, &s.v[i - 1], &s.v[i]);
	free(s.v);
	for (size_t i = 0; c->ops && c->ops->group_comes && i < c->topo->n_pfs; i++)
		note_to_come(c, i);
	return r;
}

/* Steps of one VF's driver follow each other: the first says it. */
int check_neighbours(const struct plan *p, const struct desired *g, const struct backend_ops *ops,
		     struct problems *problems, struct err *e)
{
	_cleanup_(neighbours_done) struct neighbours b = { 0 };
	int r = neighbours_find(&b, g->inv, ops, g, e);
	const struct vf *said = NULL;

	for (size_t i = 0; r == 0 && i < p->n; i++) {
		char label[VF_LABEL_MAX];
		struct err why = { 0 }, *x;

		if (neighbours_refuse(&b, p, i, &why) == 0 || said == vf_of(p->v[i].vf))
			continue;
		said = vf_of(p->v[i].vf);
		x = problem_error(problems, (struct loc){ 0, 0 }, "%s", why.cause);
		err_status(x, 0, EXIT_REFUSED);
		err_at(x, 0, NULL, step_object(label, &p->v[i]));
		err_fix(x, 0, "%s", why.fix);
	}
	return r;
}
