// SPDX-License-Identifier: GPL-2.0-or-later
/* Keeps an inventory up to date: VFs that are expected, VFs that appeared, and what their PF's
 * driver reports. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "host/inventory/scan.h"
#include "host/inventory/inventory.h"
#include "host/net/vf_link.h"

static int no_memory(struct err *e)
{
	return err_set(e, ENOMEM, "out of memory");
}

/* Offset and stride may be 0 while there are no VFs (PCIe 9.3.3.9, 9.3.3.10). */
static struct vf absent(const struct pf *pf, unsigned index)
{
	struct vf vf = { .iommu_group = NO_GROUP, .state = VF_ABSENT, .permissive = UNKNOWN };

	if (pf->offset && (!index || pf->stride))
		vf.bdf = bdf_vf(pf->bdf, pf->offset, pf->stride, index);
	return vf;
}

/* Appends absent entries, from n_vfs to @n - 1. */
static int grow(struct pf *pf, unsigned n)
{
	struct vf_attrs *attrs;
	struct vf *vfs;

	if (n <= pf->n_vfs)
		return 0;
	vfs = reallocarray(pf->vfs, n, sizeof(*vfs));
	if (!vfs)
		return -ENOMEM;
	pf->vfs = vfs;
	if (pf->attrs) {
		attrs = reallocarray(pf->attrs, n, sizeof(*attrs));
		if (!attrs)
			return -ENOMEM;
		pf->attrs = attrs;
		memset(&attrs[pf->n_vfs], 0, (n - pf->n_vfs) * sizeof(*attrs));
	}
	for (unsigned i = pf->n_vfs; i < n; i++)
		vfs[i] = absent(pf, i);
	pf->n_vfs = n;
	return 0;
}

int inventory_expect(struct pf *pf, unsigned n, struct err *e)
{
	return grow(pf, n) < 0 ? no_memory(e) : 0;
}

struct names {
	struct netdev_port *v;
	size_t n;
};

static int add_name(void *arg, const char *name)
{
	struct names *l = arg;

	if (ARRAY_GROW(l->v, l->n) < 0)
		return -ENOMEM;
	l->v[l->n] = (struct netdev_port){ 0 };
	snprintf(l->v[l->n++].name, sizeof(l->v->name), "%s", name);
	return 0;
}

int inventory_follow_netdev(struct inventory *inv, const struct host *h, struct pf *pf)
{
	const struct netdev_port *best = NULL;
	struct names l = { 0 };
	char bdf[BDF_STRLEN];
	bool is_there = false;
	int r;

	bdf_str(bdf, pf->bdf);
	if (pf->netdev && root_exists(&h->root, "sys/bus/pci/devices/%s/net/%s", bdf, pf->netdev))
		return 0;
	r = netdev_each_of(h, pf->bdf, add_name, &l);
	for (size_t i = 0; r == 0 && pf->netdev && i < l.n; i++)
		is_there |= !strcmp(l.v[i].name, pf->netdev);
	if (is_there)
		l.n = 0;
	if (r == 0)
		r = netdev_ports_read(h, l.v, l.n);
	for (size_t i = 0; r == 0 && i < l.n; i++)
		if (l.v[i].kind != NETDEV_REPRESENTOR &&
		    (!best || netdev_port_before(&l.v[i], best)))
			best = &l.v[i];
	if (best) {
		const char *name = inventory_intern(inv, best->name);

		pf->netdev = name ? name : pf->netdev;
		r = name ? r : -ENOMEM;
	}
	free(l.v);
	return r;
}

int inventory_read_attrs(struct inventory *inv, const struct host *h, struct pf *pf, struct err *e)
{
	struct vf_attrs *attrs = calloc(pf->n_vfs ? pf->n_vfs : 1, sizeof(*attrs));
	unsigned n = pf->numvfs < pf->n_vfs ? pf->numvfs : pf->n_vfs;
	int r = 0;

	if (!attrs)
		return no_memory(e);
	free(pf->attrs);
	pf->attrs = attrs;
	/* Functions as a whole have no settings. */
	if (pf->of)
		return 0;
	if (inventory_follow_netdev(inv, h, pf) < 0)
		return no_memory(e);
	if (pf->netdev && n)
		r = vf_link_read(h, pf->netdev, attrs, n, e);
	return r;
}

static int read_again(struct inventory *inv, const struct host *h, const struct pf *pf,
		      unsigned flags, struct pf *ret, struct err *e)
{
	_cleanup_close_ int dir =
		root_openat(&h->root, O_PATH | O_DIRECTORY, "sys/bus/pci/devices");
	char bdf[BDF_STRLEN];
	int r;

	if (dir < 0)
		return err_set(e, -dir, "cannot open sys/bus/pci/devices: %s", strerror(-dir));
	r = scan_pf(&(struct scan){ h, inv, flags }, pf->bdf, ret);
	if (r < 0)
		return no_memory(e);
	if (r == 0)
		return err_set(e, ENODEV, "%s is not there any more", bdf_str(bdf, pf->bdf));
	return 0;
}

int inventory_refresh(struct inventory *inv, const struct host *h, struct pf *pf, unsigned flags,
		      struct err *e)
{
	bool had_attrs = pf->attrs != NULL;
	unsigned n = pf->n_vfs;
	struct pf now;
	int r = read_again(inv, h, pf, flags, &now, e);

	if (r < 0)
		return r;
	inv->n_vfs += now.n_vfs;
	inv->n_vfs -= pf->numvfs;
	now.name = pf->name;
	now.netdev = pf->netdev;
	now.card = pf->card;
	now.is_switchdev = pf->is_switchdev;
	now.whole = pf->whole;
	free(pf->vfs);
	free(pf->attrs);
	*pf = now;
	if (grow(pf, n) < 0 || inventory_index(inv) < 0)
		return no_memory(e);
	return had_attrs ? inventory_read_attrs(inv, h, pf, e) : 0;
}
