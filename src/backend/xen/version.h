/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What differs between releases of Xen, in one table. Pure. */
#ifndef VFY_BACKEND_XEN_VERSION_H
#define VFY_BACKEND_XEN_VERSION_H

#include <stdbool.h>

/* 4.20.4; all 0 when the hypervisor does not tell. */
struct xen_version {
	unsigned major, minor, point;
};

/* @extra is XENVER_extraversion, ".4" or ".4-pre"; what is no number counts as 0. */
struct xen_version xen_version_make(int major, int minor, const char *extra);

bool xen_version_from(struct xen_version v, unsigned major, unsigned minor, unsigned point);

/**
 * xen_bounds_guest_irqs - does extra_guest_irqs= above 32 need nr_irqs= beside it?
 *
 * From 4.19.0 on, and so to this day (4.22, and the tree after it): the bound is computed from
 * nr_irqs before Xen has given it a value. 4.17.5 and 4.18.3 have the same lines, but nothing there
 * switches them on (CONFIG_HAS_PIRQ came with 4.19).
 * Source: Xen commits 17f6d398f7 (the bound), 13a7b0f9f7 (the switch); xen/common/domain.c,
 * setup_system_domains(), which xen/arch/x86/setup.c calls before init_apic_mappings().
 */
bool xen_bounds_guest_irqs(struct xen_version v);

/**
 * xen_maps_segments - do MSIs of an HVM domain's devices work outside PCI segment 0?
 *
 * The device model's request named the bus only, until 4.19.4, 4.20.3 and 4.21.0; 4.17 and 4.18
 * never got it. The device model has to give the segment, too: QEMU does from 10.2 on.
 * Source: Xen commit b7838d12bd, tools/libs/ctrl/xc_physdev.c, xc_physdev_map_pirq_msi(); QEMU
 * commit f74ce60226.
 */
bool xen_maps_segments(struct xen_version v);

/**
 * xen_irqs_in_force - PIRQs each domain has for MSI and MSI-X vectors
 * @cmdline: of the hypervisor, NULL when it cannot be read
 *
 * extra_guest_irqs=N or N,M (M is Dom0's) and nr_irqs=N as the hypervisor understood them; the last
 * of each counts, what follows "--" is Dom0's. An upper bound: pins of IO-APICs above 16 come off
 * nr_irqs= as well. 0: no device of any domain gets an interrupt.
 */
unsigned xen_irqs_in_force(const char *cmdline, struct xen_version v);

#endif
