/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What tells one PF from another besides its address: permanent MAC, path through bridges,
 * serial. */
#ifndef VFY_HOST_INVENTORY_IDENTITY_H
#define VFY_HOST_INVENTORY_IDENTITY_H

#include <stdbool.h>
#include "host/inventory/inventory.h"

#define PF_SERIAL_STRLEN sizeof("00-25-38-81-21-00-aa-bb")

/* The permanent MAC of one of a PF's network devices. */
struct pf_mac {
	uint8_t mac[MAC_LEN];
};

/* Read once, owned by the caller; release it with pf_identity_done(). */
struct pf_identity {
	struct pf_mac *macs; /* those of its own ports, not of representors */
	size_t n_macs;
	char *path;		       /* NULL when not known */
	char serial[PF_SERIAL_STRLEN]; /* "" when it has none */
	bool serial_hidden;	       /* extended configuration space could not be read */
};

enum pf_identity_flags {
	PF_IDENTITY_MACS = 1,
	PF_IDENTITY_PATH = 2,
	PF_IDENTITY_SERIAL = 4, /* reads configuration space */
};

/**
 * pf_identity_read - what is wanted of one PF, or other function, of an inventory
 * @flags: enum pf_identity_flags; the rest stays unknown
 *
 * The MAC is the permanent one when the running kernel tells it, otherwise the present one (always
 * with --root). What cannot be read counts as unknown, never as an error. Returns 0 or -ENOMEM.
 *
 * The path is the root port, then device.function of each bridge and of the function itself,
 * because these stay the same when buses are renumbered: "0000:00:01.0/00.1". Where the segment
 * changes on the way (VMD), the path has the full address.
 * Source: Linux Documentation/ABI/testing/sysfs-class-net (address); PCIe base specification 7.9.3,
 * Device Serial Number; only root reads beyond 64 bytes of configuration space (drivers/pci/
 * pci-sysfs.c, pci_read_config()).
 */
int pf_identity_read(struct pf_identity *ret, const struct host *h, const struct inventory *inv,
		     const struct pf *pf, unsigned flags);
void pf_identity_done(struct pf_identity *f);

#endif
