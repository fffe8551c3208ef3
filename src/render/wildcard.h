/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where one wildcard may stand for several hidden VFs. */
#ifndef VFY_RENDER_WILDCARD_H
#define VFY_RENDER_WILDCARD_H

#include "render/hide.h"

enum wildcard_kind {
	WILDCARD_NONE, /* one VF */
	WILDCARD_SLOT, /* all functions of one device */
	WILDCARD_BUS,  /* all of one bus */
};

/* Stands for VFs from @first on, up to the next one's. */
struct wildcard {
	size_t first; /* index in h->vfs */
	enum wildcard_kind kind;
};

/**
 * wildcard_find - split the hidden VFs into groups, each one entry of hide=
 *
 * Without in->compact each VF is its own. A group is a wildcard only when it covers two or more
 * VFs and no address in its range belongs to another function of in->devices, nor to a VF, present
 * or possible, of any PF in in->inv. No wildcard where that cannot be known: without in->devices,
 * or in the segment of a PF that does not tell where its VFs will be; h->is_unproved then.
 * free() *ret. Linear but for one sort.
 */
int wildcard_find(const struct render_in *in, struct hide *h, struct wildcard **ret, size_t *ret_n,
		  struct err *e);

#endif
