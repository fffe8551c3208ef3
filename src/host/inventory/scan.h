/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The parts of inventory_read(): one PF with its VFs, and the network devices of all. */
#ifndef VFY_HOST_INVENTORY_SCAN_H
#define VFY_HOST_INVENTORY_SCAN_H

#include "host/inventory/inventory.h"

/* One discovery run; everything is borrowed but what ends up in @inv. */
struct scan {
	const struct host *h;
	struct inventory *inv;
	unsigned flags; /* enum inventory_flags */
};

/**
 * scan_pf - read the function at @bdf, when it is a PF
 *
 * Returns 1 with *ret (its vfs on the heap, one for each that sriov_numvfs claims, no netdevs), 0
 * when it is no PF or vanished meanwhile (a note on the log), -ENOMEM.
 * Source: Linux drivers/pci/iov.c, sriov_pf_dev_attrs and pci_iov_sysfs_link().
 */
int scan_pf(const struct scan *d, struct bdf bdf, struct pf *ret);

/**
 * scan_vf - read VF @index of the PF whose directory @pf_dir is
 *
 * Three readlinkat(2), and one file more with INVENTORY_OVERRIDE. What is wrong with the VF is in
 * *ret: state and why. Returns 0 or -ENOMEM.
 */
int scan_vf(const struct scan *d, struct root_dir *pf_dir, const struct pf *pf, unsigned index,
	    struct vf *ret);

/**
 * scan_netdevs - give every PF, and with INVENTORY_NETDEV every VF, its network device
 *
 * One pass over sys/class/net: a readlinkat(2) for each netdev there is costs less than opening
 * the net directory of each VF, most of which have none. Of several netdevs of a PF its own is
 * taken (host/net/netdev_kind.h), of several of a VF the first by name. Needs inv->by_bdf. Returns
 * 0 or -errno.
 */
int scan_netdevs(const struct scan *d);

/* inv->by_bdf anew, of the inv->n_vfs VFs that exist. Returns 0 or -ENOMEM. */
int inventory_index(struct inventory *inv);

#endif
