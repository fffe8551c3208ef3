// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/plan/neighbours.h"

#include <stdlib.h>
#include <string.h>

static int by_group(const void *a, const void *b)
{
	const struct vf *x = vf_of(*(const struct vf_ref *)a);
	const struct vf *y = vf_of(*(const struct vf_ref *)b);

	if (x->iommu_group != y->iommu_group)
		return x->iommu_group < y->iommu_group ? -1 : 1;
	return bdf_cmp(x->bdf, y->bdf);
}

int neighbours_find(struct neighbours *ret, const struct inventory *inv,
		    const struct backend_ops *ops, const struct desired *wanted, struct err *e)
{
	struct neighbours b = { .v = calloc(inv->n_vfs + 1, sizeof(*b.v)), .wanted = wanted };

	*ret = b;
	if (!b.v)
		return err_set(e, ENOMEM, "out of memory");
	for (size_t i = 0; ops && ops->gives_groups && i < inv->n_vfs; i++)
		if (vf_of(inv->by_bdf[i])->iommu_group != NO_GROUP)
			b.v[b.n++] = inv->by_bdf[i];
	if (b.n)
		qsort(b.v, b.n, sizeof(*b.v), by_group);
	*ret = b;
	return 0;
}

void neighbours_done(struct neighbours *b)
{
	free(b->v);
	*b = (struct neighbours){ 0 };
}

/* The first of the group. */
static size_t find_group(const struct neighbours *b, int32_t group)
{
	size_t first = 0, end = b->n;

	while (first < end) {
		size_t middle = first + (end - first) / 2;

		if (vf_of(b->v[middle])->iommu_group < group)
			first = middle + 1;
		else
			end = middle;
	}
	return first;
}

static bool is_of(const struct step *s, enum step_kind kind, struct vf_ref vf)
{
	return s->kind == kind && s->vf.pf == vf.pf && s->vf.index == vf.index;
}

/* The guest that has it when step @i begins; NULL: none. */
static const char *guest_of(const struct plan *p, size_t i, struct vf_ref vf)
{
	const struct vf *v = vf_of(vf);

	for (size_t k = 0; k < i; k++)
		if (is_of(&p->v[k], STEP_DETACH, vf))
			return NULL;
	return v->state != VF_ATTACHED ? NULL : v->domain ? v->domain : "?";
}

/* The domain of the topology that is to have it. */
static const char *wanted_by(const struct desired *g, struct vf_ref vf)
{
	for (size_t p = 0; g && p < g->topo->n_pfs; p++)
		if (g->pfs[p] == vf.pf && g->vfs[p][vf.index].domain != NO_DOMAIN)
			return g->topo->domains[g->vfs[p][vf.index].domain].name;
	return NULL;
}

static bool is_assigned(const struct plan *p, struct vf_ref vf)
{
	for (size_t k = 0; k < p->n; k++)
		if (is_of(&p->v[k], STEP_ASSIGN, vf))
			return true;
	return false;
}

/* pci-stub does nothing with a device, and the kernel lets it beside a guest. Source: Linux
 * drivers/pci/pci-stub.c, driver_managed_dma; before 5.19 drivers/vfio/vfio.c,
 * vfio_driver_allowed[]. */
static bool is_asked(const struct step *s)
{
	return (s->kind == STEP_UNASSIGN || s->kind == STEP_PROBE ||
		(s->kind == STEP_RESTORE && s->saved->driver[0] &&
		 strcmp(s->saved->driver, "pci-stub") != 0)) &&
	       !s->is_new && vf_of(s->vf)->iommu_group != NO_GROUP;
}

static int refuse(const struct step *s, struct vf_ref neighbour, const char *domain,
		  const char *what, struct err *e)
{
	char label[VF_LABEL_MAX];

	vf_label(label, neighbour);
	err_refuse(e, EBUSY,
		   "its IOMMU group %d is also that of %s, which %s%s%s: one guest has the "
		   "whole group",
		   (int)vf_of(s->vf)->iommu_group, label, domain ? "domain " : "",
		   domain ? domain : "", what);
	return err_fix(e, -EBUSY, "leave it as it is, or put the card behind a port with ACS");
}

static int refuse_beside(const struct neighbours *b, const struct plan *p, size_t i,
			 struct vf_ref neighbour, struct err *e)
{
	const struct step *s = &p->v[i];
	const char *domain = guest_of(p, i, neighbour);

	if (domain)
		return refuse(s, neighbour, domain, " has", e);
	if (s->kind == STEP_UNASSIGN)
		return 0;
	domain = wanted_by(b->wanted, neighbour);
	if (domain)
		return refuse(s, neighbour, domain, " gets", e);
	return is_assigned(p, neighbour) ? refuse(s, neighbour, NULL, "is made assignable", e) : 0;
}

int neighbours_refuse(const struct neighbours *b, const struct plan *p, size_t i, struct err *e)
{
	const struct step *s = &p->v[i];
	int32_t group;
	int r = 0;

	if (!b->n || !is_asked(s))
		return 0;
	group = vf_of(s->vf)->iommu_group;
	for (size_t k = find_group(b, group);
	     r == 0 && k < b->n && vf_of(b->v[k])->iommu_group == group; k++)
		if (vf_of(b->v[k]) != vf_of(s->vf))
			r = refuse_beside(b, p, i, b->v[k], e);
	return r;
}

int neighbours_refuse_any(const struct plan *p, const struct inventory *inv,
			  const struct backend_ops *ops, struct err *e)
{
	_cleanup_(neighbours_done) struct neighbours b = { 0 };
	int r = neighbours_find(&b, inv, ops, NULL, e);

	for (size_t i = 0; r == 0 && i < p->n; i++) {
		char label[VF_LABEL_MAX];

		r = neighbours_refuse(&b, p, i, e);
		if (r < 0)
			err_at(e, r, step_object(label, &p->v[i]), step_name(p->v[i].kind));
	}
	return r;
}
