/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the device model of an HVM domain has room for. */
#ifndef VFY_BACKEND_XEN_LIMITS_HVM_H
#define VFY_BACKEND_XEN_LIMITS_HVM_H

#include "backend/xen/xen.h"
#include "topology/domain_slots.h"

/**
 * xen_limits_hvm - slots of the emulated bus, vslot= and names in QEMU
 * @v:   devices the domain has, then the new ones; @n in all
 * @now: how many it has
 * @options: of the new ones
 *
 * Refuses what is certain: more than 30 devices, a slot that another one has, two devices that
 * differ in the segment only. The view is fresh.
 */
int xen_limits_hvm(struct backend *b, const struct domain *d, const struct slot_dev *v, size_t n,
		   size_t now, const struct dev_options *options, struct err *e);

/* The part of it that needs no hypervisor: how many, and names. */
int xen_limits_hvm_count(const struct domain *d, const struct slot_dev *v, size_t n, struct err *e);

#endif
