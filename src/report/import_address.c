// SPDX-License-Identifier: GPL-2.0-or-later
/* Which VF, or which other function, an address in a file is, on this host. */
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

bool import_find(const struct importing *im, struct bdf bdf, struct import_place *ret)
{
	struct vf_ref f;

	*ret = (struct import_place){ 0 };
	if (inventory_find_function(im->inv, bdf, &f)) {
		const struct vf_ref id = vf_identity(f);

		if (vf_is_whole(f))
			ret->whole = id.pf;
		else
			ret->pf = (size_t)(f.pf - im->inv->pfs);
		ret->i = f.index;
		ret->now = vf_of(f);
		return true;
	}
	for (size_t p = 0; p < im->inv->n_pfs; p++)
		if (index_when_made(&im->inv->pfs[p], bdf, &ret->i)) {
			ret->pf = p;
			return true;
		}
	return false;
}

bool import_find_address(const struct importing *im, const struct definition_dev *dev,
			 struct bdf *ret)
{
	const struct vf_saved *o;
	struct vf_ref f;

	*ret = dev->bdf;
	if (!dev->name[0])
		return true;
	o = im->s->saved ? state_find_name(im->s->saved, dev->name) : NULL;
	if (!o || !inventory_find_index(im->inv, o->pf, o->index, &f))
		return false;
	*ret = vf_of(f)->bdf;
	return true;
}
