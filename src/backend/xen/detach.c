// SPDX-License-Identifier: GPL-2.0-or-later
/* From a domain back to assignable, verified to be out. */
#include <string.h>

#include "backend/xen/frontend.h"
#include "backend/xen/owner.h"
#include "backend/xen/pci_calls.h"
#include "backend/xen/stale_entry.h"
#include "backend/xen/watch.h"
#include "host/pci/bind.h"

/* Tells whether libxl's own list has it. */
static bool is_listed(struct backend *b, const struct domain *d, struct bdf dev)
{
	bool found = false;
	int n = 0;
	libxl_device_pci *list = libxl_device_pci_list(b->ctx, d->id, &n);

	for (int i = 0; i < n; i++)
		found |= (uint32_t)list[i].domain == dev.domain && list[i].bus == dev.bus &&
			 list[i].dev == dev.dev && list[i].func == dev.fn;
	libxl_device_pci_list_free(list, n);
	return found;
}

/*
 * A forced removal of a device that the domain does not have resets the device under whoever has
 * it, deletes the claim and returns success. So both must list it, with force as well as without.
 * Source: libxl_pci.c, do_pci_remove(), pci_remove_detached().
 */
static int check_has(struct backend *b, const struct domain *d, struct bdf dev, struct err *e)
{
	const struct pci_backend *pb;
	const struct backend_dev *entry;
	char name[128];
	int r = view_refresh(&b->view, b->xs, e);

	if (r < 0)
		return r;
	if (view_find_in(&b->view, d->id, dev, &pb) && is_listed(b, d, dev))
		return 0;
	err_refuse(e, ENOENT, "domain %s does not have it", d->name);
	if (!view_find(&b->view, dev, &pb, &entry))
		return err_fix(e, -ENOENT, "see who has what, run: vfyard pci-list");
	xen_domain_name(b, pb->domid, name, sizeof(name));
	return err_fix(e, -ENOENT, "it is in domain %s; name that domain", name);
}

static int remove_failed(struct backend *b, const struct domain *d, int rc, struct err *e)
{
	int r;

	if (!xlog_says(&b->xlog, "timed out waiting for DM"))
		return xen_failed(b, rc, "detach it", e);
	r = err_set(e, ETIMEDOUT, "the guest has not released it within 10 s; it stays attached");
	return err_fix(e, r,
		       "wait until domain %s is up, or unload the driver in it, and try again; -f "
		       "takes it away",
		       d->name);
}

/* Makes one libxl call. When the guest let go of a device after an earlier time-out, QEMU no longer
 * has it, and only libxl's own remains must be removed. */
static int call_remove(struct backend *b, const struct domain *d, struct bdf dev, bool force,
		       struct err *e)
{
	libxl_device_pci pci;
	int rc;

	xen_pci_init(&pci, dev);
	xlog_start(&b->xlog);
	if (!force)
		rc = call_pci_remove(b, d->id, &pci);
	if (force || rc == ERROR_QMP_DEVICE_NOT_FOUND)
		rc = call_pci_destroy(b, d->id, &pci);
	libxl_device_pci_dispose(&pci);
	return rc ? remove_failed(b, d, rc, e) : 0;
}

/*
 * libxl's success does not mean that the guest let go. By then the device is reset and de-assigned,
 * its claim is gone, and the backend may still list it. The claim is put back, so that nobody gives
 * the device to another domain before this one has ended (which resets it once more).
 */
static int still_there(struct backend *b, const struct domain *d, struct bdf dev,
		       const struct pci_backend *pb, struct err *e)
{
	unsigned state = frontend_state(b, pb->path_domid);
	struct err claim = { 0 };
	char domid[16];

	snprintf(domid, sizeof(domid), "%u", d->id);
	if (xstore_device_write(b->xs, dev, NODE_DOMID, domid, &claim) < 0)
		log_note(&b->host->log, "%s", claim.cause);
	err_set(e, ETIMEDOUT, "the guest does not let go of it");
	err_fix(e, -ETIMEDOUT, "try again when the guest answers, or run: xl destroy %s", d->name);
	return err_left(e, -ETIMEDOUT,
			"it is out of the guest's reach (reset, de-assigned), but still in the PCI "
			"backend of domain %s, which is %s",
			d->name, xenbus_state_name(state));
}

/* Waits for a guest that is slower than libxl's ten seconds. Returns false when the time is over,
 * or the backend is gone with its domain. */
static bool wait_let_go(struct backend *b, uint32_t path_domid, unsigned n, struct deadline *until)
{
	_cleanup_(watch_done) struct watch w = { .h = b->xs->live };

	watch_add(&w, BACKEND_PATH, path_domid);
	do {
		if (remains_are(b, path_domid, n))
			return true;
	} while (frontend_state(b, path_domid) != XENBUS_UNKNOWN && watch_wait(&w, until));
	return false;
}

/* Deals with what is still listed when libxl says that it is done. */
static int finish(struct backend *b, const struct domain *d, struct bdf dev, bool force,
		  struct deadline *until, struct err *e)
{
	const struct pci_backend *pb;
	const struct backend_dev *entry;
	int r = view_refresh(&b->view, b->xs, e);

	if (r < 0)
		return r;
	entry = view_find_in(&b->view, d->id, dev, &pb);
	if (!entry)
		return 0;
	if (d->type == DOMAIN_PV && wait_let_go(b, pb->path_domid, entry->n, until))
		return remains_remove(b, pb->path_domid, entry->n, e);
	/* A guest that is merely slow keeps its backend, unless force says otherwise. */
	if (force && frontend_drop_sole(b, d, dev)) {
		log_note(&b->host->log,
			 "domain %s: its PCI backend was removed by force; attach nothing to it "
			 "until its guest answers again",
			 d->name);
		return 0;
	}
	r = view_refresh(&b->view, b->xs, e);
	if (r < 0)
		return r;
	entry = view_find_in(&b->view, d->id, dev, &pb);
	return entry ? still_there(b, d, dev, pb, e) : 0;
}

static int verify(struct backend *b, struct bdf dev, struct err *e)
{
	char driver[DRIVER_MAX];
	uint32_t claim;
	int r = xstore_claim_of(b->xs, dev, &claim, e);

	if (r == 0 && claim != NO_CLAIM)
		r = err_set(e, EIO, "detached, but domain %u still claims it", claim);
	if (r == 0)
		r = bind_driver_of(b->host, dev, driver, e);
	if (r == 0 && strcmp(driver, PCIBACK) != 0)
		r = err_set(e, EIO, "detached, but driver pciback does not hold it");
	return r;
}

/* True when an earlier detach got as far as the guest, so that libxl must not begin again. */
static bool is_begun(struct backend *b, const struct domain *d, struct bdf dev)
{
	const struct pci_backend *pb;
	const struct backend_dev *entry = view_find_in(&b->view, d->id, dev, &pb);

	return d->type == DOMAIN_PV && entry && remains_begun(b, pb->path_domid, entry->n);
}

int xen_detach(struct backend *b, const struct domain *d, struct vf_ref vf, bool force,
	       struct err *e)
{
	struct bdf dev = vf_of(vf)->bdf;
	/* With force, libxl's own ten seconds are enough. */
	struct deadline until = deadline_in(force ? 0 : b->host->timeout_ms);
	int r = xen_ready(b, e);

	if (r == 0)
		r = check_has(b, d, dev, e);
	if (r < 0)
		return r;
	if (is_begun(b, d, dev)) {
		r = finish(b, d, dev, force, &until, e);
		if (r == 0)
			r = xstore_device_remove(b->xs, dev, NODE_DOMID, e);
		return r < 0 ? r : verify(b, dev, e);
	}
	/* libxl would reset and de-assign the device first, and ask the frontend only then. */
	if (!force)
		r = frontend_wait(b, d, e);
	if (r == 0)
		r = call_remove(b, d, dev, force, e);
	if (r == 0)
		r = finish(b, d, dev, force, &until, e);
	return r < 0 ? r : verify(b, dev, e);
}
