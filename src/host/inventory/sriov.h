/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How many VFs a PF has, and whether drivers bind to them as they appear. */
#ifndef VFY_HOST_INVENTORY_SRIOV_H
#define VFY_HOST_INVENTORY_SRIOV_H

#include "base/root.h"
#include "host/inventory/inventory.h"

/* A write of sriov_numvfs that is in progress; PFs do not wait for each other. */
struct numvfs_write {
	const struct pf *pf;
	unsigned n;
	struct root_writing writing;
};

/* Starts the write; numvfs_finish() must follow. This never fails, because numvfs_finish() reports
 * what goes wrong. */
void numvfs_start(const struct host *h, const struct pf *pf, unsigned n, struct numvfs_write *ret);

/**
 * numvfs_finish - wait for the kernel, and read back what it did
 *
 * The kernel may report success for fewer VFs: then this returns -EIO with both numbers, and
 * *ret_now is how many there are. Every errno has a cause and a fix, which depend on the driver
 * where that matters (ENOENT: only max_vfs= of the module; ENOSPC; ENOMEM; EBUSY; ERANGE; EPERM).
 * After -ETIMEDOUT (EXIT_LEFT) sriov_numvfs is not read, because that would hang on the same lock;
 * *ret_now is then the number from before.
 * Source: Linux drivers/pci/iov.c, sriov_numvfs_store(), sriov_enable().
 */
int numvfs_finish(const struct host *h, struct numvfs_write *w, unsigned *ret_now, struct err *e);

/* Calls numvfs_start(), then numvfs_finish(). */
int numvfs_set(const struct host *h, const struct pf *pf, unsigned n, unsigned *ret_now,
	       struct err *e);

/* Writes sriov_drivers_autoprobe and reads it back. Returns -ENOENT with a fix on kernels before
 * 4.12. */
int autoprobe_set(const struct host *h, const struct pf *pf, bool on, struct err *e);

#endif
