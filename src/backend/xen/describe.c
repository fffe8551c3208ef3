// SPDX-License-Identifier: GPL-2.0-or-later
/* How a topology says which running domain is meant. */
#include <stdlib.h>
#include <string.h>

#include "backend/xen/xen.h"

int xen_describe(struct backend *b, const char *name, struct topo_domain *ret, struct err *e)
{
	struct domain d;
	int r = xen_domain_find(b, name, &d, e);

	if (r < 0)
		return r;
	ret->has_xen = true;
	ret->xen_type = d.type;
	ret->xen_vm = strdup(name);
	xen_domain_done(&d);
	return ret->xen_vm ? 0 : err_set(e, ENOMEM, "out of memory");
}
