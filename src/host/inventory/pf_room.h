/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Has the machine room for the VFs of a PF: addresses for their memory, numbers for their buses? */
#ifndef VFY_HOST_INVENTORY_PF_ROOM_H
#define VFY_HOST_INVENTORY_PF_ROOM_H

#include "host/inventory/inventory.h"

struct pf_room {
	bool is_without_memory; /* of what VFs need of PCI memory, some has no address */
	uint64_t memory;	/* bytes that all its VFs need; 0: not known */
	unsigned n_buses;	/* so many VFs have a bus number; totalvfs where it is not known */
	unsigned last_bus;	/* of the bridge above; only where @n_buses is less than totalvfs */
	int8_t ari;		/* does the bridge above forward ARI? 1, 0, UNKNOWN */
};

/**
 * pf_room_read - from sysfs, by anybody
 *
 * Lines 7 to 12 of "resource" are the windows for the memory of all VFs that the PF can have; one
 * that is wanted and has no address has a start of 0 or the mark "unset". The kernel then refuses
 * to make VFs with ENOMEM. Buses: the routing ID of the last VF must lie within what the bridge
 * above passes on, which ENOMEM stands for, too. Cannot fail.
 * Source: Linux drivers/pci/iov.c, sriov_init(), sriov_enable(), pci_iov_bus_range();
 * pci-sysfs.c, resource_show(); include/linux/ioport.h, IORESOURCE_UNSET.
 */
void pf_room_read(const struct host *h, const struct pf *pf, struct pf_room *ret);

/* Reads the text of "resource" into @ret. Pure. */
void pf_room_resource(const char *text, struct pf_room *ret);

/* How many VFs of @pf have a bus number up to @last. Pure. */
unsigned pf_room_buses(const struct pf *pf, unsigned last);

#endif
