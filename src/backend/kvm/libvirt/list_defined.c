// SPDX-License-Identifier: GPL-2.0-or-later
/* What vfyard put into the definitions of libvirt's domains. The alias of a device says so. */
#include <string.h>

#include "backend/kvm/libvirt/guest.h"
#include "base/array.h"
#include "topology/ports.h"

struct found {
	struct attachment *v;
	size_t n;
};

/* One that cannot be asked is noted once, because it is asked once. */
static void ask(struct backend *b, const char *uri)
{
	struct err why = { 0 };
	struct virt *v;

	for (v = b->virts; v; v = virt_next(v))
		if (!strcmp(virt_uri(v), uri))
			return;
	if (virt_get(&v, &b->virts, b->host, uri, &why) < 0)
		log_note(
			&b->host->log,
			"what domains of libvirt at %s are started with is not known, and stays as "
			"it is: %s",
			uri, why.cause);
}

/* Those that the topology names, and the system's where it is there. */
static void ask_all(struct backend *b)
{
	bool is_here = virt_is_here(b->host);

	for (size_t i = 0; i < b->n_guests; i++)
		is_here |= b->guests[i]->cmdline.is_libvirt;
	if (is_here)
		ask(b, VIRT_DEFAULT_URI);
	for (size_t i = 0; b->topo && i < b->topo->n_domains; i++)
		if (b->topo->domains[i].libvirt)
			ask(b, virt_uri_of(&b->topo->domains[i]));
}

static const struct guest *process_of(const struct backend *b, const struct virt_domain *d)
{
	for (size_t i = 0; i < b->n_guests; i++) {
		const struct guest *g = b->guests[i];

		if (!g->is_off && g->cmdline.is_libvirt &&
		    !strcmp(g->cmdline.uuid[0] ? g->cmdline.uuid : g->cmdline.name,
			    g->cmdline.uuid[0] ? d->uuid : d->name))
			return g;
	}
	return NULL;
}

static const struct topo_domain *described(const struct backend *b, const struct virt *v,
					   const struct virt_domain *d)
{
	for (size_t i = 0; b->topo && i < b->topo->n_domains; i++) {
		const struct topo_domain *t = &b->topo->domains[i];

		if (t->libvirt && !strcmp(t->libvirt, d->name) &&
		    !strcmp(virt_uri_of(t), virt_uri(v)))
			return t;
	}
	return NULL;
}

/* Is it the first that a user means by libvirt's name for it? */
static bool is_called_so(const struct backend *b, const struct virt *v, const struct virt_domain *d)
{
	for (size_t i = 0; i < b->n_guests; i++)
		if (!b->guests[i]->is_off && !strcmp(b->guests[i]->name, d->name))
			return false;
	if (b->topo && topology_find_domain(b->topo, d->name))
		return false;
	return !strcmp(virt_uri(v), VIRT_DEFAULT_URI);
}

/* As kvm_domain_find() finds it; NULL: it runs, and is no process that is seen from here. */
static const char *name_of(const struct backend *b, const struct virt *v,
			   const struct virt_domain *d)
{
	const struct guest *g = d->is_active ? process_of(b, d) : NULL;
	const struct topo_domain *t = described(b, v, d);

	if (d->is_active)
		return g ? g->name : NULL;
	if (t)
		return t->name;
	return is_called_so(b, v, d) ? d->name : d->uuid;
}

static int add(struct found *f, const char *name, const struct virt_domain *d,
	       const struct virt_device *dev)
{
	struct attachment *a;

	if (ARRAY_GROW(f->v, f->n) < 0)
		return -ENOMEM;
	a = &f->v[f->n++];
	*a = (struct attachment){ .bdf = dev->host, .options = DEV_OPTIONS_INIT };
	snprintf(a->domain, sizeof(a->domain), "%s", name);
	snprintf(a->uuid, sizeof(a->uuid), "%s", d->uuid);
	return 0;
}

static bool is_ours(const struct virt_device *dev)
{
	return !strncmp(dev->alias, PORTS_ALIAS_PREFIX, strlen(PORTS_ALIAS_PREFIX));
}

static int add_domain(const struct backend *b, const struct virt *v, const struct virt_domain *d,
		      struct found *f)
{
	const char *name = name_of(b, v, d);
	int r = 0;

	for (size_t i = 0; r == 0 && i < d->config.n_devs; i++) {
		if (!is_ours(&d->config.devs[i]))
			continue;
		if (!name) {
			log_note(&b->host->log,
				 "domain %s of libvirt at %s runs, but it is no process here: what "
				 "it is started with the next time stays as it is",
				 d->name, virt_uri(v));
			return 0;
		}
		r = add(f, name, d, &d->config.devs[i]);
	}
	return r;
}

int virt_list_defined(struct backend *b, struct attachment **ret, size_t *ret_n, struct err *e)
{
	struct found f = { .n = 0 };
	int r = b->host->leaves_guests ? 0 : guests_read(b, e);

	if (r < 0)
		return r;
	if (!b->host->leaves_guests)
		ask_all(b);
	for (const struct virt *v = b->virts; r == 0 && v; v = virt_next(v))
		for (const struct virt_domain *d = virt_next_domain(v, NULL); r == 0 && d;
		     d = virt_next_domain(v, d))
			r = add_domain(b, v, d, &f);
	if (r < 0) {
		free(f.v);
		return err_set(e, ENOMEM, "out of memory");
	}
	*ret = f.v;
	*ret_n = f.n;
	return 0;
}
