/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Settings of VFs (MAC, VLAN and the rest) as steps. */
#ifndef VFY_ENGINE_RUN_RUN_SETTING_H
#define VFY_ENGINE_RUN_RUN_SETTING_H

#include "engine/run/journal.h"
#include "engine/run/run.h"

/* Reads what the PF's driver reports about the VF now; reads all VFs of the PF unless that was done
 * already. */
int setting_look(const struct engine *en, const struct step *s, struct vf_attrs *ret,
		 struct err *e);

/* Writes the setting, unless it is so already. Only setting_verify() tells whether that worked. */
int setting_run(struct engine *en, const struct step *s, struct err *e);

/* Sets it back to what it was, and reads that back. What was not known cannot be put back, which is
 * an error. */
int setting_undo(struct engine *en, const struct step *s, const struct before *b, struct err *e);

/**
 * setting_verify - read back the settings of steps first..last-1, which all belong to one PF
 * @ret_failed: the first step whose setting is not as it was written
 *
 * It sends one request for all of them, so that the work stays linear. What the driver does not
 * report counts as set; what was left (OUTCOME_LEFT) is skipped. Returns -EBADE with both values
 * when the driver said that it is done, but it is not.
 */
int setting_verify(const struct engine *en, const struct plan *p, size_t first, size_t last,
		   size_t *ret_failed, struct err *e);

/* Compares what has been read already. */
int setting_compare(const struct plan *p, size_t first, size_t last, size_t *ret_failed,
		    struct err *e);

#endif
