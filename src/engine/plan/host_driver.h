/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which of the host's drivers a VF is for. */
#ifndef VFY_ENGINE_PLAN_HOST_DRIVER_H
#define VFY_ENGINE_PLAN_HOST_DRIVER_H

#include "host/pci/bind.h"
#include "engine/engine.h"

/**
 * host_driver_is - tell whether @driver is one of the host's, and uses the function itself
 *
 * Returns false for "", and for drivers that hold a function for somebody else: the backend's,
 * others of its kind (ops->holds), and those that serve programs or keep a function free.
 */
bool host_driver_is(const struct engine *en, struct bdf dev, const char *driver);

/**
 * host_driver_of - find the loaded driver of the host that is made for this VF
 * @ret: "" when that is not known
 *
 * It tries, in this order: the one that it had before vfyard took it; what its siblings (same
 * vendor and device) have; what its kind of device needs according to the table of modules
 * (host/pci/modalias.h).
 */
void host_driver_of(const struct engine *en, struct vf_ref vf, char ret[DRIVER_MAX]);

#endif
