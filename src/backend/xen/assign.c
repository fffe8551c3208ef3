// SPDX-License-Identifier: GPL-2.0-or-later
/* From a host driver, or none, to assignable: bound to pciback and in Xen's quarantine. */
#include <string.h>

#include "backend/xen/owner.h"
#include "backend/xen/pci_calls.h"
#include "backend/xen/quarantine.h"
#include "host/pci/bind.h"

/* What the device was before, for the way back. */
struct before {
	char driver[DRIVER_MAX], override[DRIVER_MAX];
	char *driver_path; /* xenstore node, NULL when there was none */
};

/* xl pci-assignable-remove -r finds the way back here, too. libxl writes it only when it unbinds
 * the driver itself, and it does that without a deadline. */
static int remember_driver(struct backend *b, struct bdf dev, const struct before *was,
			   struct err *e)
{
	char path[DRIVER_MAX + 32];

	if (!was->driver[0])
		return 0;
	snprintf(path, sizeof(path), "/sys/bus/pci/drivers/%s", was->driver);
	return xstore_device_write(b->xs, dev, NODE_DRIVER_PATH, path, e);
}

/* libxl's success is not enough: checks what became of the device. */
static int verify(struct backend *b, struct bdf dev, struct err *e)
{
	char driver[DRIVER_MAX];
	uint32_t claim;
	int r = bind_driver_of(b->host, dev, driver, e);

	if (r == 0 && strcmp(driver, PCIBACK) != 0)
		r = err_set(e, EIO, "libxl reports success but %s%s",
			    driver[0] ? driver : "no driver",
			    driver[0] ? " holds it" : " is bound");
	if (r == 0)
		r = xstore_claim_of(b->xs, dev, &claim, e);
	if (r == 0 && claim != NO_CLAIM)
		r = err_set(e, EBUSY, "domain %u claimed it meanwhile", claim);
	return r;
}

static int take(struct backend *b, struct bdf dev, const char *name, const struct before *was,
		struct err *e)
{
	/* Without the override the kernel does not bind a VF whose PF has
	 * sriov_drivers_autoprobe=0, and libxl never sets it. */
	int r = bind_set_override(b->host, dev, PCIBACK, e);

	if (r == 0)
		r = bind_unbind(b->host, dev, e);
	if (r == 0)
		r = remember_driver(b, dev, was, e);
	if (r == 0)
		r = xen_quarantine(b, dev, name, e);
	if (r == 0)
		r = verify(b, dev, e);
	/* The override has done its work, and would keep xl pci-assignable-remove -r from binding
	 * the host's driver. */
	if (r == 0)
		r = bind_set_override(b->host, dev, was->override, e);
	return r;
}

/* Takes it off pciback, whichever half was done. */
static int leave_pciback(struct backend *b, struct bdf dev, struct err *e)
{
	char driver[DRIVER_MAX];
	libxl_device_pci pci;
	int r = bind_driver_of(b->host, dev, driver, e);

	if (r < 0)
		return r;
	if (!strcmp(driver, PCIBACK)) {
		xen_pci_init(&pci, dev);
		/* This fails when it never got into the quarantine, but only the unbind counts. */
		call_assignable_remove(b, &pci);
		libxl_device_pci_dispose(&pci);
		r = bind_unbind(b->host, dev, e);
	}
	xen_forget_slot(b, dev);
	return r;
}

static int give_back(struct backend *b, struct bdf dev, const struct before *was, struct err *e)
{
	int r = leave_pciback(b, dev, e);

	if (r == 0)
		r = was->driver_path
			    ? xstore_device_write(b->xs, dev, NODE_DRIVER_PATH, was->driver_path, e)
			    : xstore_device_remove(b->xs, dev, NODE_DRIVER_PATH, e);
	if (r == 0)
		r = xstore_device_remove(b->xs, dev, NODE_NAME, e);
	if (r == 0)
		r = bind_give_back(b->host, dev, was->driver, was->override, e);
	return r;
}

static int assign_new(struct backend *b, struct bdf dev, const char *name, struct before *was,
		      struct err *e)
{
	struct err undo = { 0 };
	int r = bind_override_of(b->host, dev, was->override, e);

	if (r < 0)
		return r;
	was->driver_path = xstore_device_read(b->xs, dev, NODE_DRIVER_PATH);
	r = take(b, dev, name, was, e);
	/* A write that hangs holds the device, so nothing more can be done with it now. */
	if (r == 0 || r == -ETIMEDOUT)
		return r;
	if (give_back(b, dev, was, &undo) < 0)
		return err_left(e, r, "it is not given back to %s: %s",
				was->driver[0] ? was->driver : "the host", undo.cause);
	return r;
}

int xen_assign(struct backend *b, struct vf_ref vf, const char *name, struct err *e)
{
	struct bdf dev = vf_of(vf)->bdf;
	struct before was = { .driver_path = NULL };
	int r = xen_ready(b, e);

	/* Only libxl could show a claim that appears meanwhile. */
	if (r == 0)
		r = xen_refuse_held(b, vf, e);
	if (r == 0)
		r = bind_driver_of(b->host, dev, was.driver, e);
	if (r < 0)
		return r;
	if (!strcmp(was.driver, PCIBACK)) {
		/* When it was hidden at boot, it is bound, but Xen does not have it in quarantine
		 * yet. */
		r = xen_quarantine(b, dev, name, e);
		return r < 0 ? r : verify(b, dev, e);
	}
	r = assign_new(b, dev, name, &was, e);
	free(was.driver_path);
	return r;
}
