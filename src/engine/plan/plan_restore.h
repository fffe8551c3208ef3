/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a VF had before, as steps; shared by pci-assignable-remove -r and release. */
#ifndef VFY_ENGINE_PLAN_PLAN_RESTORE_H
#define VFY_ENGINE_PLAN_PLAN_RESTORE_H

#include "engine/plan/step.h"
#include "engine/engine.h"

/**
 * restore_settings - a SET step for every setting that is not what @o remembers
 *
 * @is_new: the plan makes the VF, so all that is remembered is a step
 *
 * Before the driver comes back, which takes its MAC when it is bound. Also those that nobody set
 * here: a VF without an admin MAC gets the one its guest's driver made up into the PF's table,
 * where it stays (Linux drivers/net/ethernet/intel/igb/igb_main.c, igb_set_vf_mac_filter()). What
 * was not known stays. Reads the PF's attributes when that was not done yet. What the driver
 * refuses does not keep the VF from its driver (engine/run/unrestored.h). Refused while the PF has
 * no network device to set them through.
 */
int restore_settings(const struct engine *en, struct vf_ref vf, const struct vf_saved *o,
		     bool is_new, struct plan *p, struct err *e);

#endif
