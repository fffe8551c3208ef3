/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the drivers of PFs cannot do, known before the kernel is asked. */
#ifndef VFY_HOST_INVENTORY_PF_DRIVER_H
#define VFY_HOST_INVENTORY_PF_DRIVER_H

#include "host/inventory/inventory.h"

enum pf_quirk {
	PF_NEEDS_UP = 1,	/* changes its VFs only while its network device is up */
	PF_ALL_OR_NONE = 2,	/* makes as many VFs as the device has, whatever is asked for */
	PF_AT_LOAD = 4,		/* makes VFs only when it is loaded, with a parameter */
	PF_NO_VFS = 8,		/* makes none */
	PF_IF_PARAMETER = 16,	/* makes VFs only where its module has the parameter */
	PF_LATE_NETDEV = 32,	/* the PF's network device comes with the first VF */
	PF_FIXED_LIMIT = 64,	/* its number of VFs is that of the hardware */
	PF_PORTS_AT_LOAD = 128, /* built out of tree it may need max_vfs=, a number for each port */
};

/* One driver; sources stand at the table. */
struct pf_driver {
	const char *name;
	unsigned quirks;
	const char *parameter; /* of its module, where one makes or limits VFs; else NULL */
	const char *vf_driver; /* of the host, for its VFs; NULL: not known */
	const char *vf_module; /* that has @vf_driver; NULL: it is called as the driver */
	const char *limit;     /* where the number of VFs is set that a device may have; NULL: not
				  known */
};

/* The entry of a driver. Never NULL: what is not in the table, and NULL, has no quirks. */
const struct pf_driver *pf_driver_find(const char *name);

/* Has it one of these (enum pf_quirk)? */
static inline bool pf_driver_has(const struct pf *pf, unsigned quirks)
{
	return (pf_driver_find(pf->driver)->quirks & quirks) != 0;
}

/**
 * pf_driver_may_change - could the PF's driver change the number of its VFs to @n?
 * @brings_up: the PF's network device is brought up before
 *
 * Knows drivers that refuse, or that say success and do something else. What holds VFs, and how
 * many the device may have, are other questions. Returns 0, or -errno with cause, fix and
 * EXIT_REFUSED.
 */
int pf_driver_may_change(const struct host *h, const struct pf *pf, unsigned n, bool brings_up,
			 struct err *e);

/* Is its network device up: 1, 0, UNKNOWN where there is none, or a captured host does not say. */
int pf_is_up(const struct host *h, const struct pf *pf);

/* Which of its VFs' attributes (enum vf_attr) can a PF's network device have? Source: Linux
 * net/core/rtnetlink.c, handle_vf_guid() (InfiniBand only); drivers/infiniband/ulp/ipoib, which has
 * ndo_set_vf_link_state and ndo_set_vf_guid alone. */
unsigned pf_settable(const struct host *h, const struct pf *pf);

/**
 * pf_driver_can_have - is @n a number of VFs that the device, with its driver, can ever have?
 *
 * What the driver refuses now and not always is pf_driver_may_change()'s. Returns 0, or -errno with
 * cause, fix and EXIT_REFUSED.
 */
int pf_driver_can_have(const struct pf *pf, unsigned n, struct err *e);

/* "write numvfs=16 or less; ..." with where a higher limit is set. Returns @r, as err_fix(). */
int pf_driver_fix_limit(const struct pf *pf, int r, struct err *e);

#endif
