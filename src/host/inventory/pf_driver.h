/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the drivers of PFs cannot do, so that it is known before the kernel is asked. */
#ifndef VFY_HOST_INVENTORY_PF_DRIVER_H
#define VFY_HOST_INVENTORY_PF_DRIVER_H

#include "host/inventory/inventory.h"

enum pf_quirk {
	PF_NEEDS_UP = 1,	/* changes its number of VFs only while its network device is up */
	PF_ALL_OR_NONE = 2,	/* makes as many VFs as the device has, whatever it is asked for */
	PF_AT_LOAD = 4,		/* makes VFs only when it is loaded, with a parameter */
	PF_NO_VFS = 8,		/* makes none */
	PF_IF_PARAMETER = 16,	/* makes VFs only where its module has the parameter */
	PF_LATE_NETDEV = 32,	/* the PF's network device comes with the first VF */
	PF_FIXED_LIMIT = 64,	/* its number of VFs is that of the hardware */
	PF_PORTS_AT_LOAD = 128, /* when built out of tree, may need max_vfs=, a number for each
				 * port */
};

/* One driver. The sources are listed at the table. */
struct pf_driver {
	const char *name;
	unsigned quirks;
	const char *parameter; /* of its module, when one makes or limits VFs; otherwise NULL */
	const char *vf_driver; /* the host's driver for its VFs; NULL: not known */
	const char *vf_module; /* the module that has @vf_driver; NULL: it has the driver's name */
	const char *limit;     /* where the device's number of VFs is set; NULL: not known */
};

/* Returns the entry of a driver, never NULL: a driver that is not in the table, or NULL, has no
 * quirks. */
const struct pf_driver *pf_driver_find(const char *name);

/* Tells whether its driver has one of these (enum pf_quirk). */
static inline bool pf_driver_has(const struct pf *pf, unsigned quirks)
{
	return (pf_driver_find(pf->driver)->quirks & quirks) != 0;
}

/**
 * pf_driver_may_change - tell whether the PF's driver can change its number of VFs to @n now
 * @brings_up: the PF's network device will be brought up before
 *
 * It knows drivers that refuse, and drivers that report success and do something else. It does not
 * look at who holds VFs, or at how many the device may have. Returns 0, or -errno with cause, fix
 * and EXIT_REFUSED.
 */
int pf_driver_may_change(const struct host *h, const struct pf *pf, unsigned n, bool brings_up,
			 struct err *e);

/* Tells whether its network device is up: 1, 0, or UNKNOWN when it has none, or a captured host
 * does not say. */
int pf_is_up(const struct host *h, const struct pf *pf);

/* Returns which attributes of its VFs (enum vf_attr) a PF's network device can set. Source: Linux
 * net/core/rtnetlink.c, handle_vf_guid() (InfiniBand only); drivers/infiniband/ulp/ipoib, which has
 * only ndo_set_vf_link_state and ndo_set_vf_guid. */
unsigned pf_settable(const struct host *h, const struct pf *pf);

/**
 * pf_driver_can_have - tell whether the device, with its driver, can ever have @n VFs
 *
 * What the driver refuses only at times is up to pf_driver_may_change(). Returns 0, or -errno with
 * cause, fix and EXIT_REFUSED.
 */
int pf_driver_can_have(const struct pf *pf, unsigned n, struct err *e);

/* Adds the fix "write numvfs=16 or less; ...", which says where a higher limit is set. Returns @r,
 * as err_fix() does. */
int pf_driver_fix_limit(const struct pf *pf, int r, struct err *e);

#endif
