// SPDX-License-Identifier: GPL-2.0-or-later
/* Chooses which VFs are released, and the order of the phases. */
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "host/inventory/pf_driver.h"
#include "engine/plan/neighbours.h"
#include "engine/plan/plan_mates.h"
#include "engine/plan/plan_release_parts.h"

const struct vf_saved *release_saved(const struct releasing *x, struct vf_ref vf)
{
	const struct vf_saved *o = state_find_vf(x->en->saved, vf);

	return o && state_is_about(o, vf_identity(vf).pf) ? o : NULL;
}

static bool is_remembered(const struct releasing *x, struct pf *pf, unsigned i)
{
	return release_saved(x, (struct vf_ref){ pf, i }) != NULL;
}

static void choose_all(struct releasing *x, struct release_pf *p)
{
	for (unsigned i = 0; i < p->pf->n_vfs; i++)
		p->is_chosen[i] = is_remembered(x, p->pf, i);
	p->o = state_find_pf(x->en->saved, p->pf);
}

/* When all VFs of a PF are named, the PF itself is meant, with the VFs that it once had. */
static void choose_pf(struct releasing *x, struct release_pf *p)
{
	for (unsigned i = 0; i < p->pf->numvfs; i++)
		if (!p->is_chosen[i])
			return;
	if (!p->pf->numvfs)
		return;
	for (unsigned i = p->pf->numvfs; i < p->pf->n_vfs; i++)
		p->is_chosen[i] = is_remembered(x, p->pf, i);
	p->o = state_find_pf(x->en->saved, p->pf);
}

/* Makes room for the VFs that it had before, too. */
static int open_pf(struct releasing *x, struct release_pf *p, struct pf *pf, struct err *e)
{
	const struct pf_saved *o = state_find_pf(x->en->saved, pf);
	int r = o ? inventory_expect(pf, o->numvfs, e) : 0;

	p->pf = pf;
	p->is_chosen = r < 0 ? NULL : calloc(pf->n_vfs + 1, sizeof(bool));
	return r < 0 || p->is_chosen ? r : err_set(e, ENOMEM, "out of memory");
}

static int add_whole(struct releasing *x, struct vf_ref f, struct err *e)
{
	if (ARRAY_GROW(x->wholes, x->n_wholes) < 0)
		return err_set(e, ENOMEM, "out of memory");
	x->wholes[x->n_wholes++] = f;
	return 0;
}

bool release_has_whole(const struct releasing *x, const struct pf *pf)
{
	for (size_t i = 0; i < x->n_wholes; i++)
		if (vf_identity(x->wholes[i]).pf == pf)
			return true;
	return false;
}

static int choose_wholes(struct releasing *x, const struct devlist *devs, struct err *e)
{
	struct vf_ref f = { 0 };
	int r = 0;

	for (size_t i = 0; r == 0 && devs && i < devs->n; i++)
		if (vf_is_whole(devs->vfs[i]))
			r = add_whole(x, devs->vfs[i], e);
	while (r == 0 && !devs && inventory_next(x->en->inv, &f))
		if (vf_is_whole(f) && release_saved(x, f))
			r = add_whole(x, f, e);
	return r;
}

static int choose(struct releasing *x, const struct devlist *devs, struct err *e)
{
	struct inventory *inv = x->en->inv;
	int r = 0;

	x->pfs = calloc(inv->n_pfs + 1, sizeof(*x->pfs));
	if (!x->pfs)
		return err_set(e, ENOMEM, "out of memory");
	for (size_t i = 0; r == 0 && i < inv->n_pfs; i++)
		r = open_pf(x, &x->pfs[i], &inv->pfs[i], e);
	if (r < 0)
		return r;
	for (size_t i = 0; devs && i < devs->n; i++)
		if (!vf_is_whole(devs->vfs[i]))
			x->pfs[devs->vfs[i].pf - inv->pfs].is_chosen[devs->vfs[i].index] = true;
	for (size_t i = 0; i < inv->n_pfs; i++) {
		if (devs)
			choose_pf(x, &x->pfs[i]);
		else
			choose_all(x, &x->pfs[i]);
		x->pfs[i].remakes = x->pfs[i].o && x->pfs[i].o->numvfs != inv->pfs[i].numvfs &&
				    !pf_driver_has(&inv->pfs[i], PF_AT_LOAD | PF_NO_VFS);
	}
	return choose_wholes(x, devs, e);
}

static int forget_one(const struct releasing *x, const struct release_pf *p, struct err *e)
{
	struct plan *plan = &x->change->plan;
	int r = 0;

	for (unsigned i = 0; r == 0 && i < p->pf->n_vfs; i++)
		if (p->is_chosen[i] && release_saved(x, (struct vf_ref){ p->pf, i }) &&
		    (p->o || !state_needs(x->en->saved, p->pf, i)))
			r = plan_add_forget(plan, p->pf->bdf, i, e);
	return r < 0 || !p->o ? r : plan_add_forget(plan, p->pf->bdf, NO_VF, e);
}

/* When everything is released, forget also the VFs, PFs and cards that are gone, because nothing
 * can be done for them. */
struct forgetting {
	const struct releasing *x;
	struct err *e;
	int r;
};

static void forget_gone(void *arg, const struct vf_saved *o)
{
	struct forgetting *f = arg;
	struct pf *pf = inventory_find_pf(f->x->en->inv, o->pf);
	struct vf_ref whole;

	if (o->index == WHOLE)
		pf = inventory_find_index(f->x->en->inv, o->pf, WHOLE, &whole)
			     ? vf_identity(whole).pf
			     : NULL;
	if (f->r == 0 &&
	    (!pf || (o->index != WHOLE && o->index >= pf->n_vfs) || !state_is_about(o, pf)))
		f->r = plan_add_forget(&f->x->change->plan, o->pf, o->index, f->e);
}

static int forget(const struct releasing *x, struct err *e)
{
	struct forgetting f = { x, e, 0 };

	for (size_t i = 0; f.r == 0 && i < x->en->inv->n_pfs; i++)
		f.r = forget_one(x, &x->pfs[i], e);
	for (size_t i = 0; f.r == 0 && i < x->n_wholes; i++)
		if (release_saved(x, x->wholes[i]))
			f.r = plan_add_forget(&x->change->plan, vf_of(x->wholes[i])->bdf, WHOLE, e);
	if (f.r == 0 && x->is_all)
		state_each(x->en->saved, forget_gone, &f);
	for (size_t i = 0; f.r == 0 && x->is_all && i < state_n_pfs(x->en->saved); i++) {
		const struct pf_saved *o = state_nth_pf(x->en->saved, i);
		struct pf *pf = inventory_find_pf(x->en->inv, o->pf);

		if (!pf || state_find_pf(x->en->saved, pf) != o)
			f.r = plan_add_forget(&x->change->plan, o->pf, NO_VF, e);
	}
	return f.r;
}

int change_release(const struct engine *en, const struct devlist *devs, struct change *ret,
		   struct err *e)
{
	struct releasing x = { .en = en, .change = ret, .is_all = !devs };
	int r;

	*ret = (struct change){ 0 };
	r = en->ops->list(en->backend, NULL, &ret->attached, &ret->n_attached, e);
	if (r == 0 && en->ops->list_defined)
		r = en->ops->list_defined(en->backend, &x.defined, &x.n_defined, e);
	if (r < 0)
		return err_at(e, r, "host", "list devices of domains");
	change_sort(ret);
	r = choose(&x, devs, e);
	if (r == 0)
		r = release_free(&x, e);
	plan_mates(&ret->plan);
	if (r == 0)
		r = plan_mates_refuse(ret, e);
	if (r == 0)
		r = release_restore_wholes(&x, e);
	if (r == 0)
		r = release_numvfs(&x, e);
	if (r == 0)
		r = release_restore(&x, e);
	if (r == 0)
		r = neighbours_refuse_any(&ret->plan, en->inv, en->ops, e);
	if (r == 0)
		r = forget(&x, e);
	for (size_t i = 0; x.pfs && i < en->inv->n_pfs; i++)
		free(x.pfs[i].is_chosen);
	free(x.pfs);
	free(x.wholes);
	free(x.defined);
	return r;
}

static int add_device(struct devlist *l, const struct engine *en, struct vf_ref vf, struct err *e)
{
	char bdf[BDF_STRLEN];

	return devlist_add(l, en->host, en->inv, NULL, bdf_str(bdf, vf_of(vf)->bdf), e);
}

static int add_wanted(const struct engine *en, const struct binding *b, size_t domain,
		      struct devlist *ret, struct err *e)
{
	const struct wanted *w = &b->wanted[domain];
	int r = 0;

	for (size_t i = 0; r == 0 && i < w->n; i++) {
		struct vf_ref vf = { b->pfs[w->v[i].pf], w->v[i].index }, found;

		if (!vf.pf || vf.index >= vf.pf->n_vfs || vf_of(vf)->state == VF_ABSENT ||
		    vf_of(vf)->state == VF_ATTACHED ||
		    !inventory_find_function(en->inv, vf_of(vf)->bdf, &found))
			continue;
		r = add_device(ret, en, vf, e);
	}
	return r;
}

static bool is_in(struct vf_ref vf, const struct domain *d)
{
	const struct vf *v = vf_of(vf);

	return v->state == VF_ATTACHED && v->domain && !strcmp(v->domain, d->name);
}

static int add_attached(const struct engine *en, const struct domain *d, struct devlist *ret,
			struct err *e)
{
	struct vf_ref f = { 0 };
	int r = 0;

	for (size_t i = 0; r == 0 && i < en->inv->n_vfs; i++)
		if (is_in(en->inv->by_bdf[i], d))
			r = add_device(ret, en, en->inv->by_bdf[i], e);
	while (r == 0 && inventory_next(en->inv, &f))
		if (vf_is_whole(f) && is_in(f, d))
			r = add_device(ret, en, f, e);
	return r;
}

/* What vfyard put into what it is started with, also where it has it not now. */
static int add_defined(const struct engine *en, const struct domain *d, struct devlist *ret,
		       struct err *e)
{
	_cleanup_free_ struct attachment *v = NULL;
	size_t n = 0;
	int r = en->ops->list_defined ? en->ops->list_defined(en->backend, &v, &n, e) : 0;

	for (size_t i = 0; r == 0 && i < n; i++) {
		struct vf_ref vf;

		if (!strcmp(v[i].domain, d->name) &&
		    inventory_find_function(en->inv, v[i].bdf, &vf) &&
		    vf_of(vf)->state != VF_ATTACHED)
			r = add_device(ret, en, vf, e);
	}
	return r;
}

int release_devices(const struct engine *en, const struct binding *b, const char *domain,
		    struct devlist *ret, struct err *e)
{
	const struct topo_domain *d = b->topo ? topology_find_domain(b->topo, domain) : NULL;
	struct domain found = { .id = 0 };
	bool is_known = false;
	int r = 0;

	if (en->ops->domain_find(en->backend, domain, &found, NULL) == 0) {
		is_known = true;
		r = add_attached(en, &found, ret, e);
		if (r == 0)
			r = add_defined(en, &found, ret, e);
		if (en->ops->domain_done)
			en->ops->domain_done(&found);
	}
	if (r == 0 && d)
		r = add_wanted(en, b, (size_t)(d - b->topo->domains), ret, e);
	return r < 0 ? r : is_known || d ? 0 : -ESRCH;
}
