// SPDX-License-Identifier: GPL-2.0-or-later
/* What a domain has, and its virtual slots. When there are too many devices, libxl reports success,
 * and then the guest is broken. */
#include "backend/xen/limits.h"

#include <stdlib.h>

#include "backend/xen/owner.h"

/* With pciback's passthrough=1 guests see the real buses, so there are no virtual slots to run out
 * of. */
static bool has_virtual_slots(const struct host *h)
{
	char text[8];
	ssize_t n = root_read(&h->root, text, sizeof(text),
			      "sys/module/xen_pciback/parameters/passthrough");

	return n <= 0 || text[0] != 'Y';
}

/* A function that does not exist yet is a VF to be made, because only VFs come and go. */
static bool is_vf(const struct host *h, struct bdf dev)
{
	char buf[BDF_STRLEN];

	bdf_str(buf, dev);
	return root_exists(&h->root, "sys/bus/pci/devices/%s/physfn", buf) ||
	       !root_exists(&h->root, "sys/bus/pci/devices/%s", buf);
}

enum domain_type xen_type_of(const struct domain *d)
{
	return !d->id && d->type == DOMAIN_UNKNOWN ? DOMAIN_PV : d->type;
}

/* Collects the devices of a running domain (the view is fresh), and makes room for @n more. */
static int all_devs(const struct host *h, struct backend *b, const struct domain *d, size_t n,
		    struct domain_devs *ret, struct err *e)
{
	const struct pci_backend *pb = d->id ? view_backend(&b->view, d->id) : NULL;
	size_t now = pb ? pb->n_devs : 0;
	struct slot_dev *v = calloc(now + n + 1, sizeof(*v));

	if (!v)
		return err_set(e, ENOMEM, "out of memory");
	for (size_t i = 0; i < now; i++)
		v[i] = (struct slot_dev){ pb->devs[i].bdf, is_vf(h, pb->devs[i].bdf) };
	*ret = (struct domain_devs){ v, now, now + n };
	return 0;
}

static void put_dev(const struct host *h, struct domain_devs *to, size_t i, struct bdf dev)
{
	to->v[to->now + i] = (struct slot_dev){ dev, is_vf(h, dev) };
}

int domain_devs_read(struct domain_devs *ret, const struct refusal_ask *a, struct err *e)
{
	struct backend *b = a->backend;
	int r = a->domain->id ? xen_connect(b, e) : 0;

	if (r == 0 && a->domain->id)
		r = view_refresh(&b->view, b->xs, e);
	if (r == 0)
		r = all_devs(a->host, b, a->domain, a->n, ret, e);
	for (size_t i = 0; r == 0 && i < a->n; i++)
		put_dev(a->host, ret, i, vf_of(a->vfs[i])->bdf);
	return r;
}

void domain_devs_done(struct domain_devs *d)
{
	free(d->v);
}

int xen_check_left(struct backend *b, const struct domain *d, struct err *e)
{
	const struct pci_backend *pb = view_backend(&b->view, d->id);

	return pb && pb->is_left ? xen_refuse_left(pb, e) : 0;
}

int xen_check_virtual_slots(const struct host *h, const struct domain *d, struct domain_devs *devs,
			    struct err *e)
{
	if (xen_type_of(d) != DOMAIN_PV || !has_virtual_slots(h))
		return 0;
	return pv_slots_check(d->name, devs->v, devs->n, devs->now, e);
}

int xen_limits_slots(struct backend *b, const struct domain *d, struct bdf dev, struct err *e)
{
	_cleanup_(domain_devs_done) struct domain_devs devs = { 0 };
	int r = xen_check_left(b, d, e);

	if (r == 0)
		r = all_devs(b->host, b, d, 1, &devs, e);
	if (r < 0)
		return r;
	put_dev(b->host, &devs, 0, dev);
	return xen_check_virtual_slots(b->host, d, &devs, e);
}
