/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Can the number of VFs of a PF be changed? Check and doctor ask here. */
#ifndef VFY_ENGINE_PLAN_REFUSE_NUMVFS_H
#define VFY_ENGINE_PLAN_REFUSE_NUMVFS_H

#include "engine/plan/refuse.h"

/**
 * refuse_numvfs - could the PF, with the driver it has, have @n VFs instead of those it has?
 * @brings_up: its network device is brought up before
 *
 * The driver, and what it is known not to do. How many the device may have (pf_driver_can_have()),
 * who has its VFs, and whether the host lives on it are other questions. Whether a driver can make
 * VFs shows only when sriov_numvfs is written, because the file is there for every device with the
 * capability; of some it is known. Returns 0, or -errno with cause, fix and EXIT_REFUSED.
 * Source: Linux drivers/pci/iov.c, sriov_numvfs_store().
 */
int refuse_numvfs(const struct refuse *r, const struct pf *pf, unsigned n, bool brings_up,
		  struct err *e);

#endif
