/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A topology matched with the PFs of a host and expanded, once for a whole run. */
#ifndef VFY_TOPOLOGY_BINDING_H
#define VFY_TOPOLOGY_BINDING_H

#include "topology/wanted.h"

struct binding {
	const struct topology *topo; /* borrowed */
	struct pf **pfs; /* found by topology_match(): one for each of topo->pfs, NULL when not
			  * found */
	struct problems problems; /* found by topology_match() */
	struct wanted *wanted;	  /* one for each of topo->domains */
};

/**
 * binding_make - find the PFs and expand the domains' devices
 *
 * Sets the names of the inventory's PFs, as topology_match() does. PFs that are not found are
 * listed in ret->problems, which is not a failure. @t and @inv must outlive @ret. Returns 0 or
 * -ENOMEM; release with binding_done().
 */
int binding_make(struct binding *ret, const struct topology *t, const struct host *h,
		 struct inventory *inv, struct err *e);

/* Fills wanted from topo and pfs. Returns 0 or -ENOMEM. */
int binding_expand(struct binding *b, struct err *e);

/* Accepts a zeroed one. */
void binding_done(struct binding *b);

#endif
