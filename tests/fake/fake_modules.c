// SPDX-License-Identifier: GPL-2.0-or-later
/* Stands in for backend/module.c, because unit tests have the backends linked in, on fakes. */
#include <string.h>

#include "backend/module.h"

extern const struct backend_ops xen_backend;
extern const struct backend_ops kvm_backend;

int backend_load(const struct backend_ops **ret, const struct hypervisor *hv, struct err *e)
{
	*ret = NULL;
	if (!strcmp(hv->name, "kvm"))
		*ret = &kvm_backend;
#if HAVE_XEN
	if (!strcmp(hv->name, "xen"))
		*ret = &xen_backend;
#endif
	return *ret ? 0 : err_set(e, ENOENT, "there is no module for %s", hv->title);
}
