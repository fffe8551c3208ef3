/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Hot plug over QMP, each way until it is true. */
#ifndef VFY_BACKEND_KVM_HOTPLUG_H
#define VFY_BACKEND_KVM_HOTPLUG_H

#include "backend/kvm/qmp.h"

/* What device_add is told; NULL members are left out. */
struct plug {
	const char *driver, *id, *bus;
	unsigned addr;		      /* slot on that bus */
	const char *property, *value; /* "host", "0000:05:10.6" */
};

/* Puts a device into a port, or a slot of a bus that takes hot plug. QEMU's refusal gets its cure;
 * a guest that works on that slot is waited for. */
int plug_in(struct qmp *q, const struct plug *p, unsigned timeout_ms, struct err *e);

/**
 * plug_out - take a device out, and wait until it is
 * @id:   "" when it has none
 * @path: in QEMU's object tree
 *
 * QEMU only passes the request on; the guest decides, and may ignore it for good. The device is out
 * with the event DEVICE_DELETED, by then QEMU has closed it, or when the object is gone. Asked
 * twice, each time with half of the deadline; a guest that works on that slot is waited for.
 * -ETIMEDOUT: it is still in the guest.
 * Source: QEMU qapi/qdev.json, device_del; hw/core/qdev.c, device_finalize(); hw/pci/pcie.c,
 * pcie_cap_slot_unplug_request_cb().
 */
int plug_out(struct qmp *q, const char *id, const char *path, unsigned timeout_ms, struct err *e);

#endif
