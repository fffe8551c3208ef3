/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Settings of VFs (MAC, VLAN and the rest) as steps. */
#ifndef VFY_ENGINE_RUN_RUN_SETTING_H
#define VFY_ENGINE_RUN_RUN_SETTING_H

#include "engine/run/journal.h"
#include "engine/run/run.h"

/* What the PF's driver says of the VF now; reads all VFs of the PF when that was not done yet. */
int setting_look(const struct engine *en, const struct step *s, struct vf_attrs *ret,
		 struct err *e);

/* Writes it, unless it is so already. Success is what setting_verify() says. */
int setting_run(struct engine *en, const struct step *s, struct err *e);

/* Back to what it was, read back. What was not known cannot be put back: an error. */
int setting_undo(struct engine *en, const struct step *s, const struct before *b, struct err *e);

/**
 * setting_verify - read back the settings of steps first..last-1, which are of one PF
 * @ret_failed: the first that is not as it was written
 *
 * One request for all of them, so that the work stays linear. What the driver does not report is
 * taken as set; what was left (OUTCOME_LEFT) is passed over. -EBADE with both values: the driver
 * said that it is done, and it is not.
 */
int setting_verify(const struct engine *en, const struct plan *p, size_t first, size_t last,
		   size_t *ret_failed, struct err *e);

/* The same of what was read already. */
int setting_compare(const struct plan *p, size_t first, size_t last, size_t *ret_failed,
		    struct err *e);

#endif
