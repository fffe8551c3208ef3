/* SPDX-License-Identifier: GPL-2.0-or-later */
/* VFs that are about to be unmade: does somebody have one whom the kernel would wait for? */
#ifndef VFY_ENGINE_RUN_UNMAKE_H
#define VFY_ENGINE_RUN_UNMAKE_H

#include "engine/engine.h"

/**
 * unmake_refuse - right before sriov_numvfs is written
 * @pf: it will have @to VFs
 *
 * Asked of each VF that it has when it shall have fewer, whatever is forced: the write would wait
 * in the kernel without end, with the host lock. They were free when that was planned, but for
 * those that their own driver makes assignable, and /proc shows no descriptor that is on its way in
 * a socket. Returns 0, or -errno with the VF as the object.
 */
int unmake_refuse(const struct engine *en, struct pf *pf, unsigned to, struct err *e);

#endif
