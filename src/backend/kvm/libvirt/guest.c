// SPDX-License-Identifier: GPL-2.0-or-later
/* Which domain of libvirt a guest is. */
#include "backend/kvm/libvirt/guest.h"

#include <string.h>

const char *virt_uri_of(const struct topo_domain *d)
{
	return d && d->uri ? d->uri : VIRT_DEFAULT_URI;
}

static const char *libvirt_name(const struct guest *g)
{
	if (g->cmdline.name[0])
		return g->cmdline.name;
	return g->topo && g->topo->libvirt ? g->topo->libvirt : g->name;
}

/* The command is what the user has without us. */
static int not_asked(const struct guest *g, const struct err *why, struct err *e)
{
	const char *name = libvirt_name(g);

	if (why->code == ECANCELED || why->code == EINTR)
		return err_copy(e, why);
	if (why->code == ENODATA)
		return err_refuse(e, ENODATA, "libvirt runs domain %s, and %s", name, why->cause);
	err_refuse(e, why->code, "libvirt runs domain %s, and cannot be asked: %s", name,
		   why->cause);
	return err_fix(e, -why->code,
		       "%s%sor give it each VF by hand, run: vfyard render libvirt --hostdev "
		       "PF/INDEX | virsh attach-device %s /dev/stdin --live --config",
		       why->fix, why->fix[0] ? "; " : "", name);
}

static int not_known(const struct guest *g, const struct virt *v, struct err *e)
{
	err_refuse(e, ESRCH, "another libvirt than that at %s runs domain %s (pid %u)", virt_uri(v),
		   libvirt_name(g), g->pid);
	return err_fix(e, -ESRCH,
		       "say which one, \"kvm: uri=qemu:///session\" or the like in the topology");
}

/* The process says who it is; libvirt knows it by the same name and number. */
static bool is_it(const struct guest *g, const struct virt_domain *d)
{
	return d->is_active && (!g->cmdline.uuid[0] || !strcmp(g->cmdline.uuid, d->uuid));
}

int virt_guest(struct backend *b, struct guest *g, struct virt_domain **ret, struct err *e)
{
	struct virt_domain *d;
	struct err why = { 0 };
	struct virt *v;
	int r = virt_get(&v, &b->virts, b->host, virt_uri_of(g->topo), &why);

	if (r < 0)
		return not_asked(g, &why, e);
	d = g->virt_domain ? g->virt_domain : virt_find(v, libvirt_name(g));
	/* Started since the list was read. */
	if (d && !g->is_off && !is_it(g, d) && virt_refresh(v, d, &why) < 0 && why.code != ESRCH)
		return not_asked(g, &why, e);
	if (!d || (!g->is_off && !is_it(g, d)))
		return not_known(g, v, e);
	g->virt = v;
	g->virt_domain = d;
	*ret = d;
	return 0;
}

/* Source: libvirt src/remote/remote_sockets.c. */
bool virt_is_here(const struct host *h)
{
	return root_exists(&h->root, "run/libvirt/libvirt-sock") ||
	       root_exists(&h->root, "run/libvirt/virtqemud-sock");
}

static struct guest *find_off(const struct backend *b, const struct virt_domain *d)
{
	for (size_t i = 0; i < b->n_guests; i++)
		if (b->guests[i]->is_off && b->guests[i]->virt_domain == d)
			return b->guests[i];
	return NULL;
}

static int add_off(struct backend *b, const struct topo_domain *topo, struct virt *v,
		   struct virt_domain *d, struct guest **ret, struct err *e)
{
	struct guest *g = find_off(b, d);

	if (!g) {
		g = guests_add(b, 0);
		if (!g)
			return err_set(e, ENOMEM, "out of memory");
		g->is_qemu = true;
		g->is_off = true;
		g->topo = topo;
		g->virt = v;
		g->virt_domain = d;
		g->cmdline.is_libvirt = true;
		snprintf(g->cmdline.name, sizeof(g->cmdline.name), "%s", d->name);
		snprintf(g->cmdline.uuid, sizeof(g->cmdline.uuid), "%s", d->uuid);
		snprintf(g->name, sizeof(g->name), "%s", topo ? topo->name : d->name);
	}
	*ret = g;
	return 0;
}

/* The domain of a topology that is called so there, or in libvirt. */
static const struct topo_domain *described(const struct backend *b, const char *name)
{
	const struct topo_domain *d = b->topo ? topology_find_domain(b->topo, name) : NULL;

	for (size_t i = 0; b->topo && !d && i < b->topo->n_domains; i++)
		if (b->topo->domains[i].libvirt && !strcmp(b->topo->domains[i].libvirt, name))
			d = &b->topo->domains[i];
	return d;
}

/* It runs, and not as a process that is seen from here. */
static int not_seen(const struct virt *v, const struct virt_domain *d, struct err *e)
{
	err_refuse(e, EPERM, "libvirt at %s says that domain %s runs, but it is no process here",
		   virt_uri(v), d->name);
	return err_fix(e, -EPERM, "run vfyard on the host where it runs, and not in a container");
}

/* By either name for it; of a domain that no topology describes, in any libvirt that was asked. */
static struct virt_domain *find_any(const struct backend *b, const char *name, struct virt **v)
{
	struct virt_domain *d = virt_find(*v, name);
	struct virt *other;

	for (other = b->virts; !d && other; other = virt_next(other)) {
		d = virt_find(other, name);
		if (d)
			*v = other;
	}
	return d;
}

/* Without a topology that names libvirt it is asked only where it is there. */
int virt_guest_off(struct backend *b, const char *name, struct guest **ret, struct err *e)
{
	const struct topo_domain *topo = described(b, name);
	bool is_libvirts = topo && topo->libvirt;
	struct virt_domain *d;
	struct err why = { 0 };
	struct virt *v;
	int r;

	if (b->host->leaves_guests || (topo && topo->qmp) ||
	    (!is_libvirts && !virt_is_here(b->host)))
		return -ESRCH;
	r = virt_get(&v, &b->virts, b->host, virt_uri_of(topo), &why);
	/* Of a capture without it the processes tell what runs. */
	if (r < 0 && (!is_libvirts || r == -ENODATA))
		return -ESRCH;
	if (r < 0) {
		err_refuse(e, why.code, "whether it is defined is not known: %s", why.cause);
		return err_fix(e, r, "%s", why.fix);
	}
	d = is_libvirts ? virt_find(v, topo->libvirt) : find_any(b, name, &v);
	if (!d || (!d->is_active && !d->is_persistent))
		return -ESRCH;
	return d->is_active ? not_seen(v, d, e) : add_off(b, topo, v, d, ret, e);
}

void virt_port_name(const struct virt_device *dev, char *buf, size_t size)
{
	snprintf(buf, size, "pci.%u", dev->bus);
	if (!dev->has_place)
		buf[0] = '\0';
}
