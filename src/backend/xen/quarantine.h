/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Puts a device into Xen's quarantine, which makes it assignable, and takes it out. */
#ifndef VFY_BACKEND_XEN_QUARANTINE_H
#define VFY_BACKEND_XEN_QUARANTINE_H

#include "backend/xen/xen.h"

/**
 * xen_quarantine - give a device on pciback (or without a driver) to Xen's quarantine
 * @name: "" keeps the name that it has
 *
 * libxl binds it to pciback if needed. When a guest owns it, the hypervisor itself refuses (EBUSY),
 * whatever xenstore says. Idempotent.
 * Source: libxl__device_pci_assignable_add(); Xen xen/drivers/passthrough/pci.c, device_assigned().
 */
int xen_quarantine(struct backend *b, struct bdf dev, const char *name, struct err *e);

/**
 * xen_let_go - take it out of quarantine and off pciback, without a driver, its slot forgotten
 *
 * A device that was never quarantined (because it was hidden at boot) is quarantined first, because
 * libxl gives up on it otherwise. driver_override and xenstore nodes stay. On failure the device is
 * on pciback and quarantined as before, or the sentence says what is left.
 * Source: libxl__device_pci_assignable_remove().
 */
int xen_let_go(struct backend *b, struct bdf dev, struct err *e);

/* Takes the address off pciback's list of devices to seize, with all duplicates. */
void xen_forget_slot(struct backend *b, struct bdf dev);

#endif
