/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Gives a VF to the host's driver, even when the kernel gives it to another one. */
#ifndef VFY_ENGINE_RUN_PROBE_H
#define VFY_ENGINE_RUN_PROBE_H

#include "engine/engine.h"

/**
 * host_driver_probe - give a VF that no guest has to a driver of the host
 *
 * The kernel is asked first. It gives the function to another driver if somebody wrote the
 * function's ID to that driver's new_id, as driverctl 0.115 does and leaves it. Then the function
 * is taken from there and bound to host_driver_of(), with driver_override set during the bind.
 * new_id and remove_id are not written, because they concern all devices with this ID; the note, or
 * the error, has the command. A driver_override that names the backend's driver is dropped, any
 * other one stays.
 *
 * Returns 0 with a driver of the host bound, or -errno with cause and fix.
 */
int host_driver_probe(struct engine *en, struct vf_ref vf, struct err *e);

#endif
