/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which devices may write all of their config space. pciback remembers that until the device is
 * unbound. */
#ifndef VFY_BACKEND_XEN_PERMISSIVE_H
#define VFY_BACKEND_XEN_PERMISSIVE_H

#include <stdbool.h>
#include "base/bdf.h"
#include "host/host.h"

struct permissive {
	struct bdf *v; /* sorted */
	size_t n;
	bool is_global; /* the module parameter is set: every device */
	bool is_cut;	/* the file ends after one page, or a capture lacks it: devices not listed
			 * are unknown */
};

/**
 * permissive_read - read pciback's file and module parameter
 *
 * When there is no such file (the driver is not loaded), the list is empty. Only unbinding a device
 * from pciback clears its mark. Source: Linux drivers/xen/xen-pciback/pci_stub.c,
 * permissive_show(), permissive_add(); conf_space.c, module parameter permissive.
 */
int permissive_read(struct permissive *ret, const struct host *h, struct err *e);
void permissive_done(struct permissive *p);

/* Returns 0, 1 or UNKNOWN (-1). */
int8_t permissive_has(const struct permissive *p, struct bdf dev);

#endif
