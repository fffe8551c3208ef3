// SPDX-License-Identifier: GPL-2.0-or-later
/* Functions as a whole: by address, one after the other, and together under a name. */
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "host/inventory/inventory.h"

static int key_to_pf(const void *key, const void *pf)
{
	return bdf_cmp(*(const struct bdf *)key, ((const struct pf *)pf)->bdf);
}

static struct pf *find_other(const struct inventory *inv, struct bdf bdf)
{
	if (!inv->n_others)
		return NULL;
	return bsearch(&bdf, inv->others, inv->n_others, sizeof(*inv->others), key_to_pf);
}

/* There are few. */
static bool find_in_devices(const struct inventory *inv, struct bdf bdf, struct vf_ref *ret)
{
	for (size_t i = 0; i < inv->n_devices; i++)
		for (unsigned k = 0; k < inv->devices[i]->n_vfs; k++)
			if (!bdf_cmp(inv->devices[i]->vfs[k].bdf, bdf)) {
				*ret = (struct vf_ref){ inv->devices[i], k };
				return true;
			}
	return false;
}

bool inventory_find_function(const struct inventory *inv, struct bdf bdf, struct vf_ref *ret)
{
	return inventory_find_vf(inv, bdf, ret) || inventory_find_index(inv, bdf, WHOLE, ret);
}

bool inventory_find_index(const struct inventory *inv, struct bdf bdf, unsigned index,
			  struct vf_ref *ret)
{
	struct pf *pf = inventory_find_pf(inv, bdf);

	if (index == WHOLE && find_in_devices(inv, bdf, ret))
		return true;
	if (!pf && index == WHOLE)
		pf = find_other(inv, bdf);
	if (!pf || (index != WHOLE && index >= pf->n_vfs))
		return false;
	*ret = (struct vf_ref){ pf, index };
	return vf_of(*ret)->state != VF_ABSENT;
}

/* Behind its VFs a PF comes itself; a device has nothing but its functions. */
static bool next_of_pf(struct vf_ref *at)
{
	if (at->index == WHOLE)
		return false;
	if (at->index + 1 < at->pf->n_vfs) {
		at->index++;
		return true;
	}
	at->index = WHOLE;
	return at->pf->whole.state != VF_ABSENT;
}

static bool is_among(const struct pf *pf, const struct pf *v, size_t n)
{
	return n && pf >= v && pf < v + n;
}

static struct pf *next_device(const struct inventory *inv, const struct pf *pf)
{
	size_t i = 0;

	while (pf && i < inv->n_devices && inv->devices[i++] != pf)
		;
	if (i < inv->n_devices)
		return inv->devices[i];
	return inv->n_others ? inv->others : NULL;
}

static struct pf *next_pf(const struct inventory *inv, struct pf *pf)
{
	if (!pf && inv->n_pfs)
		return inv->pfs;
	if (pf && is_among(pf, inv->others, inv->n_others))
		return ++pf < inv->others + inv->n_others ? pf : NULL;
	if (pf && is_among(pf, inv->pfs, inv->n_pfs))
		return ++pf < inv->pfs + inv->n_pfs ? pf : next_device(inv, NULL);
	return next_device(inv, pf);
}

bool inventory_next(const struct inventory *inv, struct vf_ref *at)
{
	if (at->pf && next_of_pf(at))
		return true;
	while ((at->pf = next_pf(inv, at->pf))) {
		at->index = at->pf->n_vfs ? 0 : WHOLE;
		if (at->index != WHOLE || at->pf->whole.state != VF_ABSENT)
			return true;
	}
	return false;
}

struct pf *inventory_find_device(const struct inventory *inv, const char *name)
{
	for (size_t i = 0; i < inv->n_devices; i++)
		if (!strcmp(inv->devices[i]->name, name))
			return inv->devices[i];
	return NULL;
}

static void move_functions(struct pf *to, struct pf *const *functions, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		to->of[i] = functions[i];
		to->vfs[i] = functions[i]->whole;
		functions[i]->whole.state = VF_ABSENT;
	}
}

static void free_device(struct pf **p)
{
	if (!*p)
		return;
	free((*p)->vfs);
	free((*p)->of);
	free(*p);
}

int inventory_add_device(struct inventory *inv, const char *name, struct pf *const *functions,
			 size_t n, struct pf **ret)
{
	_cleanup_(free_device) struct pf *d = calloc(1, sizeof(*d));

	if (!d)
		return -ENOMEM;
	*d = (struct pf){ .bdf = functions[0]->bdf,
			  .name = inventory_intern(inv, name),
			  .driver = functions[0]->driver,
			  .vendor = functions[0]->vendor,
			  .device = functions[0]->device,
			  .autoprobe = UNKNOWN,
			  .numa_node = functions[0]->numa_node,
			  .numvfs = (uint16_t)n,
			  .n_vfs = (unsigned)n,
			  .vfs = calloc(n, sizeof(*d->vfs)),
			  .of = calloc(n, sizeof(struct pf *)) };
	if (!d->name || !d->vfs || !d->of || ARRAY_GROW(inv->devices, inv->n_devices) < 0)
		return -ENOMEM;
	move_functions(d, functions, n);
	inv->devices[inv->n_devices++] = d;
	*ret = d;
	d = NULL;
	return 0;
}
