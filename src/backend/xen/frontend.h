/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether the guest's half of pass-through works, because libxl's success does not tell. */
#ifndef VFY_BACKEND_XEN_FRONTEND_H
#define VFY_BACKEND_XEN_FRONTEND_H

#include "backend/xen/xen.h"

/* Returns the state of a domain's PCI backend; XENBUS_UNKNOWN when it has none. */
unsigned frontend_state(struct backend *b, uint32_t path_domid);

/**
 * frontend_wait - wait until a PV domain's backend is connected
 *
 * A domain without a backend is fine, because the first device makes it. libxl waits, too, 10 s
 * with its lock held, but when it detaches it then goes on as if nothing were wrong. The wait ends
 * early when the backend is closing, because that is final. Failures are refusals, because nothing
 * was changed.
 * Source: Xen tools/libs/light/libxl_device.c, libxl__wait_for_backend(); Linux
 * drivers/xen/xen-pciback/xenbus.c.
 */
int frontend_wait(struct backend *b, const struct domain *d, struct err *e);

/* Checks only what needs no wait: whether the backend is closing, in the same words. The view must
 * be fresh. */
int frontend_check(struct backend *b, const struct domain *d, struct err *e);

/**
 * frontend_verify - check after an attach that the guest can use the device
 *
 * PV: within the deadline the backend must be connected, the device's own state initialised, and
 * its address published by pciback. HVM: libxl must list it with the slot that the device model
 * gave it.
 */
int frontend_verify(struct backend *b, const struct domain *d, struct bdf dev, struct err *e);

/* Returns why the backend failed, as the kernel left it in xenstore; NULL when it did not. free()
 * it. */
char *frontend_error(struct backend *b, uint32_t path_domid);

/**
 * frontend_drop - remove a domain's PCI frontend and backend
 *
 * It removes the nodes themselves before the directories that they are in, because a guest does not
 * notice when "device/pci" goes away, only when "device/pci/0" does. Source: Linux
 * drivers/xen/xenbus/xenbus_probe.c, xenbus_dev_changed(); libxl_device.c, libxl__device_destroy().
 */
int frontend_drop(struct backend *b, uint32_t path_domid, struct err *e);

/**
 * frontend_drop_sole - drop a backend that is not connected and holds only @dev
 *
 * libxl does the same after the last device left, when the guest answers. Returns true when the
 * backend is gone.
 */
bool frontend_drop_sole(struct backend *b, const struct domain *d, struct bdf dev);

#endif
