/* SPDX-License-Identifier: GPL-2.0-or-later */
/* VFs that share an IOMMU group: while a guest has one of them, the kernel lets none go. */
#ifndef VFY_ENGINE_PLAN_NEIGHBOURS_H
#define VFY_ENGINE_PLAN_NEIGHBOURS_H

#include "engine/plan/desired.h"

/* All VFs of a host that have a group, by group; none where groups mean nothing to the backend. */
struct neighbours {
	struct vf_ref *v;
	size_t n;
	const struct desired *wanted; /* of the topology; NULL: there is none. Borrowed */
};

int neighbours_find(struct neighbours *ret, const struct inventory *inv,
		    const struct backend_ops *ops, const struct desired *wanted, struct err *e);
void neighbours_done(struct neighbours *b);

/**
 * neighbours_refuse - may step @i be done beside what guests have of the same group?
 *
 * Off the pass-through driver nothing goes while a guest has its neighbour, and no driver of the
 * host comes to it. The latter neither where the neighbour is made assignable by the same plan, or
 * is a domain's by the topology, because then that domain could never have it. A guest that loses
 * it in an earlier step has it no more. VFs that are made by the plan have groups that nobody knows
 * yet.
 *
 * Returns 0, or -EBUSY with cause, fix and EXIT_REFUSED. Source: Linux drivers/iommu/iommu.c,
 * iommu_device_use_default_domain(); before 5.19 drivers/vfio/vfio.c, vfio_iommu_group_notifier(),
 * which stops the whole machine.
 */
int neighbours_refuse(const struct neighbours *b, const struct plan *p, size_t i, struct err *e);

/* The first step of @p that may not be done, without a topology, said with its object; or -ENOMEM.
 */
int neighbours_refuse_any(const struct plan *p, const struct inventory *inv,
			  const struct backend_ops *ops, struct err *e);

#endif
