/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether a domain has as many interrupts as its devices may ask for. */
#ifndef VFY_BACKEND_XEN_LIMITS_IRQS_H
#define VFY_BACKEND_XEN_LIMITS_IRQS_H

#include "backend/xen/limits.h"

/*
 * Compares the PIRQs in force with the vectors of the devices. A VF has no interrupts except MSIs,
 * so a domain without PIRQs cannot use any VF. --force DOMAIN overrides. The backend must be
 * connected, here and below.
 */
int xen_limits_irqs(const struct refusal_ask *a, struct domain_devs *devs, struct err *e);

/* Checks that MSIs of the new VFs reach an HVM domain; outside segment 0 an old Xen does not
 * deliver them. --force DOMAIN overrides, because distributions backport. */
int xen_limits_segments(const struct refusal_ask *a, struct domain_devs *devs, struct err *e);

/**
 * xen_fix_irqs - add the fix for a domain that has too few
 * @vectors: how many its devices may use; 0 when not known
 *
 * Puts "put extra_guest_irqs=64 nr_irqs=5120 on the Xen command line (...) and reboot", then @more,
 * into @e. Returns @r.
 */
int xen_fix_irqs(struct backend *b, unsigned vectors, const char *more, int r, struct err *e);

#endif
