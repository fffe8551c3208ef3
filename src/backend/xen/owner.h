/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether a domain has a device: checked right before anything is done with it. */
#ifndef VFY_BACKEND_XEN_OWNER_H
#define VFY_BACKEND_XEN_OWNER_H

#include "backend/xen/xen.h"

/**
 * xen_refuse_held - refuse a device that a domain claims or has
 *
 * libxl's own test trusts only the claim node, which a failed attach of somebody else deletes; a
 * second attach then resets the device under its owner. Here the device must be free of a claim and
 * in no PCI backend. A claim without an entry in any backend is removed, with a note, when the
 * hypervisor does not list its domain, or when --force names the VF (because an attach was killed).
 * Source: Xen tools/libs/light/libxl_pci.c, libxl__device_pci_add(), device_pci_add_done().
 */
int xen_refuse_held(struct backend *b, struct vf_ref vf, struct err *e);

/* The same by the backends as they are in b->view; the claim is read now. */
int xen_refuse_seen(struct backend *b, struct vf_ref vf, struct err *e);

/* Returns -EBUSY because another domain left this backend behind, with the command that removes
 * it. */
int xen_refuse_left(const struct pci_backend *pb, struct err *e);

#endif
