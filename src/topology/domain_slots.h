/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How many devices fit into a Xen domain. Pure: takes data, returns numbers. */
#ifndef VFY_TOPOLOGY_DOMAIN_SLOTS_H
#define VFY_TOPOLOGY_DOMAIN_SLOTS_H

#include "base/bdf.h"
#include "topology/dev_options.h"
#include "topology/topology.h"

#define PV_SLOTS 32u /* PCI_SLOT_MAX of the virtual bus */

/* Devices that every HVM domain has on its root bus: host bridge and ISA bridge (the bridge's other
 * functions are in the same slot). */
#define HVM_FIXED_SLOTS 2u
#define HVM_SLOTS	32u

/* One device of a domain. */
struct slot_dev {
	struct bdf bdf;
	bool is_vf;
};

/**
 * pv_slots - count the virtual slots that @n devices take in a PV domain, in any order
 *
 * A VF at function 0 has a slot of its own; all others of one host slot share one. Sorts @devs.
 * Source: Linux drivers/xen/xen-pciback/vpci.c, __xen_pcibk_add_pci_dev() (since 5.13).
 */
unsigned pv_slots(struct slot_dev *devs, size_t n);

/**
 * pv_slots_check - check that the virtual slots of PV domain @name are enough
 * @devs: @n devices: first the @now that it has, then the others; sorted afterwards
 *
 * With one too many, the domain loses all its devices, while the attach reports success. Returns 0
 * or -ENOSPC with the numbers (EXIT_REFUSED). Do not call it on hosts where guests see the real
 * buses (passthrough=1 of the driver that holds their devices).
 */
int pv_slots_check(const char *name, struct slot_dev *devs, size_t n, size_t now, struct err *e);

/* Checks @n devices altogether for an HVM domain. It refuses only what no domain can have. */
int hvm_slots_check(const char *name, size_t n, struct err *e);

/* So many devices may be more than the device model has free slots for: each emulated disk, display
 * and network controller takes a slot, and only the device model knows how many there are. */
static inline bool hvm_slots_are_scarce(size_t n)
{
	return n > 26;
}

/* Who has each slot of an HVM domain; NULL when nobody is known to. */
struct hvm_slots {
	const char *owner[HVM_SLOTS];
};

/* Sets up the slots that every domain has taken: those of its bridges. */
void hvm_slots_init(struct hvm_slots *m);

/* Takes the slots that vslot= of these devices names. Returns -EBUSY with the owner of a slot that
 * is taken, which may be another of these devices. */
int hvm_slots_take(struct hvm_slots *m, const char *name, const struct dev_options *options,
		   size_t n, struct err *e);

#endif
