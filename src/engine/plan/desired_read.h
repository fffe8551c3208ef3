/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a plan needs to know of the host, read. */
#ifndef VFY_ENGINE_PLAN_DESIRED_READ_H
#define VFY_ENGINE_PLAN_DESIRED_READ_H

#include "engine/plan/desired.h"

/* Where it is read from; borrowed, also by what is desired. */
struct desired_source {
	const struct host *host;
	const struct binding *bound; /* all PFs are there */
	struct inventory *inv;
	const struct backend_ops *ops; /* NULL: no hypervisor; domains are not looked at then */
	struct backend *backend;       /* NULL: not open */
	const struct state *saved;     /* NULL: not readable */
};

/**
 * desired_read - fill what is desired
 *
 * Attributes of every PF with a netdev, with one request each; room for VFs to come; each domain of
 * the topology, looked for; mac=auto resolved. Changes nothing of the host. Release with
 * desired_done(). -errno when the kernel or the hypervisor does not answer.
 */
int desired_read(struct desired *ret, const struct desired_source *from, struct err *e);
void desired_done(struct desired *g, const struct backend_ops *ops);

/* The address that mac=auto is made of: the permanent one; where the kernel has none, and in a
 * tree, the present one. -ENODATA with the fix when the PF's network device has none, or is not
 * there. */
int desired_pf_address(const struct host *h, const struct pf *pf, uint8_t ret[MAC_LEN],
		       struct err *e);

/**
 * desired_resolve_macs - an address for every mac=auto of what is desired
 *
 * By the PF's permanent address and the index (engine/plan/mac_auto.h); one that is taken, by
 * another line of the topology, a device of the host or another VF, is passed over for the next.
 * VFs' own netdevs do not count: they have what this gave them before.
 */
int desired_resolve_macs(struct desired *g, const struct host *h, struct err *e);

#endif
