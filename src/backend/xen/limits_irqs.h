/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Interrupts of a domain: has it as many as its devices may ask for? */
#ifndef VFY_BACKEND_XEN_LIMITS_IRQS_H
#define VFY_BACKEND_XEN_LIMITS_IRQS_H

#include "backend/xen/xen.h"
#include "topology/domain_slots.h"

/**
 * xen_limits_irqs - PIRQs in force against the vectors of devices
 * @v:   devices the domain has, then the new ones, which are VFs; @n in all
 * @now: how many it has
 *
 * A VF has no interrupt but its MSIs, so a domain without PIRQs can use none. --force DOMAIN
 * overrides.
 */
int xen_limits_irqs(struct backend *b, const struct domain *d, const struct slot_dev *v, size_t n,
		    size_t now, struct err *e);

/* Does MSI reach an HVM domain from these VFs? Not outside segment 0 on an old Xen. --force DOMAIN
 * overrides, because distributions backport. */
int xen_limits_segments(struct backend *b, const struct domain *d, const struct slot_dev *v,
			size_t n, struct err *e);

/**
 * xen_fix_irqs - the fix of a domain that has too few
 * @vectors: that its devices may use; 0 when that is not known
 *
 * Puts "put extra_guest_irqs=64 nr_irqs=5120 on the Xen command line (...) and reboot", then @more,
 * into @e. Returns @r.
 */
int xen_fix_irqs(struct backend *b, unsigned vectors, const char *more, int r, struct err *e);

#endif
