// SPDX-License-Identifier: GPL-2.0-or-later
/* Makes what was killed in the middle whole, one way or the other. */
#include <string.h>

#include "backend/xen/pci_calls.h"
#include "backend/xen/quarantine.h"
#include "backend/xen/stale_entry.h"
#include "host/pci/bind.h"

/*
 * Tells whether the quarantine has it, according to the hypervisor, which refuses to put it there
 * while a guest owns it. Source: Xen xen/drivers/passthrough/pci.c, device_assigned().
 */
static bool is_quarantined(struct backend *b, struct bdf dev)
{
	struct err ignored = { 0 };

	return xen_quarantine(b, dev, "", &ignored) == 0;
}

/* It is in the domain's list. On the way in libxl's order is claim, hypervisor, list; on the way
 * out it is hypervisor, list, claim. Source: libxl_pci.c, pci_add_dm_done(),
 * pci_remove_detached(). */
static int settle_listed(struct backend *b, const struct domain *d, struct vf_ref vf,
			 const struct pci_backend *pb, const struct backend_dev *entry,
			 struct err *e)
{
	struct bdf dev = vf_of(vf)->bdf;
	char domid[16];
	uint32_t claim;
	int r = xstore_claim_of(b->xs, dev, &claim, e);

	if (r < 0 || pb->domid != d->id)
		return r;
	if (claim == NO_CLAIM) {
		snprintf(domid, sizeof(domid), "%u", d->id);
		r = xstore_device_write(b->xs, dev, NODE_DOMID, domid, e);
	}
	if (r == 0 && (remains_begun(b, pb->path_domid, entry->n) || is_quarantined(b, dev)))
		r = xen_detach(b, d, vf, false, e);
	return r;
}

/*
 * It is claimed, in no list, and this domain owns it. The forced removal takes it from the device
 * model and the hypervisor, takes back what the guest was permitted, and drops the claim. It does
 * so whoever has the device (docs/xen.md); the proof that it may are the journal, which says that
 * the attach was ours, the claim, and the empty lists.
 */
static int take_out(struct backend *b, const struct domain *d, struct bdf dev, struct err *e)
{
	libxl_device_pci pci;
	int rc;

	xen_pci_init(&pci, dev);
	xlog_start(&b->xlog);
	rc = call_pci_destroy(b, d->id, &pci);
	libxl_device_pci_dispose(&pci);
	if (rc)
		return xen_failed(b, rc, "take out what an attach left", e);
	if (is_quarantined(b, dev))
		return xstore_device_remove(b->xs, dev, NODE_DOMID, e);
	err_set(e, EBUSY, "domain %s owns it, and does not list it", d->name);
	return err_fix(e, -EBUSY, "end the domain, run: xl destroy %s", d->name);
}

int xen_recover(struct backend *b, const struct domain *d, struct vf_ref vf, struct err *e)
{
	struct bdf dev = vf_of(vf)->bdf;
	const struct backend_dev *entry;
	const struct pci_backend *pb;
	char driver[DRIVER_MAX];
	uint32_t claim;
	int r = xen_ready(b, e);

	if (r == 0)
		r = bind_driver_of(b->host, dev, driver, e);
	if (r == 0)
		r = view_refresh(&b->view, b->xs, e);
	/* A domain that is gone left at most a claim, which the survey calls stale. */
	if (r < 0 || !d || !driver[0])
		return r;
	if (view_find(&b->view, dev, &pb, &entry))
		return settle_listed(b, d, vf, pb, entry, e);
	r = xstore_claim_of(b->xs, dev, &claim, e);
	if (r < 0 || claim != d->id)
		return r;
	if (is_quarantined(b, dev))
		return xstore_device_remove(b->xs, dev, NODE_DOMID, e);
	return take_out(b, d, dev, e);
}

/* Bound, and perhaps not in quarantine yet. One that cannot get there stays as it is: whoever gives
 * it to a guest is told. */
static int settle_bound(struct backend *b, struct vf_ref vf, const char *override, struct err *e)
{
	struct bdf dev = vf_of(vf)->bdf;
	char now[DRIVER_MAX], label[VF_LABEL_MAX];
	struct err why = { 0 };
	int r;

	if (xen_quarantine(b, dev, "", &why) < 0)
		log_note(&b->host->log, "%s: %s", vf_label(label, vf), why.cause);
	r = bind_override_of(b->host, dev, now, e);
	return r < 0 || strcmp(now, PCIBACK) != 0 ? r
						  : bind_set_override(b->host, dev, override, e);
}

/* Off pciback, and perhaps still in quarantine, where a driver of the host could not use it. */
int xen_recover_binding(struct backend *b, struct vf_ref vf, const char *driver,
			const char *override, struct err *e)
{
	struct bdf dev = vf_of(vf)->bdf;
	int r = xen_ready(b, e);

	if (r < 0)
		return r;
	if (driver[0])
		return settle_bound(b, vf, override, e);
	xen_leave_quarantine(b, dev);
	xen_forget_slot(b, dev);
	r = xstore_device_remove(b->xs, dev, NODE_DRIVER_PATH, e);
	return r < 0 ? r : xstore_device_remove(b->xs, dev, NODE_NAME, e);
}
