/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The picture on a terminal: cards, and below each its VFs, alike ones together, with who has them.
 */
#ifndef VFY_REPORT_TREE_H
#define VFY_REPORT_TREE_H

#include "host/inventory/inventory.h"
#include "topology/binding.h"

struct tree_view {
	const struct inventory *inv;
	const struct binding *bound; /* its topo is NULL where there is no topology */
	const struct pf *pf;	     /* only this one; NULL: all */
	const char *domain;	     /* only VFs that it has or shall have; NULL: all */
	bool colors;
	bool ascii; /* no lines but those of ASCII */
};

/* Does the topology or the host know a domain of this name? */
bool tree_has_domain(const struct tree_view *v, const char *name);

/* PFs and devices of the topology; pf->attrs are shown where they were read. Returns 0, -ENOMEM, or
 * the error of the first write that failed. */
int tree_text(const struct tree_view *v, FILE *out);

#endif
