/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Changes of sriov_numvfs, which take a second each in the kernel: those of several PFs at once. */
#ifndef VFY_ENGINE_RUN_RUN_NUMVFS_H
#define VFY_ENGINE_RUN_RUN_NUMVFS_H

#include "engine/run/journal.h"
#include "engine/run/run.h"

/* First step after @i that cannot run beside the ones from @i on: i + 1, or more for NUMVFS steps
 * of PFs that are all different. */
size_t numvfs_group_end(const struct plan *p, size_t i);

/**
 * numvfs_run - the NUMVFS steps first..last-1 at once
 * @before: of the whole plan, by number
 * @ret_failed: the first that failed
 *
 * All are waited for and the inventory follows each; outcomes are set. A PF that got fewer VFs than
 * asked is put back to what it had, as is one whose VFs are gone although that is said to have
 * failed. @e is the first failure.
 */
int numvfs_run(struct engine *en, struct plan *p, const struct before *before, size_t first,
	       size_t last, size_t *ret_failed, struct err *e);

int numvfs_undo(struct engine *en, const struct step *s, const struct before *b, struct err *e);

#endif
