// SPDX-License-Identifier: GPL-2.0-or-later
/* Finds PFs and VFs in one walk over the PCI functions. */
#include "host/inventory/scan.h"

#include <fcntl.h>
#include <string.h>

#include "base/array.h"
#include "host/pci/functions.h"
#include "base/intern.h"

/* A VF that was found through its PF need not be asked whether it is a PF. */
static void mark_vfs(const struct pf *pf, const struct bdf *functions, size_t n, bool *is_vf)
{
	for (unsigned i = 0; i < pf->n_vfs; i++) {
		const struct bdf *at =
			bsearch(&pf->vfs[i].bdf, functions, n, sizeof(*functions), bdf_order);

		if (at && pf->vfs[i].state != VF_BROKEN)
			is_vf[at - functions] = true;
	}
}

static int append(struct inventory *inv, const struct pf *pf)
{
	if (ARRAY_GROW(inv->pfs, inv->n_pfs) < 0)
		return -ENOMEM;
	inv->pfs[inv->n_pfs++] = *pf;
	inv->n_vfs += pf->n_vfs;
	return 0;
}

static int append_other(struct inventory *inv, const struct pf *pf)
{
	if (ARRAY_GROW(inv->others, inv->n_others) < 0)
		return -ENOMEM;
	inv->others[inv->n_others++] = *pf;
	return 0;
}

/* In address order a PF comes before its VFs: routing ids of VFs are PF plus offset. */
static int read_functions(const struct scan *d, const struct bdf *functions, size_t n)
{
	_cleanup_free_ bool *is_vf = calloc(n ? n : 1, sizeof(*is_vf));
	struct pf pf;
	int r;

	if (!is_vf)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++) {
		if (is_vf[i])
			continue;
		r = scan_pf(d, functions[i], &pf);
		if (r < 0)
			return r;
		if (r == 0 && (d->flags & INVENTORY_FUNCTIONS)) {
			r = scan_other(d, functions[i], &pf);
			if (r == 1 && append_other(d->inv, &pf) < 0)
				return -ENOMEM;
			continue;
		}
		if (r == 0)
			continue;
		mark_vfs(&pf, functions, n, is_vf);
		if (append(d->inv, &pf) < 0) {
			free(pf.vfs);
			return -ENOMEM;
		}
	}
	return 0;
}

static int by_vf_address(const void *a, const void *b)
{
	return bdf_cmp(vf_of(*(const struct vf_ref *)a)->bdf,
		       vf_of(*(const struct vf_ref *)b)->bdf);
}

/* The sort has work to do only when the VFs of several PFs interleave, as those of one card do. */
int inventory_index(struct inventory *inv)
{
	struct vf_ref *v = calloc(inv->n_vfs ? inv->n_vfs : 1, sizeof(*v));
	bool sorted = true;
	size_t n = 0;

	if (!v)
		return -ENOMEM;
	for (size_t p = 0; p < inv->n_pfs; p++)
		for (unsigned i = 0; i < inv->pfs[p].n_vfs && n < inv->n_vfs; i++) {
			if (inv->pfs[p].vfs[i].state == VF_ABSENT)
				continue;
			v[n++] = (struct vf_ref){ &inv->pfs[p], i };
			if (n > 1 && by_vf_address(&v[n - 2], &v[n - 1]) > 0)
				sorted = false;
		}
	if (!sorted)
		qsort(v, n, sizeof(*v), by_vf_address);
	free(inv->by_bdf);
	inv->by_bdf = v;
	inv->n_vfs = n;
	return 0;
}

static void cleanup_inventory(struct inventory **inv)
{
	inventory_free(*inv);
}

static int find_all(const struct scan *d, struct bdf *functions, size_t n, struct err *e)
{
	int r;

	if (n) /* qsort() does not accept NULL, even for no elements */
		qsort(functions, n, sizeof(*functions), bdf_order);
	r = read_functions(d, functions, n);
	if (r == 0)
		r = inventory_index(d->inv);
	if (r == 0)
		r = scan_netdevs(d);
	return r < 0 ? err_set(e, -r, "%s", strerror(-r)) : 0;
}

int inventory_read(struct inventory **ret, const struct host *h, unsigned flags, struct err *e)
{
	_cleanup_(cleanup_inventory) struct inventory *inv = calloc(1, sizeof(*inv));
	_cleanup_free_ struct bdf *functions = NULL;
	_cleanup_close_ int dir = -1;
	size_t n;
	int r;

	if (inv)
		inv->strings = intern_new();
	if (!inv || !inv->strings)
		return err_set(e, ENOMEM, "out of memory");
	inv->hypervisor = "none";
	inv->has_functions = flags & INVENTORY_FUNCTIONS;
	r = functions_read(h, &functions, &n, e);
	if (r < 0)
		return err_fix(e, r, "mount sysfs, or check --root");
	dir = root_openat(&h->root, O_PATH | O_DIRECTORY, "sys/bus/pci/devices");
	if (dir < 0)
		return err_set(e, -dir, "cannot open sys/bus/pci/devices: %s", strerror(-dir));
	r = find_all(&(struct scan){ h, inv, flags }, functions, n, e);
	if (r < 0)
		return r;
	*ret = STEAL(inv);
	return 0;
}
