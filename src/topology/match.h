/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The parts of topology_match(): PFs, and the functions of the dev list. */
#ifndef VFY_TOPOLOGY_MATCH_H
#define VFY_TOPOLOGY_MATCH_H

#include "host/inventory/identity.h"
#include "topology/topology.h"

struct binder {
	const struct topology *t;
	const struct host *h;
	struct inventory *inv;
	size_t *owners; /* by PF of the inventory: 1 + the topology's, 0: none */
	struct problems *problems;
};

/* What selectors choose from, with what they ask for. */
struct match_set {
	struct pf **v;
	struct pf_identity *facts;
	size_t n;
};

/* @is_dev: for selectors of the dev list. 0 or -ENOMEM. */
int match_set_add(struct binder *b, struct match_set *set, struct pf *pf, bool is_dev);
void match_set_done(struct match_set *set);

/* The one of @set that an entry means. *ret is NULL, with a problem, when none or several match. 0
 * or -ENOMEM. */
int match_one(struct binder *b, const struct match_set *set, const struct topo_pf *pf,
	      struct pf **ret);

/* The functions of the dev list, each entry as a device of the inventory; after the PFs. 0 or
 * -ENOMEM. */
int match_devices(struct binder *b, struct pf **ret_pfs);

/* A problem of an entry: "PF 'net0': CAUSE". */
void match_complain(struct binder *b, const struct topo_pf *pf, const char *cause, const char *fix);

#endif
