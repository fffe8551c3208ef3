// SPDX-License-Identifier: GPL-2.0-or-later
#include "backend/xen/owner.h"

#include <string.h>

#include "backend/xen/quarantine.h"
#include "host/pci/bind.h"
#include "host/guard/guard.h"

int xen_refuse_left(const struct pci_backend *pb, struct err *e)
{
	return err_fix(
		e,
		err_refuse(
			e, EBUSY,
			"the PCI backend of a domain that is gone is left, and another domain has "
			"its number, %u, now",
			pb->path_domid),
		"run: xenstore-rm " BACKENDS "/%u", pb->path_domid);
}

static int refuse_backend(struct backend *b, struct bdf dev, const struct pci_backend *pb,
			  struct err *e)
{
	char name[128], buf[BDF_STRLEN];
	bool exists;
	int r = xen_domain_exists(b, pb->domid, &exists, e);

	if (r < 0)
		return r;
	xen_domain_name(b, pb->domid, name, sizeof(name));
	bdf_str(buf, dev);
	if (pb->is_left)
		return xen_refuse_left(pb, e);
	if (exists)
		return err_fix(e, err_refuse(e, EBUSY, "domain %s has it", name),
			       "run: vfyard pci-detach %s %s", name, buf);
	return err_fix(
		e, err_refuse(e, EBUSY, "it is left in the PCI backend of %s, which is gone", name),
		"run: xenstore-rm " BACKENDS "/%u", pb->path_domid);
}

static int refuse_claim(struct backend *b, struct bdf dev, uint32_t claim, struct err *e)
{
	char name[128], buf[BDF_STRLEN];

	xen_domain_name(b, claim, name, sizeof(name));
	err_refuse(e, EBUSY,
		   "domain %s claims it but does not have it: an attach is running or was cut off",
		   name);
	return err_fix(e, -EBUSY, "if no xl is running, add --force %s", bdf_str(buf, dev));
}

static int clear_claim(struct backend *b, struct bdf dev, uint32_t claim, const char *why,
		       struct err *e)
{
	char buf[BDF_STRLEN];
	int r = xstore_device_remove(b->xs, dev, NODE_DOMID, e);

	if (r == 0)
		log_note(&b->host->log, "%s: the claim of domain %u, %s, is removed",
			 bdf_str(buf, dev), claim, why);
	return r;
}

/* --force is for an attach that broke off, not for what a domain has, so the hypervisor is asked
 * first. */
static int force_claim(struct backend *b, struct bdf dev, uint32_t claim, struct err *e)
{
	char driver[DRIVER_MAX];
	int r = bind_driver_of(b->host, dev, driver, e);

	if (r == 0 && !strcmp(driver, PCIBACK))
		r = xen_quarantine(b, dev, "", e);
	return r < 0 ? r : clear_claim(b, dev, claim, "which does not have it", e);
}

int xen_refuse_seen(struct backend *b, struct vf_ref vf, struct err *e)
{
	struct bdf dev = vf_of(vf)->bdf;
	const struct pci_backend *pb;
	const struct backend_dev *d;
	char label[VF_LABEL_MAX];
	uint32_t claim;
	bool exists;
	int r;

	if (view_find(&b->view, dev, &pb, &d))
		return refuse_backend(b, dev, pb, e);
	r = xstore_claim_of(b->xs, dev, &claim, e);
	if (r < 0 || claim == NO_CLAIM)
		return r;
	r = xen_domain_exists(b, claim, &exists, e);
	if (r < 0)
		return r;
	if (!exists)
		return clear_claim(b, dev, claim, "which is gone", e);
	if (guard_is_forced(b->host, dev, vf_label(label, vf)))
		return force_claim(b, dev, claim, e);
	return refuse_claim(b, dev, claim, e);
}

int xen_refuse_held(struct backend *b, struct vf_ref vf, struct err *e)
{
	int r = view_refresh(&b->view, b->xs, e);

	return r < 0 ? r : xen_refuse_seen(b, vf, e);
}
