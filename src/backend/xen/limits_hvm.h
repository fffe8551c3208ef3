/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How much the device model of an HVM domain has room for. */
#ifndef VFY_BACKEND_XEN_LIMITS_HVM_H
#define VFY_BACKEND_XEN_LIMITS_HVM_H

#include "backend/xen/limits.h"

/* Each is one whole row, called for domains of other types, too, and refuses only what is
 * certain. */

/* Refuses more than 30 devices, because each takes a slot of the emulated bus. */
int xen_limits_hvm_slots(const struct refusal_ask *a, struct domain_devs *devs, struct err *e);
/* Refuses two devices that differ only in the segment, because they have the same name in QEMU. */
int xen_limits_hvm_names(const struct refusal_ask *a, struct domain_devs *devs, struct err *e);
/* Refuses a vslot= whose slot another device has, as far as that can be seen. */
int xen_limits_hvm_vslot(const struct refusal_ask *a, struct domain_devs *devs, struct err *e);

#endif
