/* SPDX-License-Identifier: GPL-2.0-or-later */
/* libxl's calls that change who has a device; each is a line at -vv (base/log.h). Calls that change
 * nothing are in ask.h. */
#ifndef VFY_BACKEND_XEN_PCI_CALLS_H
#define VFY_BACKEND_XEN_PCI_CALLS_H

#include "backend/xen/xen.h"

/* They work like libxl_device_pci_add() and so on, with libxl's codes. The backend must be
 * connected, and @pci stays the caller's. Source: Xen tools/libs/light/libxl_pci.c. */
int call_pci_add(struct backend *b, uint32_t domid, libxl_device_pci *pci);
int call_pci_remove(struct backend *b, uint32_t domid, libxl_device_pci *pci);
int call_pci_destroy(struct backend *b, uint32_t domid, libxl_device_pci *pci);

/* libxl_device_pci_assignable_add() remembering the driver, and _remove() without binding it. */
int call_assignable_add(struct backend *b, libxl_device_pci *pci);
int call_assignable_remove(struct backend *b, libxl_device_pci *pci);

#endif
