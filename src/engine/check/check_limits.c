// SPDX-License-Identifier: GPL-2.0-or-later
/* Whether domains have room for the VFs that they are to get. */
#include <stdlib.h>
#include <string.h>

#include "engine/check/check_parts.h"

/* The VFs of one domain as they will be: copies of the PFs, with an entry for each VF to come. */
struct future {
	struct pf *pfs;
	struct vf_ref *vfs;
	struct dev_options *options;
	size_t n;
	bool is_complete; /* every address is known */
};

static void future_done(struct future *f, size_t n_pfs)
{
	for (size_t i = 0; f->pfs && i < n_pfs; i++)
		free(f->pfs[i].vfs);
	free(f->pfs);
	free(f->vfs);
	free(f->options);
}

static bool add_vf(const struct check *c, struct future *f, const struct wanted_vf *w)
{
	struct vf *now = check_vf_now(c, w->pf, w->index), *vf = &f->pfs[w->pf].vfs[w->index];

	if (now)
		*vf = *now;
	else
		*vf = (struct vf){ .state = VF_ABSENT, .iommu_group = NO_GROUP };
	f->options[f->n] = w->options;
	f->vfs[f->n++] = (struct vf_ref){ &f->pfs[w->pf], w->index };
	return now || wanted_bdf(c->pfs[w->pf], w->index, &vf->bdf);
}

static int copy_pfs(const struct check *c, const struct wanted *w, struct future *f)
{
	size_t n_pfs = c->topo->n_pfs;
	_cleanup_free_ unsigned *count = calloc(n_pfs + 1, sizeof(*count));

	f->pfs = calloc(n_pfs + 1, sizeof(*f->pfs));
	if (!count || !f->pfs)
		return -ENOMEM;
	for (size_t i = 0; i < w->n; i++)
		if (w->v[i].index >= count[w->v[i].pf])
			count[w->v[i].pf] = w->v[i].index + 1;
	for (size_t i = 0; i < n_pfs; i++) {
		if (!c->pfs[i] || !count[i])
			continue;
		f->pfs[i] = *c->pfs[i];
		f->pfs[i].n_vfs = count[i];
		f->pfs[i].vfs = calloc(count[i], sizeof(*f->pfs[i].vfs));
		if (!f->pfs[i].vfs)
			return -ENOMEM;
	}
	return 0;
}

/* When @running is NULL, takes all VFs, otherwise those that the domain does not have yet. */
static int make_future(const struct check *c, const struct wanted *w, const struct domain *running,
		       struct future *ret)
{
	struct future f = { .is_complete = true };

	*ret = f;
	f.vfs = calloc(w->n + 1, sizeof(*f.vfs));
	f.options = calloc(w->n + 1, sizeof(*f.options));
	if (!f.vfs || !f.options || copy_pfs(c, w, &f) < 0) {
		future_done(&f, c->topo->n_pfs);
		return -ENOMEM;
	}
	for (size_t i = 0; i < w->n; i++) {
		const struct vf *now = check_vf_now(c, w->v[i].pf, w->v[i].index);

		if (!c->pfs[w->v[i].pf]) {
			f.is_complete = false;
			continue;
		}
		if (running && now && now->state == VF_ATTACHED && now->domain &&
		    !strcmp(now->domain, running->name))
			continue;
		f.is_complete &= add_vf(c, &f, &w->v[i]);
	}
	*ret = f;
	return 0;
}

/* Finds the domain as it runs, or as the topology says it will be. A domain that is left alone is
 * treated as if it were about to start. */
static bool find_domain(const struct check *c, const struct topo_domain *d, struct domain *ret)
{
	struct domain x = { .type = d->xen_type };

	if (c->backend && c->ops->domain_find &&
	    c->ops->domain_find(c->backend, d->name, ret, NULL) == 0) {
		if (!c->no_attach && ret->id)
			return true;
		x.type = ret->type;
		if (c->ops->domain_done)
			c->ops->domain_done(ret);
	}
	snprintf(x.name, sizeof(x.name), "%s", d->name);
	*ret = x;
	return false;
}

bool check_is_unknown(struct check *c, const struct topo_domain *d)
{
	struct domain domain;
	struct err why = { 0 };
	int r = c->backend && c->ops->domain_find && d->n_devs
			? c->ops->domain_find(c->backend, d->name, &domain, &why)
			: -ESRCH;

	if (r == 0 && c->ops->domain_done)
		c->ops->domain_done(&domain);
	if (r == 0 || r == -ESRCH)
		return false;
	if (!c->no_attach)
		check_unasked(c, d, &why);
	return true;
}

bool check_is_running(const struct check *c, const struct topo_domain *d)
{
	struct domain domain;
	bool runs = c->backend && find_domain(c, d, &domain);

	if (runs && c->ops->domain_done)
		c->ops->domain_done(&domain);
	return runs;
}

/*
 * The file alone shows what no domain of this type can have. An open backend knows the domain's
 * real type, and says so itself.
 */
static bool check_type(struct check *c, const struct topo_domain *d, const struct wanted *w)
{
	bool may_be_xen =
		c->topo->hypervisor != TOPO_KVM && (!c->ops || !strcmp(c->ops->name, "xen"));

	if (!may_be_xen || !w->n || !d->has_xen || d->xen_type != DOMAIN_PVH)
		return false;
	err_fix(check_error(c, d->loc, d->name, "PVH domains have no pass-through"), 0,
		"write type=pv or type=hvm in its xen: block");
	return true;
}

/* The domain whose limits are checked. */
struct asked {
	struct check *check;
	const struct topo_domain *domain;
};

/* The rows also look at the group of each VF, whose own refusal has been reported already. */
static bool is_said(const struct check *c, const struct err *why)
{
	for (size_t i = 0; i < c->problems->n; i++)
		if (!strcmp(c->problems->v[i].err.cause, why->cause))
			return true;
	return false;
}

/* One reason is enough, because the others may say the same in other words. */
static bool say_limit(void *arg, const struct refusal *row, const struct err *why)
{
	const struct asked *a = arg;

	if (is_said(a->check, why))
		return true;
	if (row->scope == REFUSAL_OF_ANSWER)
		check_unasked(a->check, a->domain, why);
	else
		check_refusal(a->check, a->domain->loc, a->domain->name, why);
	return false;
}

static void ask_limits(struct check *c, const struct topo_domain *t, const struct domain *d,
		       const struct future *f)
{
	const struct refuse ask = check_asks(c);
	const struct refuse_gets gets = { d, f->vfs, f->options, f->n, false };
	struct asked asked = { c, t };
	struct err unseen = { 0 };

	refuse_attach_each(&ask, &gets, &unseen, say_limit, &asked);
	if (unseen.cause[0])
		check_note(c, t->loc, t->name, "its limits are not checked: %s", unseen.cause);
}

int check_limits(struct check *c, const struct topo_domain *d, const struct wanted *w,
		 struct err *e)
{
	struct domain domain;
	struct future f;
	bool runs;
	int r;

	if (!c->backend && check_type(c, d, w))
		return 0;
	if (!w->n || !c->ops || !c->ops->attach_refusals)
		return 0;
	runs = find_domain(c, d, &domain);
	r = make_future(c, w, runs ? &domain : NULL, &f);
	if (r < 0)
		err_set(e, ENOMEM, "out of memory");
	else if (!f.is_complete)
		check_note(c, d->loc, d->name,
			   "its limits are not checked: the addresses of some VFs are not known "
			   "until the VFs exist");
	else
		ask_limits(c, d, &domain, &f);
	if (r == 0)
		future_done(&f, c->topo->n_pfs);
	if (runs && c->ops->domain_done)
		c->ops->domain_done(&domain);
	return r;
}
