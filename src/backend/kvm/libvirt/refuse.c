// SPDX-License-Identifier: GPL-2.0-or-later
/* What keeps VFs from a domain of libvirt, or from any guest because a domain of libvirt has them.
 */
#include <string.h>

#include "backend/kvm/libvirt/guest.h"
#include "backend/kvm/libvirt/owner.h"
#include "backend/kvm/mates.h"
#include "topology/slot_mates.h"

static struct guest *guest_of(const struct refusal_ask *a)
{
	return a->domain->cookie;
}

/* Those that it does not have yet: each has a port of its own, see virt_refuse_mates(). */
static size_t count_new(const struct refusal_ask *a, const struct virt_domain *v)
{
	size_t n = 0;

	for (size_t i = 0; i < a->n; i++)
		n += !virt_device_of(&v->live, vf_of(a->vfs[i])->bdf);
	return n;
}

/* libvirt adds ports to what is started next, and none to what runs.
 * Source: libvirt src/conf/domain_addr.c, virDomainPCIAddressSetGrow(). */
int virt_refuse_ports(struct backend *b, const struct refusal_ask *a, struct err *e)
{
	struct virt_domain *v;
	size_t want, have;
	int r = virt_guest(b, guest_of(a), &v, e);

	if (r < 0 || !v->live.is_express)
		return r;
	want = count_new(a, v);
	have = virt_free_ports(&v->live);
	if (have >= want)
		return 0;
	err_refuse(e, ENOSPC, "domain %s has %zu free PCIe ports of %zu, %zu %s needed", v->name,
		   have, v->live.n_ports, want, want == 1 ? "is" : "are");
	return err_fix(e, -ENOSPC,
		       "ports cannot be added while it runs: put what vfyard render libvirt "
		       "--ports %zu prints into its definition, virsh edit %s, and start it anew",
		       want - have + 2, v->name);
}

/* A function of its slot that the domain has, or gets with it, and none of the two is to be apart.
 */
static bool find_mate(struct backend *b, const struct refusal_ask *a, const struct virt_domain *v,
		      size_t i, struct bdf *ret)
{
	const struct slot_function f = slot_function_of(a->vfs[i], &a->options[i]);

	for (size_t k = 0; k < a->n; k++) {
		const struct slot_function other = slot_function_of(a->vfs[k], &a->options[k]);

		*ret = other.bdf;
		if (k != i && slot_mates(&f, &other))
			return true;
	}
	for (size_t k = 0; f.vslot <= 0 && k < v->live.n_devs; k++) {
		*ret = v->live.devs[k].host;
		if (bdf_key(*ret) >> 3 == bdf_key(f.bdf) >> 3 && mates_is_whole(b->host, *ret))
			return true;
	}
	*ret = f.bdf;
	for (ret->fn = 0; f.vslot <= 0 && ret->fn < 8; ret->fn++)
		if (ret->fn != f.bdf.fn && a->options[i].mates & 1u << ret->fn)
			return true;
	return false;
}

/* Source: libvirt src/conf/domain_addr.c, virDomainPCIAddressEnsureAddr(). */
int virt_refuse_mates(struct backend *b, const struct refusal_ask *a, struct err *e)
{
	char own[BDF_STRLEN], other[BDF_STRLEN];
	struct virt_domain *v;
	struct bdf mate;
	int r = virt_guest(b, guest_of(a), &v, e);

	for (size_t i = 0; r == 0 && i < a->n; i++) {
		struct bdf dev = vf_of(a->vfs[i])->bdf;

		if (!vf_is_whole(a->vfs[i]) || virt_device_of(&v->live, dev) ||
		    !find_mate(b, a, v, i, &mate))
			continue;
		bdf_str(own, dev);
		bdf_str(other, mate);
		err_refuse(e, ENOTSUP,
			   "%s and %s of one slot should be one device in domain %s, and libvirt "
			   "plugs only function 0 of a device into a domain that runs",
			   own, other, v->name);
		r = err_fix(e, -ENOTSUP,
			    "shut domain %s down and run the same command, and both are in its "
			    "definition; or give each a port of its own with vslot=",
			    v->name);
	}
	return r;
}

static const struct virt_port *port_of(const struct virt_definition *d, int bus)
{
	for (size_t i = 0; i < d->n_ports; i++)
		if (d->ports[i].bus == (unsigned)bus)
			return &d->ports[i];
	return NULL;
}

int virt_refuse_vslot(struct backend *b, const struct refusal_ask *a, struct err *e)
{
	struct virt_domain *v;
	int r = virt_guest(b, guest_of(a), &v, e);

	for (size_t i = 0; r == 0 && i < a->n; i++) {
		int bus = a->options[i].vslot;
		const struct virt_port *port = bus > 0 ? port_of(&v->live, bus) : NULL;

		if (bus <= 0 || (port && port->is_free) ||
		    virt_device_of(&v->live, vf_of(a->vfs[i])->bdf))
			continue;
		err_refuse(e, ENOSPC,
			   "domain %s has no free PCIe port with controller index %d "
			   "(vslot=%x)",
			   v->name, bus, (unsigned)bus);
		r = err_fix(e, -ENOSPC, "leave vslot out, any free one is taken then");
	}
	return r;
}

/* Does anybody here use libvirt, so that it is to be asked? */
static bool is_used(const struct backend *b)
{
	for (size_t i = 0; i < b->n_guests; i++)
		if (b->guests[i]->cmdline.is_libvirt)
			return true;
	for (size_t i = 0; b->topo && i < b->topo->n_domains; i++)
		if (b->topo->domains[i].libvirt)
			return true;
	return false;
}

/* As the topology describes the domain that is asked about; NULL: it does not. */
static const struct topo_domain *described(const struct backend *b, const struct refusal_ask *a)
{
	const struct guest *g = guest_of(a);

	if (g)
		return g->topo;
	return b->topo ? topology_find_domain(b->topo, a->domain->name) : NULL;
}

/* What libvirt calls it, if it is one of libvirt's. */
static const char *own_name(const struct backend *b, const struct refusal_ask *a)
{
	const struct topo_domain *d = described(b, a);

	if (guest_of(a) && guest_of(a)->cmdline.is_libvirt)
		return guest_of(a)->cmdline.name;
	return d && d->libvirt ? d->libvirt : a->domain->name;
}

/* Of one that runs the row "manager" tells. */
int virt_refuse_owner(struct backend *b, const struct refusal_ask *a, struct err *e)
{
	const struct virt_domain *d;
	struct virt *v;
	bool gets = !a->n; /* doctor asks about the domain alone */

	if (b->host->leaves_guests || a->domain->id || guests_read(b, NULL) < 0 || !is_used(b) ||
	    virt_get(&v, &b->virts, b->host, virt_uri_of(described(b, a)), NULL) < 0)
		return 0;
	d = virt_find(v, own_name(b, a));
	for (size_t i = 0; d && i < a->n; i++)
		gets |= !virt_device_of(&d->config, vf_of(a->vfs[i])->bdf);
	return gets ? virt_refuse_owned(d, e) : 0;
}

static int refuse_one(const struct virt *v, const char *own, struct bdf dev, struct err *e)
{
	const struct virt_domain *d = NULL;
	char bdf[BDF_STRLEN];

	while ((d = virt_next_with(v, d, dev)))
		if (strcmp(d->name, own) != 0)
			break;
	if (!d)
		return 0;
	err_refuse(e, EBUSY, "domain %s of libvirt, which %s, has %s in its definition", d->name,
		   d->is_active ? "runs" : "is off", bdf_str(bdf, dev));
	return err_fix(e, -EBUSY,
		       "one of them would not start; take it out of one, run: virsh edit %s, or "
		       "vfyard pci-detach %s %s",
		       d->name, d->name, bdf);
}

/* One that cannot be asked keeps nothing from other guests. */
int virt_refuse_claimed(struct backend *b, const struct refusal_ask *a, struct err *e)
{
	const char *own;
	char label[VF_LABEL_MAX];
	struct virt *v;
	int r = 0;

	if (b->host->leaves_guests || guests_read(b, NULL) < 0 || !is_used(b))
		return 0;
	own = own_name(b, a);
	virt_get(&v, &b->virts, b->host, virt_uri_of(described(b, a)), NULL);
	for (v = b->virts; r == 0 && v; v = virt_next(v))
		for (size_t i = 0; r == 0 && i < a->n; i++) {
			r = refuse_one(v, own, vf_of(a->vfs[i])->bdf, e);
			err_at(r < 0 ? e : NULL, r, vf_label(label, a->vfs[i]),
			       "check who has it defined");
		}
	return r;
}
