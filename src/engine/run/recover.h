/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The journal of a run that was killed, or had to end in the middle of a step: makes the step's
 * object whole again. */
#ifndef VFY_ENGINE_RUN_RECOVER_H
#define VFY_ENGINE_RUN_RECOVER_H

#include "engine/run/run.h"

/**
 * recover - repair what a run left half done, and remove its journal
 *
 * Call it under the host lock, with inventory and survey. At most one step is half done (or numvfs
 * of several PFs, each of which the kernel does as a whole). A VF that was bound halfway gets back
 * the driver and override that it had. One that was cut off between domain and host is left to the
 * backend's recover. Steps that had ended stay, because a guest may have lived with them since:
 * what they changed is in the memory, so the next apply goes on from them, and release takes them
 * back.
 *
 * Returns 1 when there was a journal, so that the inventory must be read anew; 0 when there was
 * none; -errno when it is damaged, or something could not be repaired: then it stays, and nothing
 * else may be done.
 */
int recover(struct engine *en, struct err *e);

#endif
