// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/plan/host_driver.h"

#include <stdio.h>
#include <string.h>

#include "host/pci/modalias.h"

/* Drivers of no hypervisor: they bind what new_id tells them to, and do nothing with it. */
static const char *const stand_ins[] = { "pci-stub", "uio_pci_generic", "igb_uio" };

static bool may_be_hosts(const struct engine *en, const char *driver)
{
	if (!*driver || !strcmp(driver, en->ops->driver))
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(stand_ins); i++)
		if (!strcmp(driver, stand_ins[i]))
			return false;
	return true;
}

bool host_driver_is(const struct engine *en, struct bdf dev, const char *driver)
{
	return may_be_hosts(en, driver) &&
	       (!en->ops->holds || !en->ops->holds(en->backend, dev, driver));
}

/* The question, and the answer. */
struct search {
	const struct engine *en;
	struct vf_ref vf;
	char *ret; /* DRIVER_MAX */
};

/* The VF has another driver now, so the backend cannot be asked, because it looks at the VF. */
static bool take(struct search *x, const char *driver)
{
	if (x->ret[0] || !driver || !may_be_hosts(x->en, driver) ||
	    !root_exists(&x->en->host->root, "sys/bus/pci/drivers/%s", driver))
		return false;
	snprintf(x->ret, DRIVER_MAX, "%s", driver);
	return true;
}

static bool is_sibling(const struct pf *pf, uint16_t vendor, uint16_t device)
{
	return pf->vendor == vendor && pf->vf_device == device;
}

/* Looks at the host's drivers that other VFs have now. */
static void ask_siblings(struct search *x)
{
	const struct inventory *inv = x->en->inv;
	const struct pf *of = x->vf.pf;

	if (vf_is_whole(x->vf))
		return;
	for (size_t p = 0; p < inv->n_pfs; p++)
		for (unsigned i = 0; i < inv->pfs[p].n_vfs; i++)
			if (is_sibling(&inv->pfs[p], of->vendor, of->vf_device) &&
			    inv->pfs[p].vfs[i].state == VF_HOST &&
			    take(x, inv->pfs[p].vfs[i].driver))
				return;
}

static void ask_saved(void *arg, const struct vf_saved *o)
{
	struct search *x = arg;

	const struct vf_ref id = vf_identity(x->vf);

	if (o->vendor == id.pf->vendor && o->device == vf_device_id(id))
		take(x, o->driver);
}

void host_driver_of(const struct engine *en, struct vf_ref vf, char ret[DRIVER_MAX])
{
	const struct vf_saved *o = state_find_vf(en->saved, vf);
	struct search x = { .en = en, .vf = vf, .ret = ret };
	char driver[DRIVER_MAX];

	ret[0] = '\0';
	if (o && state_is_about(o, vf_identity(vf).pf))
		take(&x, o->driver);
	if (!ret[0])
		ask_siblings(&x);
	if (!ret[0])
		state_each(en->saved, ask_saved, &x);
	if (ret[0])
		return;
	modalias_driver(en->host, vf_of(vf)->bdf, driver);
	take(&x, driver);
}
