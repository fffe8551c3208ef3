/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Interrupts of a domain: has it as many as its devices may ask for? */
#ifndef VFY_BACKEND_XEN_LIMITS_IRQS_H
#define VFY_BACKEND_XEN_LIMITS_IRQS_H

#include "backend/xen/limits.h"

/*
 * PIRQs in force against the vectors of the devices. A VF has no interrupt but its MSIs, so a
 * domain without PIRQs can use none. --force DOMAIN overrides. The backend is connected, here and
 * below.
 */
int xen_limits_irqs(const struct refusal_ask *a, struct domain_devs *devs, struct err *e);

/* Does MSI reach an HVM domain from the new VFs? Not outside segment 0 on an old Xen. --force
 * DOMAIN overrides, because distributions backport. */
int xen_limits_segments(const struct refusal_ask *a, struct domain_devs *devs, struct err *e);

/**
 * xen_fix_irqs - the fix of a domain that has too few
 * @vectors: that its devices may use; 0 when that is not known
 *
 * Puts "put extra_guest_irqs=64 nr_irqs=5120 on the Xen command line (...) and reboot", then @more,
 * into @e. Returns @r.
 */
int xen_fix_irqs(struct backend *b, unsigned vectors, const char *more, int r, struct err *e);

#endif
