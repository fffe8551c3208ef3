/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What differs between releases of Xen, in one table. Pure. */
#ifndef VFY_BACKEND_XEN_VERSION_H
#define VFY_BACKEND_XEN_VERSION_H

#include <stdbool.h>

/* 4.20.4; all 0 when the hypervisor does not tell its version. */
struct xen_version {
	unsigned major, minor, point;
};

/* @extra is XENVER_extraversion, ".4" or ".4-pre"; what is not a number counts as 0. */
struct xen_version xen_version_make(int major, int minor, const char *extra);

bool xen_version_from(struct xen_version v, unsigned major, unsigned minor, unsigned point);

/**
 * xen_bounds_guest_irqs - tell whether extra_guest_irqs= above 32 needs nr_irqs= beside it
 *
 * It has done so since 4.19.0, and still does (4.22, and the tree after it), because the bound is
 * computed from nr_irqs before Xen has given that a value. 4.17.5 and 4.18.3 have the same lines,
 * but nothing enables them there (CONFIG_HAS_PIRQ came with 4.19).
 * Source: Xen commits 17f6d398f7 (the bound), 13a7b0f9f7 (the switch); xen/common/domain.c,
 * setup_system_domains(), which xen/arch/x86/setup.c calls before init_apic_mappings().
 */
bool xen_bounds_guest_irqs(struct xen_version v);

/**
 * xen_maps_segments - tell whether MSIs of an HVM domain's devices work outside PCI segment 0
 *
 * Until 4.19.4, 4.20.3 and 4.21.0 the device model's request named only the bus; 4.17 and 4.18
 * never got the fix. The device model must name the segment, too, which QEMU does since 10.2.
 * Source: Xen commit b7838d12bd, tools/libs/ctrl/xc_physdev.c, xc_physdev_map_pirq_msi(); QEMU
 * commit f74ce60226.
 */
bool xen_maps_segments(struct xen_version v);

/**
 * xen_irqs_in_force - find how many PIRQs each domain has for MSI and MSI-X vectors
 * @cmdline: the hypervisor's, NULL when it cannot be read
 *
 * It reads extra_guest_irqs=N or N,M (M is Dom0's) and nr_irqs=N as the hypervisor does; the last
 * of each counts, and what follows "--" is Dom0's. The result is an upper bound, because pins of
 * IO-APICs above 16 are taken off nr_irqs= as well. 0 means that no device of any domain gets an
 * interrupt.
 */
unsigned xen_irqs_in_force(const char *cmdline, struct xen_version v);

#endif
