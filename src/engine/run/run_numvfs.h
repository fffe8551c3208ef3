/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Changes of sriov_numvfs, which take a second each in the kernel: those of several PFs run at
 * once. */
#ifndef VFY_ENGINE_RUN_RUN_NUMVFS_H
#define VFY_ENGINE_RUN_RUN_NUMVFS_H

#include "engine/run/journal.h"
#include "engine/run/run.h"

/**
 * numvfs_run - run the NUMVFS steps first..last-1 at once
 * @before: one for each step of the whole plan
 * @ret_failed: the first that failed
 *
 * All are waited for and the inventory follows each; outcomes are set. A PF that got fewer VFs than
 * asked is put back to what it had, as is one whose VFs are gone although that is said to have
 * failed. None is begun while somebody has a VF of any for whom the kernel would wait. @e is the
 * first failure.
 */
int numvfs_run(struct engine *en, struct plan *p, const struct before *before, size_t first,
	       size_t last, size_t *ret_failed, struct err *e);

int numvfs_undo(struct engine *en, const struct step *s, const struct before *b, struct err *e);

#endif
