// SPDX-License-Identifier: GPL-2.0-or-later
/* Which VF an address in a file is, on this host. */
#include "report/import_parts.h"
#include "topology/definition.h"

/* VF of @pf at @bdf once it has as many: as its offset and stride read now. */
static bool index_when_made(const struct pf *pf, struct bdf bdf, unsigned *ret)
{
	uint64_t first = bdf_key(pf->bdf) + pf->offset, at = bdf_key(bdf);
	unsigned stride = pf->stride ? pf->stride : 1;

	if (!pf->offset || pf->bdf.domain != bdf.domain || at < first || (at - first) % stride ||
	    (at - first) / stride >= pf->totalvfs)
		return false;
	*ret = (unsigned)((at - first) / stride);
	return true;
}

bool import_find_vf(const struct importing *im, struct bdf bdf, size_t *ret_pf, unsigned *ret)
{
	struct vf_ref vf;

	if (inventory_find_vf(im->inv, bdf, &vf)) {
		*ret_pf = (size_t)(vf.pf - im->inv->pfs);
		*ret = vf.index;
		return true;
	}
	for (size_t p = 0; p < im->inv->n_pfs; p++)
		if (index_when_made(&im->inv->pfs[p], bdf, ret)) {
			*ret_pf = p;
			return true;
		}
	return false;
}

bool import_find_address(const struct importing *im, const struct definition_dev *dev,
			 struct bdf *ret)
{
	const struct vf_saved *o;
	const struct pf *pf;

	*ret = dev->bdf;
	if (!dev->name[0])
		return true;
	o = im->s->saved ? state_find_name(im->s->saved, dev->name) : NULL;
	pf = o ? inventory_find_pf(im->inv, o->pf) : NULL;
	if (!pf || o->index >= pf->n_vfs)
		return false;
	*ret = pf->vfs[o->index].bdf;
	return true;
}

const struct vf *import_vf_now(const struct importing *im, size_t p, unsigned i)
{
	const struct pf *pf = &im->inv->pfs[p];

	return i < pf->numvfs && i < pf->n_vfs ? &pf->vfs[i] : NULL;
}
