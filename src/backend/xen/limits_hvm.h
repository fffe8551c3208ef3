/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the device model of an HVM domain has room for. */
#ifndef VFY_BACKEND_XEN_LIMITS_HVM_H
#define VFY_BACKEND_XEN_LIMITS_HVM_H

#include "backend/xen/limits.h"

/* Each is the whole of one row, of domains of other types too, and refuses what is certain. */

/* More than 30 devices: each takes a slot of the emulated bus. */
int xen_limits_hvm_slots(const struct refusal_ask *a, struct domain_devs *devs, struct err *e);
/* Two devices that differ in the segment only have one name in QEMU. */
int xen_limits_hvm_names(const struct refusal_ask *a, struct domain_devs *devs, struct err *e);
/* vslot= of a slot that another device has, as far as that is seen. */
int xen_limits_hvm_vslot(const struct refusal_ask *a, struct domain_devs *devs, struct err *e);

#endif
