/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How many devices a Xen domain has room for. Pure: data in, numbers out. */
#ifndef VFY_TOPOLOGY_DOMAIN_SLOTS_H
#define VFY_TOPOLOGY_DOMAIN_SLOTS_H

#include "base/bdf.h"
#include "topology/dev_options.h"
#include "topology/topology.h"

#define PV_SLOTS 32u /* PCI_SLOT_MAX of the virtual bus */

/* Devices on the root bus of an HVM domain that every domain has: host bridge and ISA bridge (the
 * bridge's other functions are on the same slot). */
#define HVM_FIXED_SLOTS 2u
#define HVM_SLOTS	32u

/* One device of a domain. */
struct slot_dev {
	struct bdf bdf;
	bool is_vf;
};

/**
 * pv_slots - virtual slots that @n devices take in a PV domain, in any order
 *
 * A VF at function 0 has a slot for itself; all others of one host slot share one. Sorts @devs.
 * Source: Linux drivers/xen/xen-pciback/vpci.c, __xen_pcibk_add_pci_dev() (since 5.13).
 */
unsigned pv_slots(struct slot_dev *devs, size_t n);

/**
 * pv_slots_check - are the virtual slots of PV domain @name enough?
 * @devs: those it has, @now of them, then the others; @n in all, sorted afterwards
 *
 * One too many, and the domain loses all its devices, while the attach reports success. Returns 0
 * or -ENOSPC with the numbers (EXIT_REFUSED). Not for hosts where guests see the real buses
 * (passthrough=1 of the driver that holds their devices).
 */
int pv_slots_check(const char *name, struct slot_dev *devs, size_t n, size_t now, struct err *e);

/* The same for @n devices in all of an HVM domain: certain is only what no domain can have. */
int hvm_slots_check(const char *name, size_t n, struct err *e);

/* So many may be more than the device model has free: each emulated disk, display and network
 * controller takes a slot, and only it knows how many there are. */
static inline bool hvm_slots_are_scarce(size_t n)
{
	return n > 26;
}

/* Who has each slot of an HVM domain; NULL for none that is known of. */
struct hvm_slots {
	const char *owner[HVM_SLOTS];
};

/* As every domain has them: its bridges are there. */
void hvm_slots_init(struct hvm_slots *m);

/* Takes the slots that vslot= of these devices names. -EBUSY with the owner of one that is taken,
 * which may be another of them. */
int hvm_slots_take(struct hvm_slots *m, const char *name, const struct dev_options *options,
		   size_t n, struct err *e);

#endif
