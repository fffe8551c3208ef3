/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Plans what a VF had before as steps; pci-assignable-remove -r and release share it. */
#ifndef VFY_ENGINE_PLAN_PLAN_RESTORE_H
#define VFY_ENGINE_PLAN_PLAN_RESTORE_H

#include "engine/plan/step.h"
#include "engine/engine.h"

/**
 * restore_settings - plan a SET step for every setting that is not what @o remembers
 *
 * @is_new: the plan makes the VF, so every setting that is remembered becomes a step
 *
 * Call it before the step that brings the driver back, because a driver takes its MAC when it is
 * bound. It also restores settings that nobody set here: when a VF has no admin MAC, the PF's table
 * gets the one that the guest's driver made up, and keeps it (Linux
 * drivers/net/ethernet/intel/igb/igb_main.c, igb_set_vf_mac_filter()). What was not known stays.
 * Reads the PF's attributes unless that was done already. A setting that the driver refuses does
 * not keep the VF from its driver (engine/run/unrestored.h). Refuses while the PF has no network
 * device to set them through.
 */
int restore_settings(const struct engine *en, struct vf_ref vf, const struct vf_saved *o,
		     bool is_new, struct plan *p, struct err *e);

#endif
