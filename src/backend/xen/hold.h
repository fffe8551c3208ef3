/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether a domain has a device: looked at right before anything is done with it. */
#ifndef VFY_BACKEND_XEN_HOLD_H
#define VFY_BACKEND_XEN_HOLD_H

#include "backend/xen/xen.h"

/**
 * xen_refuse_held - refuse a device that a domain claims or has
 *
 * libxl's own test trusts the claim node alone, which a failed attach of somebody else deletes; a
 * second attach then resets the device under its owner. Here both the claim and every PCI backend
 * must be free. A claim without an entry in any backend is removed, and said as a note, when the
 * hypervisor does not list its domain, or when --force names the VF (an attach that was killed).
 * Source: Xen tools/libs/light/libxl_pci.c, libxl__device_pci_add(), device_pci_add_done().
 */
int xen_refuse_held(struct backend *b, struct vf_ref vf, struct err *e);

/* -EBUSY: another domain left this backend behind; with the command that removes it. */
int xen_refuse_left(const struct pci_backend *pb, struct err *e);

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

/* Adds what could not be undone to a failure: "CAUSE; left: ..." with status EXIT_LEFT. Returns
 * @r. */
int xen_left(struct err *e, int r, const char *fmt, ...) PRINTF_LIKE(3, 4);

#endif
