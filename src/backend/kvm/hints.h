/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How QEMU 7.2 to 10.0 word refusals of hot plug, and what helps. */
#ifndef VFY_BACKEND_KVM_HINTS_H
#define VFY_BACKEND_KVM_HINTS_H

#include "backend/kvm/qmp.h"

/* What to do about a refusal, whoever passes it on; NULL: not known. Static. */
const char *hint_find(const char *text);

/* Adds what to do to a refusal (@r is -EREMOTEIO), whose text is shown as it is. Returns @r. */
int hint_add(const struct qmp *q, int r, struct err *e);

/*
 * Tells whether @desc means that the guest is busy with that slot, so that the same will work
 * later.
 * Source: QEMU hw/pci/pcie.c, pcie_cap_slot_unplug_request_cb() and hw/pci/shpc.c: a guest that is
 * asked to let go blinks for up to five seconds.
 */
bool hint_is_busy(const char *desc);

#endif
