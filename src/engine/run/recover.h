/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The journal of a run that was killed, or had to end in the middle of a step: that is made whole.
 */
#ifndef VFY_ENGINE_RUN_RECOVER_H
#define VFY_ENGINE_RUN_RECOVER_H

#include "engine/run/run.h"

/**
 * recover - settle what a run left half done, and remove its journal
 *
 * Under the host lock, with inventory and survey. At most one step is half done (or numvfs of
 * several PFs, each of which the kernel does as a whole). Bound halfway: put back to the driver and
 * override it had. Cut off between domain and host: the backend's settle. Steps that had ended
 * stand, because a guest may have lived with them since: what they changed is in the memory, so the
 * next apply goes on from them and release takes them back.
 *
 * Returns 1 when something was looked at, so that the inventory must be read anew; 0 when there was
 * no journal; -errno when it is damaged or something could not be settled: then it stays, and
 * nothing else may be done.
 */
int recover(struct engine *en, struct err *e);

#endif
