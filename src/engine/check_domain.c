// SPDX-License-Identifier: GPL-2.0-or-later
/* Domains: can they have these VFs, and does somebody else? */
#include <stdlib.h>
#include <string.h>

#include "core/guard.h"
#include "engine/check_parts.h"

/* VFs of one domain as they will be: copies of the PFs with an entry for each VF to come. */
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

/* @running NULL: all VFs; else those it does not have yet. */
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

/* As it runs, or as the topology says it will be; one that is left alone is looked at as if it were
 * to be started. */
static bool find_domain(const struct check *c, const struct topo_domain *d, struct domain *ret)
{
	struct domain x = { .type = d->xen_type };

	if (c->ops->domain_find && c->ops->domain_find(c->backend, d->name, ret, NULL) == 0) {
		if (!c->no_attach)
			return true;
		x.type = ret->type;
		if (c->ops->domain_done)
			c->ops->domain_done(ret);
	}
	snprintf(x.name, sizeof(x.name), "%s", d->name);
	*ret = x;
	return false;
}

/*
 * What no domain of this type can have is plain from the file. A backend that is open says it
 * itself, with the domain's real type.
 */
static void check_type(struct check *c, const struct topo_domain *d, const struct wanted *w)
{
	bool may_be_xen =
		c->topo->hypervisor != TOPO_KVM && (!c->ops || !strcmp(c->ops->name, "xen"));

	if (may_be_xen && w->n && d->has_xen && d->xen_type == DOMAIN_PVH)
		err_fix(check_error(c, d->loc, d->name,
				    "PVH domains take no passed-through device"),
			0, "make it xen: type=pv or type=hvm");
}

/* Limits look at the group of each VF, too, of which its own refusal was said already. */
static bool is_said(const struct check *c, const struct err *why)
{
	for (size_t i = 0; i < c->problems->n; i++)
		if (!strcmp(c->problems->v[i].err.cause, why->cause))
			return true;
	return false;
}

static int check_limits(struct check *c, const struct topo_domain *d, const struct wanted *w,
			struct err *e)
{
	struct err why = { 0 };
	struct domain domain;
	struct future f;
	bool runs;
	int r;

	if (!c->backend)
		check_type(c, d, w);
	if (!c->backend || !c->ops->limits || !w->n)
		return 0;
	runs = find_domain(c, d, &domain);
	r = make_future(c, w, runs ? &domain : NULL, &f);
	if (r < 0) {
		err_set(e, ENOMEM, "out of memory");
	} else if (!f.is_complete) {
		check_note(c, d->loc, d->name,
			   "its limits are not checked: addresses of some VFs are not known before "
			   "they are made");
	} else if (f.n && c->ops->limits(c->backend, &domain, f.vfs, f.options, f.n, &why) < 0 &&
		   !is_said(c, &why)) {
		check_refusal(c, d->loc, d->name, &why);
	}
	if (r == 0)
		future_done(&f, c->topo->n_pfs);
	if (runs && c->ops->domain_done)
		c->ops->domain_done(&domain);
	return r;
}

static bool is_called(const struct topo_domain *d, const char *name)
{
	return !strcmp(d->name, name) || (d->xen_vm && !strcmp(d->xen_vm, name)) ||
	       (d->libvirt && !strcmp(d->libvirt, name));
}

bool check_is_running(const struct check *c, const struct topo_domain *d)
{
	struct domain domain;
	bool runs = c->backend && find_domain(c, d, &domain);

	if (runs && c->ops->domain_done)
		c->ops->domain_done(&domain);
	return runs;
}

/* With driver=keep it is for others to make it assignable; while it is not, no guest can have it.
 * One that its PF will make anew may become so then. */
static void check_kept(struct check *c, const struct topo_domain *d, const struct wanted_vf *w,
		       const struct vf *vf, const char *label)
{
	const struct topo_pf *pf = &c->topo->pfs[w->pf];
	char bdf[BDF_STRLEN];
	struct err *e;
	unsigned type;

	if (!c->ops || (pf->has_numvfs && pf->numvfs != c->pfs[w->pf]->numvfs))
		return;
	e = (check_is_running(c, d) ? check_error : check_note)(
		c, w->dev->loc, label, "driver=keep, and with %s%s it is not assignable",
		vf->driver ? "driver " : "no driver", vf->driver ? vf->driver : "");
	if (guard_vgpu_type(c->host, vf->bdf, &type))
		err_fix(e, 0,
			"make the vGPU first: echo TYPE > "
			"/sys/bus/pci/devices/%s/nvidia/current_vgpu_type",
			bdf_str(bdf, vf->bdf));
	else
		err_fix(e, 0, "remove driver=keep, or run: vfyard pci-assignable-add %s/%u",
			pf->name, w->index);
}

void check_unsure(struct check *c, struct loc loc, const char *label, size_t pf, unsigned index)
{
	const struct vf *vf = &c->pfs[pf]->vfs[index];
	struct err *e =
		check_error(c, loc, label, "it is %s: %s", vf_state_name((enum vf_state)vf->state),
			    vf->why ? vf->why : "its views disagree");

	if (vf->state == VF_STALE)
		err_fix(e, 0, "run: vfyard pci-assignable-remove %s/%u", c->topo->pfs[pf].name,
			index);
}

static void check_free(struct check *c, const struct topo_domain *d, const struct wanted_vf *w,
		       struct vf_ref ref)
{
	const struct vf *vf = vf_of(ref);
	char label[VF_LABEL_MAX];
	struct vf_attrs a = topology_attrs(c->topo, w->pf, w->index);
	struct err *e;

	vf_label(label, ref);
	switch ((enum vf_state)vf->state) {
	case VF_ATTACHED:
		if (!vf->domain || is_called(d, vf->domain))
			break;
		e = check_error(c, w->dev->loc, label, "it is in domain %s, not in %s", vf->domain,
				d->name);
		err_fix(e, 0, "run: vfyard pci-detach %s %s/%u", vf->domain,
			c->topo->pfs[w->pf].name, w->index);
		break;
	case VF_STALE:
	case VF_BROKEN:
		check_unsure(c, w->dev->loc, label, w->pf, w->index);
		break;
	case VF_HOST:
		if (vf_attrs_driver_is(&a, VF_DRIVER_KEEP))
			check_kept(c, d, w, vf, label);
		else
			check_take(c, w->dev->loc, label, ref);
		break;
	case VF_ABSENT:
		if (!vf_attrs_driver_is(&a, VF_DRIVER_KEEP))
			check_take(c, w->dev->loc, label, ref);
		break;
	case VF_ASSIGNABLE:
		break;
	}
}

static void check_devices(struct check *c, const struct topo_domain *d, const struct wanted *w)
{
	for (size_t i = 0; i < w->n; i++) {
		const struct wanted_vf *x = &w->v[i];

		if (c->pfs[x->pf] && x->index < c->pfs[x->pf]->n_vfs)
			check_free(c, d, x, (struct vf_ref){ c->pfs[x->pf], x->index });
	}
}

/* Once for an entry, not for each of its VFs. */
static void note_options(struct check *c, const struct topo_domain *d, const struct wanted *w)
{
	for (size_t i = 0; i < w->n; i++) {
		struct err why = { 0 };

		if ((i && w->v[i].dev == w->v[i - 1].dev) ||
		    c->ops->options(d->xen_type, &w->v[i].options, &why) == 0)
			continue;
		check_note(c, w->v[i].dev->loc, d->name, "%s", why.cause);
	}
}

int check_domains(struct check *c, struct err *e)
{
	for (size_t i = 0; i < c->topo->n_domains; i++) {
		_cleanup_(wanted_done) struct wanted w = { 0 };
		const struct topo_domain *d = &c->topo->domains[i];
		int r = wanted_of(c->topo, c->pfs, d, &w, e);

		if (r < 0)
			return r;
		check_devices(c, d, &w);
		if (c->ops && c->ops->options)
			note_options(c, d, &w);
		if (c->ops)
			r = check_limits(c, d, &w, e);
		if (r < 0)
			return r;
	}
	return 0;
}
