/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Functions of one slot of the host that are one device in a guest: what QEMU has of it already. */
#ifndef VFY_BACKEND_KVM_MATES_H
#define VFY_BACKEND_KVM_MATES_H

#include "backend/kvm/kvm.h"

struct mates {
	const struct plugged *in; /* one that the guest has; NULL: none */
	bool is_seen;		  /* function 0 is there: the guest knows the device, and no
				   * function can be added any more */
	uint8_t fns; /* as struct slot_place has it: those in the guest, those to come, itself */
};

/* Is it a function as a whole, and no VF? */
bool mates_is_whole(const struct host *h, struct bdf dev);

/**
 * mates_find - what belongs to one device with @dev, in the guest or in what it gets now
 * @options: its vslot, which may keep it apart, and the mates that the plan has for it
 *
 * Source: QEMU hw/pci/pci.c, do_pci_register_device() and pci_init_multifunction(): a guest looks
 * at a slot when function 0 is plugged into it, so that comes last; what comes later is refused.
 */
void mates_find(const struct host *h, const struct machine *m, struct bdf dev,
		const struct dev_options *options, struct mates *ret);

/* Refuses functions that would be apart from others of their slot. @with: what the guest gets
 * together. */
int mates_refuse(const struct refusal_ask *a, const struct machine *m, struct err *e);

#endif
