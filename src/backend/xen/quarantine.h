/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Puts a device into Xen's quarantine, which makes it assignable, and takes it out. */
#ifndef VFY_BACKEND_XEN_QUARANTINE_H
#define VFY_BACKEND_XEN_QUARANTINE_H

#include "backend/xen/xen.h"
#include "host/pci/bind.h"

/**
 * xen_quarantine - give a device on pciback (or without a driver) to Xen's quarantine
 * @name: "" keeps the name that it has
 *
 * libxl binds it to pciback if needed. When a guest owns it, the hypervisor itself refuses (EBUSY),
 * whatever xenstore says. Idempotent.
 * Source: libxl__device_pci_assignable_add(); Xen xen/drivers/passthrough/pci.c, device_assigned().
 */
int xen_quarantine(struct backend *b, struct bdf dev, const char *name, struct err *e);

/* Takes a device without a driver out of quarantine, and drops the name that libxl has for it.
 * Returns false when it is not there; the messages of libxl are in b->xlog. Source:
 * libxl__device_pci_assignable_remove(). */
bool xen_leave_quarantine(struct backend *b, struct bdf dev);

/**
 * xen_let_go - take it off pciback and out of quarantine, without a driver, its slot forgotten
 *
 * A device that was never quarantined (because it was hidden at boot) is quarantined first: so the
 * hypervisor itself says that no guest owns it, and libxl does not give up on it. It leaves the
 * quarantine when pciback has reset it. driver_override and xenstore nodes, but for the name, stay.
 * On failure the device is on pciback and quarantined as before, or the sentence says what is left.
 */
int xen_let_go(struct backend *b, struct bdf dev, struct err *e);

/* The same in two halves, as bind_unbind_start(): the reset is in flight in between. */
int xen_let_go_start(struct backend *b, struct bdf dev, struct bind_flight *ret, struct err *e);
int xen_let_go_finish(struct backend *b, struct bind_flight *f, struct err *e);

/* Takes the address off pciback's list of devices to seize, with all duplicates. */
void xen_forget_slot(struct backend *b, struct bdf dev);

#endif
