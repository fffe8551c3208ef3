/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How many VFs a PF has, and whether drivers take them as they appear. */
#ifndef VFY_HOST_INVENTORY_SRIOV_H
#define VFY_HOST_INVENTORY_SRIOV_H

#include "base/root.h"
#include "host/inventory/inventory.h"

/* A write of sriov_numvfs on its way; PFs do not wait for each other. */
struct numvfs_write {
	const struct pf *pf;
	unsigned n;
	struct root_writing writing;
};

/* Begins to write; numvfs_finish() must follow. Never fails: what goes wrong is said there. */
void numvfs_start(const struct host *h, const struct pf *pf, unsigned n, struct numvfs_write *ret);

/**
 * numvfs_finish - wait for the kernel, and read back what it did
 *
 * The kernel reports success for fewer VFs: then -EIO with both numbers, and *ret_now is what there
 * is. Every errno has cause and fix, by driver where that matters (ENOENT: only max_vfs= of the
 * module; ENOSPC; ENOMEM; EBUSY; ERANGE; EPERM). -ETIMEDOUT: EXIT_LEFT, and sriov_numvfs is not
 * read, because that would hang on the same lock; *ret_now is then what it was.
 * Source: Linux drivers/pci/iov.c, sriov_numvfs_store(), sriov_enable().
 */
int numvfs_finish(const struct host *h, struct numvfs_write *w, unsigned *ret_now, struct err *e);

/* Both. */
int numvfs_set(const struct host *h, const struct pf *pf, unsigned n, unsigned *ret_now,
	       struct err *e);

/* sriov_drivers_autoprobe, read back. -ENOENT with a fix on kernels before 4.12. */
int autoprobe_set(const struct host *h, const struct pf *pf, bool on, struct err *e);

#endif
