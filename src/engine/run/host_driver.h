/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The host's driver for a VF, also where the kernel gives the VF to another. */
#ifndef VFY_ENGINE_RUN_HOST_DRIVER_H
#define VFY_ENGINE_RUN_HOST_DRIVER_H

#include "host/pci/bind.h"
#include "engine/run/run.h"

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

/**
 * host_driver_probe - give a VF that a guest does not have to a driver of the host's
 *
 * The kernel is asked first. A function goes elsewhere when its ID was written to the new_id of
 * another driver, as driverctl 0.115 does and leaves it: then it is taken from there and bound to
 * host_driver_of(), with driver_override for the time of the bind. new_id and remove_id are not
 * written, because they are about all devices of this ID; the note, or the error, has the command.
 * A driver_override that names the backend's driver is dropped, any other one stays.
 *
 * Returns 0 with a driver of the host's bound; -errno with cause and fix.
 */
int host_driver_probe(struct engine *en, struct vf_ref vf, struct err *e);

#endif
