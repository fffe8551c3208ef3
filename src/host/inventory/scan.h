/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The parts of inventory_read(): one PF with its VFs, and the network devices of all. */
#ifndef VFY_HOST_INVENTORY_SCAN_H
#define VFY_HOST_INVENTORY_SCAN_H

#include "host/inventory/inventory.h"

/* One discovery run; everything is borrowed, except what ends up in @inv. */
struct scan {
	const struct host *h;
	struct inventory *inv;
	unsigned flags; /* enum inventory_flags */
};

/**
 * scan_pf - read the function at @bdf if it is a PF
 *
 * Returns 1 with *ret (its vfs are on the heap, one for each that sriov_numvfs claims; netdevs are
 * not read yet); 0 when it is not a PF, or vanished meanwhile (with a note on the log); or -ENOMEM.
 * Source: Linux drivers/pci/iov.c, sriov_pf_dev_attrs and pci_iov_sysfs_link().
 */
int scan_pf(const struct scan *d, struct bdf bdf, struct pf *ret);

/**
 * scan_vf - read VF @index of the PF whose directory is @pf_dir
 *
 * It costs three readlinkat(2), and one more file with INVENTORY_OVERRIDE. What is wrong with the
 * VF is in state and why of *ret. Returns 0 or -ENOMEM.
 */
int scan_vf(const struct scan *d, struct root_dir *pf_dir, const struct pf *pf, unsigned index,
	    struct vf *ret);

/**
 * scan_whole - the PF's function itself, as what can be given as a whole
 * @dir: its directory
 *
 * Into @pf->whole. As scan_vf(), with the same files.
 */
int scan_whole(const struct scan *d, struct root_dir *dir, struct pf *pf);

/**
 * scan_other - read the function at @bdf, when it is an endpoint that is neither a PF nor a VF
 *
 * Returns 1 with *ret, whose only function is its whole, 0 when it is a bridge or a VF or vanished
 * meanwhile, -ENOMEM.
 */
int scan_other(const struct scan *d, struct bdf bdf, struct pf *ret);

/**
 * scan_netdevs - give every PF, and with INVENTORY_NETDEV every VF, its network device
 *
 * It makes one pass over sys/class/net, because one readlinkat(2) for each existing netdev costs
 * less than opening the net directory of every VF, and most VFs have none. When a PF has several
 * netdevs, its own is taken (host/net/netdev_kind.h); when a VF has several, the first by name.
 * Needs inv->by_bdf. Returns 0 or -errno.
 */
int scan_netdevs(const struct scan *d);

/* Rebuilds inv->by_bdf from the inv->n_vfs VFs that exist. Returns 0 or -ENOMEM. */
int inventory_index(struct inventory *inv);

#endif
