/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether the guest's half of pass-through works: libxl's success does not say. */
#ifndef VFY_BACKEND_XEN_FRONTEND_H
#define VFY_BACKEND_XEN_FRONTEND_H

#include "backend/xen/xen.h"

/* State of a domain's PCI backend; XENBUS_UNKNOWN when it has none. */
unsigned frontend_state(struct backend *b, uint32_t path_domid);

/**
 * frontend_wait - wait until a PV domain's backend is connected
 *
 * No backend yet: fine, the first device makes it. libxl waits too, holding its lock, 10 s, and
 * then goes on as if nothing were wrong when it detaches. Ends early when the backend is closing:
 * that is for good. Refusals; nothing was changed.
 * Source: Xen tools/libs/light/libxl_device.c, libxl__wait_for_backend(); Linux
 * drivers/xen/xen-pciback/xenbus.c.
 */
int frontend_wait(struct backend *b, const struct domain *d, struct err *e);

/* The part of it that needs no wait: it is closing, in the same words. The view is fresh. */
int frontend_check(struct backend *b, const struct domain *d, struct err *e);

/**
 * frontend_verify - after an attach: is the device where the guest can use it?
 *
 * PV: the backend is connected, the device's own state is initialised and pciback has published
 * its address, within the deadline. HVM: libxl lists it with the slot that the device model gave
 * it.
 */
int frontend_verify(struct backend *b, const struct domain *d, struct bdf dev, struct err *e);

/* Why the backend failed, as the kernel left it in xenstore; NULL when it did not. free() it. */
char *frontend_error(struct backend *b, uint32_t path_domid);

/**
 * frontend_drop - remove a domain's PCI frontend and backend
 *
 * The nodes themselves before the directories they are in: a guest does not hear of "device/pci"
 * going away, only of "device/pci/0". Source: Linux drivers/xen/xenbus/xenbus_probe.c,
 * xenbus_dev_changed(); libxl_device.c, libxl__device_destroy().
 */
int frontend_drop(struct backend *b, uint32_t path_domid, struct err *e);

/**
 * frontend_drop_sole - forget a backend that never connected and holds only @dev
 *
 * What libxl does after the last device left, when the guest answers. Returns true when it is
 * gone.
 */
bool frontend_drop_sole(struct backend *b, const struct domain *d, struct bdf dev);

#endif
