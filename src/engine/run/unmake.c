// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/run/unmake.h"

int unmake_refuse(const struct engine *en, struct pf *pf, unsigned to, struct err *e)
{
	char label[VF_LABEL_MAX];
	int r = 0;

	if (!en->ops || !en->ops->may_unmake || !en->backend || to >= pf->numvfs)
		return 0;
	/* The kernel changes the number through 0 only: all of them go. */
	for (unsigned i = 0; r == 0 && i < pf->numvfs && i < pf->n_vfs; i++) {
		struct vf_ref vf = { pf, i };

		r = en->ops->may_unmake(en->backend, vf, e);
		err_at(r < 0 ? e : NULL, r, vf_label(label, vf), "numvfs");
	}
	return r;
}
