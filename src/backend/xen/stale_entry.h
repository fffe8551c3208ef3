/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A backend entry that the guest let go of after libxl had stopped waiting. */
#ifndef VFY_BACKEND_XEN_STALE_ENTRY_H
#define VFY_BACKEND_XEN_STALE_ENTRY_H

#include "backend/xen/xen.h"

/*
 * True when entry @n is marked as closing and its backend is connected again, so the guest and
 * pciback are done with it. If libxl were asked again, it would begin the same handshake anew, and
 * pciback would find no such device and never end it. Source: Linux
 * drivers/xen/xen-pciback/xenbus.c, xen_pcibk_reconfigure() (-EINVAL of xen_pcibk_remove_device()
 * skips XenbusStateReconfigured).
 */
bool remains_are(struct backend *b, uint32_t path_domid, unsigned n);

/* True when a detach of entry @n has begun. */
bool remains_begun(struct backend *b, uint32_t path_domid, unsigned n);

/**
 * remains_remove - do libxl's last part: delete entry @n, move the others down, count one less
 *
 * When the last entry goes, backend and frontend go with it. Source: Xen
 * tools/libs/light/libxl_pci.c, libxl__device_pci_remove_xenstore().
 */
int remains_remove(struct backend *b, uint32_t path_domid, unsigned n, struct err *e);

#endif
