/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What tells one PF from another beyond its address: permanent MAC, bridge path, serial. */
#ifndef VFY_HOST_INVENTORY_IDENTITY_H
#define VFY_HOST_INVENTORY_IDENTITY_H

#include <stdbool.h>
#include "host/inventory/inventory.h"

#define PF_SERIAL_STRLEN sizeof("00-25-38-81-21-00-aa-bb")

/* Permanent MAC of one of its network devices. */
struct pf_mac {
	uint8_t mac[MAC_LEN];
};

/* Read once, owned by the caller, pf_identity_done(). */
struct pf_identity {
	struct pf_mac *macs; /* of its own ports, not of representors */
	size_t n_macs;
	char *path;		       /* NULL when it is not known */
	char serial[PF_SERIAL_STRLEN]; /* "" when there is none */
	bool serial_hidden;	       /* extended configuration space could not be read */
};

enum pf_identity_flags {
	PF_IDENTITY_MACS = 1,
	PF_IDENTITY_PATH = 2,
	PF_IDENTITY_SERIAL = 4, /* reads configuration space */
};

/**
 * pf_identity_read - what is wanted of one PF of an inventory
 * @flags: enum pf_identity_flags; the rest stays unknown
 *
 * The MAC is the permanent one where the running kernel tells it, else the present one (with --root
 * always). What cannot be read is not known, never an error. 0 or -ENOMEM.
 *
 * The path is the root port, then device.function of each bridge and of the function itself, for
 * these stay when buses are numbered anew: "0000:00:01.0/00.1". Where the segment changes on the
 * way (VMD) the full address is written.
 * Source: Linux Documentation/ABI/testing/sysfs-class-net (address); PCIe base specification 7.9.3,
 * Device Serial Number; only root reads beyond 64 bytes of configuration space (drivers/pci/
 * pci-sysfs.c, pci_read_config()).
 */
int pf_identity_read(struct pf_identity *ret, const struct host *h, const struct inventory *inv,
		     size_t pf, unsigned flags);
void pf_identity_done(struct pf_identity *f);

#endif
