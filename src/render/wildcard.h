/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where one wildcard may stand for several hidden VFs. */
#ifndef VFY_RENDER_WILDCARD_H
#define VFY_RENDER_WILDCARD_H

#include "render/hide.h"

enum wildcard_kind {
	WILDCARD_NONE, /* one VF */
	WILDCARD_SLOT, /* all functions of one device */
	WILDCARD_BUS,  /* all devices of one bus */
};

/* Stands for the VFs from @first on, up to the next one's. */
struct wildcard {
	size_t first; /* index in h->vfs */
	enum wildcard_kind kind;
};

/**
 * wildcard_find - split the hidden VFs into groups, each of which is one entry of hide=
 *
 * Without in->compact each VF is its own group. A group is a wildcard only when it covers two or
 * more VFs, and no address in its range belongs to another function of in->devices, or to a present
 * or possible VF of any PF in in->inv. When that cannot be known, there is no wildcard, and
 * h->is_unproved is set: without in->devices, and in the segment of a PF that does not tell where
 * its VFs will be. free() *ret. Linear, except for one sort.
 */
int wildcard_find(const struct render_in *in, struct hide *h, struct wildcard **ret, size_t *ret_n,
		  struct err *e);

#endif
