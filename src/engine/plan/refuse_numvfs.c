// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/plan/refuse_numvfs.h"

#include <string.h>

#include "host/inventory/pf_driver.h"

/* A PF may keep the VFs that it has while the pass-through driver holds it. */
static int ask_held(const struct refuse *r, const struct pf *pf, unsigned n, struct err *e)
{
	if (n == pf->numvfs)
		return 0;
	if (r->ops->pf_held)
		return r->ops->pf_held(r->host, pf->bdf, e);
	return err_refuse(e, EBUSY, "the PF itself is held by %s, so it cannot make VFs",
			  pf->driver);
}

int refuse_numvfs(const struct refuse *r, const struct pf *pf, unsigned n, bool brings_up,
		  struct err *e)
{
	char bdf[BDF_STRLEN];

	bdf_str(bdf, pf->bdf);
	if (pf->driver && r->ops && !strcmp(pf->driver, r->ops->driver))
		return ask_held(r, pf, n, e);
	if (!pf->driver && n != pf->numvfs)
		return err_fix(e,
			       err_refuse(e, ENOENT, "no driver is bound, so VFs cannot be made"),
			       "load its driver; to see its name, run: lspci -ks %s", bdf);
	if (!root_exists(&r->host->root, "sys/bus/pci/devices/%s/sriov_numvfs", bdf))
		return err_refuse(e, ENOENT, "the kernel offers no sriov_numvfs for it");
	if (n == pf->numvfs || n > pf->totalvfs)
		return 0;
	return pf_driver_may_change(r->host, pf, n, brings_up, e);
}
