/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Into Xen's quarantine, which makes a device assignable, and out of it. */
#ifndef VFY_BACKEND_XEN_QUARANTINE_H
#define VFY_BACKEND_XEN_QUARANTINE_H

#include "backend/xen/xen.h"

/**
 * xen_quarantine - give a device on pciback (or without driver) to Xen's quarantine
 * @name: "" keeps the name it has
 *
 * libxl binds it to pciback where needed. When a guest owns it the hypervisor itself says no
 * (EBUSY), whatever xenstore says. Idempotent.
 * Source: libxl__device_pci_assignable_add(); Xen xen/drivers/passthrough/pci.c, device_assigned().
 */
int xen_quarantine(struct backend *b, struct bdf dev, const char *name, struct err *e);

/**
 * xen_let_go - out of quarantine and off pciback, without driver, slot forgotten
 *
 * One that was never quarantined (hidden at boot) is quarantined first: libxl gives up on it
 * otherwise. driver_override and xenstore nodes stay. On failure it is on pciback and quarantined
 * as before, or the sentence says what is left.
 * Source: libxl__device_pci_assignable_remove().
 */
int xen_let_go(struct backend *b, struct bdf dev, struct err *e);

/* Takes the address off pciback's list of devices to seize, all duplicates. */
void xen_forget_slot(struct backend *b, struct bdf dev);

#endif
