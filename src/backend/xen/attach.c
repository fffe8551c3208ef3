// SPDX-License-Identifier: GPL-2.0-or-later
/* From assignable into a domain, verified there. */
#include <string.h>

#include "backend/xen/frontend.h"
#include "backend/xen/owner.h"
#include "backend/xen/pci_calls.h"
#include "backend/xen/quarantine.h"
#include "backend/xen/interrupts.h"
#include "backend/xen/options.h"
#include "backend/xen/permissive.h"
#include "host/pci/bind.h"

static int check_driver(struct backend *b, struct bdf dev, struct err *e)
{
	char driver[DRIVER_MAX], buf[BDF_STRLEN];
	int r = bind_driver_of(b->host, dev, driver, e);

	if (r < 0 || !strcmp(driver, PCIBACK))
		return r;
	return err_fix(e,
		       err_refuse(e, EINVAL, "it is not assignable: %s%s",
				  driver[0] ? "driver " : "no driver",
				  driver[0] ? driver : " is bound"),
		       "run: vfyard pci-assignable-add %s", bdf_str(buf, dev));
}

/* The only way to clear the mark is to leave pciback and come back. */
static int rebind(struct backend *b, struct bdf dev, struct err *e)
{
	_cleanup_free_ char *name = xstore_device_read(b->xs, dev, NODE_NAME);
	char override[DRIVER_MAX], buf[BDF_STRLEN];
	struct err ignored = { 0 };
	int r = bind_override_of(b->host, dev, override, e);

	if (r == 0)
		r = bind_set_override(b->host, dev, PCIBACK, e);
	if (r < 0)
		return r;
	r = xen_let_go(b, dev, e);
	if (r < 0) {
		/* A write that is stuck would block this write, too. */
		if (r != -ETIMEDOUT)
			bind_set_override(b->host, dev, override, &ignored);
		return r;
	}
	r = bind_to(b->host, dev, PCIBACK, e);
	if (r == 0)
		r = xen_quarantine(b, dev, name ? name : "", e);
	if (r < 0)
		return err_left(e, r, "it has no driver now, run: vfyard pci-assignable-add %s",
				bdf_str(buf, dev));
	return bind_set_override(b->host, dev, override, e);
}

/* The next guest must not inherit what one guest was allowed. */
static int clear_permissive(struct backend *b, struct bdf dev, struct err *e)
{
	struct permissive p = { 0 };
	char buf[BDF_STRLEN];
	int8_t was;
	int r = permissive_read(&p, b->host, e);

	if (r < 0)
		return r;
	was = p.is_global ? 0 : permissive_has(&p, dev);
	if (p.is_global)
		log_note(
			&b->host->log,
			"%s: it is permissive because xen_pciback has permissive=1 for all devices",
			bdf_str(buf, dev));
	permissive_done(&p);
	if (was == 0)
		return 0;
	r = rebind(b, dev, e);
	if (r == 0)
		r = permissive_read(&p, b->host, e);
	if (r < 0)
		return r;
	if (permissive_has(&p, dev) == 1)
		r = err_set(e, EIO, "it was permissive for the last guest and cannot be cleared");
	permissive_done(&p);
	return r;
}

/* Checks right before libxl is called, because libxl checks only half of this, and resets the
 * device regardless. */
static int check_before(struct backend *b, const struct domain *d, struct vf_ref vf,
			const struct dev_options *o, struct err *e)
{
	struct bdf dev = vf_of(vf)->bdf;
	int r = xen_domain_check(b, d, e);

	if (r == 0)
		r = xen_refuse_held(b, vf, e);
	if (r == 0)
		r = check_driver(b, dev, e);
	if (r == 0)
		r = xen_limits_slots(b, d, dev, e);
	if (r == 0)
		r = frontend_wait(b, d, e);
	/* Makes the hypervisor itself say whether a guest owns it. */
	if (r == 0)
		r = xen_quarantine(b, dev, "", e);
	if (r == 0 && o->permissive != 1)
		r = clear_permissive(b, dev, e);
	return r;
}

static int add_failed(struct backend *b, const struct domain *d, int rc, struct err *e)
{
	int r = xen_failed(b, rc, "attach it", e);

	if (xlog_says(&b->xlog, "no IOMMU") || (xlog_says(&b->xlog, "xc_assign_device failed") &&
						strstr(e ? e->cause : "", "not supported")))
		err_fix(e, r,
			"domain %s was created without pass-through: put passthrough=\"enabled\" "
			"into its file and create it again",
			d->name);
	else if (xlog_says(&b->xlog, "xc_assign_device failed"))
		err_fix(e, r,
			"see Xen's reason, run: xl dmesg | tail; for reserved memory (RMRR) add "
			"rdm_policy=relaxed");
	/* From this message on QEMU has the device, and libxl does not take it out again.
	 * Source: libxl_pci.c, pci_add_dm_done(). */
	if (d->type == DOMAIN_HVM && xlog_says(&b->xlog, "pci_add_dm_done:"))
		return err_left(e, r, "the device model of domain %s may still hold it", d->name);
	return r;
}

static int listed_still(const struct domain *d, int r, struct err *e)
{
	err_fix(e, r, "end the domain, run: xl destroy %s", d->name);
	return err_left(e, r, "it stays in the list of domain %s", d->name);
}

/*
 * libxl resets and de-assigns the device. Then it waits ten seconds for a backend that is not
 * connected, and leaves it as it is. It does not wait for a backend without any state, so the state
 * is removed here. The guest's side stays: a frontend that comes up now finds no state to follow,
 * and the kernel writes none where there was none. Source: libxl_pci.c,
 * libxl__device_pci_remove_xenstore(); libxl_device.c, libxl__wait_for_backend(); Linux
 * drivers/xen/xenbus/xenbus_client.c, __xenbus_switch_state().
 */
static int remove_unconnected(struct backend *b, const struct domain *d, libxl_device_pci *pci,
			      const struct pci_backend *pb, unsigned state)
{
	struct err ignored = { 0 };
	char text[16];
	int rc;

	snprintf(text, sizeof(text), "%u", state);
	xstore_remove(b->xs, &ignored, BACKEND_PATH "/state", pb->path_domid);
	rc = call_pci_remove(b, d->id, pci);
	if (rc && state != XENBUS_UNKNOWN)
		xstore_write(b->xs, text, &ignored, BACKEND_PATH "/state", pb->path_domid);
	return rc;
}

/*
 * libxl can take a device out of a PV domain only while the domain's backend is connected. When the
 * backend is not connected and holds nothing else, what remains is dropped here. Everything else
 * stays claimed: when the domain ends, libxl resets whatever its backend still lists.
 */
static int undo(struct backend *b, const struct domain *d, struct bdf dev, int r, struct err *e)
{
	const struct pci_backend *pb = NULL;
	struct err again = { 0 };
	libxl_device_pci pci;
	unsigned state;
	int rc;

	if (view_refresh(&b->view, b->xs, &again) < 0 || !view_find_in(&b->view, d->id, dev, &pb))
		return r;
	state = frontend_state(b, pb->path_domid);
	if (d->type == DOMAIN_PV && state != XENBUS_CONNECTED && pb->num_devs != 1)
		return listed_still(d, r, e);
	xen_pci_init(&pci, dev);
	xlog_start(&b->xlog);
	rc = d->type == DOMAIN_PV && state != XENBUS_CONNECTED
		     ? remove_unconnected(b, d, &pci, pb, state)
		     : call_pci_remove(b, d->id, &pci);
	libxl_device_pci_dispose(&pci);
	if (rc || !frontend_drop_sole(b, d, dev))
		return listed_still(d, r, e);
	return r;
}

/* Calls libxl, and checks what came of it in the guest. */
static int add(struct backend *b, const struct domain *d, struct bdf dev,
	       const struct dev_options *options, struct said_log *log, struct err *e)
{
	libxl_device_pci pci;
	int rc, r;

	xen_pci_init(&pci, dev);
	xen_options_to_libxl(options, &pci);
	xlog_start(&b->xlog);
	rc = call_pci_add(b, d->id, &pci);
	libxl_device_pci_dispose(&pci);
	if (rc)
		return add_failed(b, d, rc, e);
	r = frontend_verify(b, d, dev, e);
	if (r == 0)
		r = interrupts_verify(b, d, dev, log, e);
	return r < 0 ? undo(b, d, dev, r, e) : 0;
}

int xen_attach(struct backend *b, const struct domain *d, struct vf_ref vf,
	       const struct dev_options *options, struct err *e)
{
	struct said_log log;
	int r = xen_ready(b, e);

	if (r == 0)
		r = check_before(b, d, vf, options, e);
	if (r < 0)
		return r;
	interrupts_listen(b, d, &log);
	r = add(b, d, vf_of(vf)->bdf, options, &log, e);
	said_close(&log);
	return r;
}
