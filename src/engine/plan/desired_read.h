/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads what a plan needs to know about the host. */
#ifndef VFY_ENGINE_PLAN_DESIRED_READ_H
#define VFY_ENGINE_PLAN_DESIRED_READ_H

#include "engine/plan/desired.h"

/* Where it is read from; borrowed, also by struct desired. */
struct desired_source {
	const struct host *host;
	const struct binding *bound; /* all PFs were found */
	struct inventory *inv;
	const struct backend_ops *ops; /* NULL: no hypervisor, so domains are not looked at */
	struct backend *backend;       /* NULL: not open */
	const struct state *saved;     /* NULL: not readable */
};

/**
 * desired_read - fill struct desired
 *
 * Reads the attributes of every PF with a netdev, with one request each; makes room for VFs to
 * come; looks for each domain of the topology; resolves mac=auto. Changes nothing on the host.
 * Release with desired_done(). Returns -errno when the kernel or the hypervisor does not answer.
 */
int desired_read(struct desired *ret, const struct desired_source *from, struct err *e);
void desired_done(struct desired *g, const struct backend_ops *ops);

/* Finds the address that mac=auto is derived from: the permanent one or, when the kernel has none,
 * and in a tree, the present one. Returns -ENODATA with the fix when the PF's network device has
 * none, or does not exist. */
int desired_pf_address(const struct host *h, const struct pf *pf, uint8_t ret[MAC_LEN],
		       struct err *e);

/**
 * desired_resolve_macs - find an address for every mac=auto in struct desired
 *
 * It is computed from the PF's permanent address and the index (engine/plan/mac_auto.h). An address
 * that is taken by another line of the topology, a device of the host or another VF is skipped for
 * the next. VFs' own netdevs do not count, because they have what this gave them before.
 */
int desired_resolve_macs(struct desired *g, const struct host *h, struct err *e);

#endif
