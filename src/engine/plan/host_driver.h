/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which driver of the host's a VF is for. */
#ifndef VFY_ENGINE_PLAN_HOST_DRIVER_H
#define VFY_ENGINE_PLAN_HOST_DRIVER_H

#include "host/pci/bind.h"
#include "engine/engine.h"

/**
 * host_driver_is - is @driver a driver of the host's, which uses the function itself?
 *
 * False for "" and for drivers that hold a function for somebody else: the backend's, others of its
 * kind (ops->holds), and those made for programs and for keeping a function free.
 */
bool host_driver_is(const struct engine *en, struct bdf dev, const char *driver);

/**
 * host_driver_of - which loaded driver of the host's is made for this VF
 * @ret: "" when that is not known
 *
 * The one it had before vfyard took it; what its siblings (same vendor and device) have; what its
 * kind of device is said to need by the table of modules (host/pci/modalias.h).
 */
void host_driver_of(const struct engine *en, struct vf_ref vf, char ret[DRIVER_MAX]);

#endif
