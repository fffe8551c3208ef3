/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Hot plug over QMP; both ways end only when it has happened. */
#ifndef VFY_BACKEND_KVM_HOTPLUG_H
#define VFY_BACKEND_KVM_HOTPLUG_H

#include "backend/kvm/qmp.h"

/* What device_add is told; members that are NULL are left out. */
struct plug {
	const char *driver, *id, *bus;
	unsigned addr;		      /* slot on that bus */
	const char *property, *value; /* "host", "0000:05:10.6" */
	unsigned fn;		      /* function of that slot */
	bool is_multifunction;	      /* function 0 of a slot that has others */
};

/* Something that is to leave a guest. */
struct leaving {
	const char *id;	  /* "" when it has none */
	const char *path; /* in QEMU's object tree */
};

/* Puts a device into a port, or into a slot of a bus that allows hot plug. Adds the cure to QEMU's
 * refusal; waits for a guest that is busy with that slot. */
int plug_in(struct qmp *q, const struct plug *p, unsigned timeout_ms, struct err *e);

/**
 * plug_out - take a device out, and wait until it is out
 * @id:   "" when it has none
 * @path: in QEMU's object tree
 *
 * QEMU only passes the request on; the guest decides, and may ignore it for good. The device is out
 * when the event DEVICE_DELETED comes (by then QEMU has closed it), or when the object is gone. It
 * asks twice, each time with half of the deadline, and waits for a guest that is busy with that
 * slot. Returns -ETIMEDOUT when it is still in the guest.
 * Source: QEMU qapi/qdev.json, device_del; hw/core/qdev.c, device_finalize(); hw/pci/pcie.c,
 * pcie_cap_slot_unplug_request_cb(), pcie_cap_slot_do_unplug(); hw/acpi/pcihp.c,
 * acpi_pcihp_eject_slot().
 */
int plug_out(struct qmp *q, const char *id, const char *path, unsigned timeout_ms, struct err *e);

/* The same of all functions of one slot, at least one: the request is about the first, and with it
 * QEMU takes out all. */
int plug_out_all(struct qmp *q, const struct leaving *v, size_t n, unsigned timeout_ms,
		 struct err *e);

/* -ETIMEDOUT, and what becomes of the request. */
int plug_not_released(unsigned timeout_ms, struct err *e);

#endif
