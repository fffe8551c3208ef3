/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Driver pciback on a fake kernel: its slots, its permissive list, and which devices it takes. */
#ifndef VFY_TESTS_FAKE_PCIBACK_H
#define VFY_TESTS_FAKE_PCIBACK_H

#include "base/bdf.h"
#include "fake_kernel.h"

#define FAKE_SLOTS 512

struct fake_pciback {
	struct fake_kernel *kernel;
	struct bdf slots[FAKE_SLOTS]; /* with duplicates */
	unsigned n_slots;
	struct bdf permissive[64];
	unsigned n_permissive;
	root_write_fn next; /* the kernel's */
	void *next_arg;
};

/*
 * Stands in front of @kernel and registers the driver. A write to new_slot is not idempotent; slots
 * shows one page (315 entries); remove_slot takes all duplicates; a mark in permissive lasts until
 * the unbind; a device with driver_override is taken without a slot; any device with a slot is
 * taken unless sriov_drivers_autoprobe of its PF is 0.
 * Source: Linux drivers/xen/xen-pciback/pci_stub.c, drivers/pci/pci-driver.c.
 */
void fake_pciback_init(struct fake_pciback *p, struct fake_kernel *kernel);

unsigned fake_pciback_slots(const struct fake_pciback *p, struct bdf dev);
bool fake_pciback_is_permissive(const struct fake_pciback *p, struct bdf dev);

#endif
