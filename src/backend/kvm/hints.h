/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What QEMU refuses hot plug with, and what helps: the words of QEMU 7.2 to 10.0. */
#ifndef VFY_BACKEND_KVM_HINTS_H
#define VFY_BACKEND_KVM_HINTS_H

#include "backend/kvm/qmp.h"

/* Adds what to do to a refusal (@r is -EREMOTEIO), whose text is shown as it is. Returns @r. */
int hint_add(const struct qmp *q, int r, struct err *e);

/* Does @desc say that the guest is at work on that slot, and that the same will work later?
 * Source: QEMU hw/pci/pcie.c, pcie_cap_slot_unplug_request_cb() and hw/pci/shpc.c, a guest that is
 * asked to let go blinks for up to five seconds. */
bool hint_is_busy(const char *desc);

#endif
