/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a plan needs to know of the host, read. */
#ifndef VFY_ENGINE_PLAN_DESIRED_READ_H
#define VFY_ENGINE_PLAN_DESIRED_READ_H

#include "engine/plan/desired.h"

/* Where it is read from; borrowed, also by the goal. */
struct goal_source {
	const struct host *host;
	const struct topology *topo;
	struct pf **pfs; /* of topology_bind(): all there */
	struct inventory *inv;
	const struct backend_ops *ops; /* NULL: no hypervisor; domains are not looked at then */
	struct backend *backend;       /* NULL: not open */
	const struct store *store;     /* NULL: not readable */
};

/**
 * goal_read - fill a goal
 *
 * Attributes of every PF with a netdev, with one request each; room for VFs to come; each domain of
 * the topology, looked for; mac=auto resolved. Changes nothing of the host. Release with
 * goal_done(). -errno when the kernel or the hypervisor does not answer.
 */
int goal_read(struct goal *ret, const struct goal_source *from, struct err *e);
void goal_done(struct goal *g, const struct backend_ops *ops);

/* The address that mac=auto is made of: the permanent one; where the kernel has none, and in a
 * tree, the present one. -ENODATA with the fix when the PF's network device has none, or is not
 * there. */
int goal_pf_address(const struct host *h, const struct pf *pf, uint8_t ret[6], struct err *e);

/**
 * goal_resolve_macs - an address for every mac=auto of the goal
 *
 * By the PF's permanent address and the index (engine/plan/mac_auto.h); one that is taken, by
 * another line of the topology, a device of the host or another VF, is passed over for the next.
 * VFs' own netdevs do not count: they have what this gave them before.
 */
int goal_resolve_macs(struct goal *g, const struct host *h, struct err *e);

#endif
