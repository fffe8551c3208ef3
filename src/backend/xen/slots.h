/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How many devices a Xen domain has room for. Pure: data in, numbers out. */
#ifndef VFY_BACKEND_XEN_SLOTS_H
#define VFY_BACKEND_XEN_SLOTS_H

#include <stdbool.h>
#include <stddef.h>
#include "base/bdf.h"

#define XEN_PV_SLOTS 32u /* PCI_SLOT_MAX of the virtual bus */

/* Devices on the root bus of an HVM domain that every domain has: host bridge and ISA bridge (the
 * bridge's other functions are on the same slot). */
#define XEN_HVM_FIXED_SLOTS 2u
#define XEN_HVM_SLOTS	    32u

/* One device of a PV domain. */
struct slot_dev {
	struct bdf bdf;
	bool is_vf;
};

/**
 * xen_pv_slots - virtual slots that @n devices take in a PV domain, in any order
 *
 * A VF at function 0 has a slot for itself; all others of one host slot share one. Sorts @devs.
 * Source: Linux drivers/xen/xen-pciback/vpci.c, __xen_pcibk_add_pci_dev() (since 5.13).
 */
unsigned xen_pv_slots(struct slot_dev *devs, size_t n);

#endif
