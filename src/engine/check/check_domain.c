// SPDX-License-Identifier: GPL-2.0-or-later
/* Devices of domains: whether they can be taken, and whether somebody else has them. */
#include <stdlib.h>
#include <string.h>

#include "host/guard/guard.h"
#include "engine/check/check_parts.h"

static bool is_called(const struct topo_domain *d, const char *name)
{
	return !strcmp(d->name, name) || (d->xen_vm && !strcmp(d->xen_vm, name)) ||
	       (d->libvirt && !strcmp(d->libvirt, name));
}

/* With driver=keep others must make the VF assignable, and until they do no guest can have it. A VF
 * that its PF will make anew may become so then. */
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
		c, w->dev->loc, label,
		"the topology says driver=keep, but with %s%s it is not assignable",
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
	char name[WANTED_LABEL_MAX];
	struct err *e =
		check_error(c, loc, label, "it is %s: %s", vf_state_name((enum vf_state)vf->state),
			    vf->why ? vf->why : "the kernel and the hypervisor disagree about it");

	if (vf->state == VF_STALE)
		err_fix(e, 0, "run: vfyard pci-assignable-remove %s",
			wanted_label(name, c->topo, pf, index));
}

/* With @is_unknown nobody can tell which process the domain is, and so nobody can tell whose a VF
 * is. */
static void check_free(struct check *c, const struct topo_domain *d, const struct wanted_vf *w,
		       struct vf_ref ref, bool is_unknown)
{
	const struct vf *vf = vf_of(ref);
	char label[VF_LABEL_MAX], name[WANTED_LABEL_MAX];
	struct vf_attrs a = topology_attrs(c->topo, w->pf, w->index);
	struct err *e;

	vf_label(label, ref);
	switch ((enum vf_state)vf->state) {
	case VF_ATTACHED:
		if (is_unknown || !vf->domain || is_called(d, vf->domain))
			break;
		e = check_error(c, w->dev->loc, label, "it is in domain %s, not in %s", vf->domain,
				d->name);
		err_fix(e, 0, "run: vfyard pci-detach %s %s", vf->domain,
			wanted_label(name, c->topo, w->pf, w->index));
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

static void check_devices(struct check *c, const struct topo_domain *d, const struct wanted *w,
			  bool is_unknown)
{
	for (size_t i = 0; i < w->n; i++) {
		const struct wanted_vf *x = &w->v[i];

		if (c->pfs[x->pf] && x->index < c->pfs[x->pf]->n_vfs)
			check_free(c, d, x, (struct vf_ref){ c->pfs[x->pf], x->index }, is_unknown);
	}
}

/* Adds one note for an entry, not one for each of its VFs. */
static void note_options(struct check *c, const struct topo_domain *d, const struct wanted *w)
{
	for (size_t i = 0; i < w->n; i++) {
		struct err why = { 0 };

		if ((i && w->v[i].dev == w->v[i - 1].dev) ||
		    c->ops->check_options(d->xen_type, &w->v[i].options, &why) == 0)
			continue;
		check_note(c, w->v[i].dev->loc, d->name, "%s", why.cause);
	}
}

static void note_machine(struct check *c, const struct topo_domain *d)
{
	struct err why = { 0 };
	struct err *note;
	int r = c->ops->check_machine(c->host, d, &why);

	if (r == 0)
		return;
	note = check_note(c, d->loc, d->name, "%s", why.cause);
	err_fix(note, r, "%s", why.fix);
}

int check_domains(struct check *c, struct err *e)
{
	for (size_t i = 0; i < c->topo->n_domains; i++) {
		const struct topo_domain *d = &c->topo->domains[i];
		const struct wanted *w = &c->wanted[i];
		bool is_unknown = check_is_unknown(c, d);
		int r = 0;

		check_devices(c, d, w, is_unknown);
		if (c->ops && c->ops->check_options)
			note_options(c, d, w);
		if (c->ops && c->ops->check_machine)
			note_machine(c, d);
		if (c->ops && !is_unknown)
			r = check_limits(c, d, w, e);
		if (r < 0)
			return r;
	}
	return 0;
}
