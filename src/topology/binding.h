/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A topology held against the PFs of a host, looked up and expanded once for a whole run. */
#ifndef VFY_TOPOLOGY_BINDING_H
#define VFY_TOPOLOGY_BINDING_H

#include "topology/wanted.h"

struct binding {
	const struct topology *topo; /* borrowed */
	struct pf **pfs; /* of topology_match(): one for each of topo->pfs, NULL for none */
	struct problems problems; /* of topology_match() */
	struct wanted *wanted;	  /* one for each of topo->domains */
};

/**
 * binding_make - find the PFs and expand the domains' devices
 *
 * Sets the names of the inventory's PFs, as topology_match(). PFs that are not found are in
 * ret->problems, and no failure. @t and @inv must live as long. Returns 0 or -ENOMEM; release with
 * binding_done().
 */
int binding_make(struct binding *ret, const struct topology *t, const struct host *h,
		 struct inventory *inv, struct err *e);

/* Fills wanted from topo and pfs. Returns 0 or -ENOMEM. */
int binding_expand(struct binding *b, struct err *e);

/* A zeroed one is fine. */
void binding_done(struct binding *b);

#endif
