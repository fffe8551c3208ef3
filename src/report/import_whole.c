// SPDX-License-Identifier: GPL-2.0-or-later
/* Functions that domains have as a whole: entries of dev, each slot in one where it can be. */
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "report/import_parts.h"

static struct import_whole *find(const struct importing *im, const struct pf *f)
{
	for (size_t i = 0; i < im->n_wholes; i++)
		if (im->wholes[i].f == f)
			return &im->wholes[i];
	return NULL;
}

const struct import_whole *import_whole_find(const struct importing *im, const struct pf *f)
{
	return find(im, f);
}

int import_whole_add(struct importing *im, struct pf *f, size_t index, const struct dev_options *o)
{
	struct import_whole *w = find(im, f);

	if (!w && ARRAY_GROW(im->wholes, im->n_wholes) < 0)
		return -ENOMEM;
	if (!w)
		w = &im->wholes[im->n_wholes++];
	*w = (struct import_whole){ f, index, *o };
	return 0;
}

static int add_rest(struct importing *im, struct vf_ref at)
{
	const struct dev_options none = DEV_OPTIONS_INIT;
	struct pf *f = vf_identity(at).pf;
	const struct vf *vf = vf_of(at);
	char bdf[BDF_STRLEN];

	switch ((enum vf_state)vf->state) {
	case VF_ASSIGNABLE:
	case VF_ATTACHED:
		return find(im, f) ? 0 : import_whole_add(im, f, NO_IMPORT, &none);
	case VF_STALE:
	case VF_BROKEN:
		return topo_note_missing(im->notes, NOTE_END, 0, "%s: it is %s: %s",
					 bdf_str(bdf, vf->bdf),
					 vf_state_name((enum vf_state)vf->state),
					 vf->why ? vf->why : "its views disagree");
	case VF_HOST:
	case VF_ABSENT:
		return 0;
	}
	return 0;
}

int import_whole_rest(struct importing *im)
{
	struct vf_ref at = { 0 };
	int r = 0;

	while (r == 0 && inventory_next(im->inv, &at))
		if (vf_is_whole(at))
			r = add_rest(im, at);
	return r;
}
