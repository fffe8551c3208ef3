/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which devices may write all of their config space: pciback's memory of it is sticky. */
#ifndef VFY_BACKEND_XEN_PERMISSIVE_H
#define VFY_BACKEND_XEN_PERMISSIVE_H

#include <stdbool.h>
#include "base/bdf.h"
#include "host/host.h"

struct permissive {
	struct bdf *v; /* sorted */
	size_t n;
	bool is_global; /* module parameter: every device */
	bool is_cut;	/* the file ends after one page, or a capture is without it: devices not
			 * listed are unknown */
};

/**
 * permissive_read - read pciback's file and module parameter
 *
 * No such file (driver not loaded): an empty list. Nothing ever clears a device's mark but its
 * unbind from pciback. Source: Linux drivers/xen/xen-pciback/pci_stub.c, permissive_show(),
 * permissive_add(); conf_space.c, module parameter permissive.
 */
int permissive_read(struct permissive *ret, const struct host *h, struct err *e);
void permissive_done(struct permissive *p);

/* 0, 1 or UNKNOWN (-1). */
int8_t permissive_has(const struct permissive *p, struct bdf dev);

#endif
