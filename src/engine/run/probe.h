/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Gives a VF to the host's driver, also where the kernel gives it to another. */
#ifndef VFY_ENGINE_RUN_PROBE_H
#define VFY_ENGINE_RUN_PROBE_H

#include "engine/engine.h"

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
