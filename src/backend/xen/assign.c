// SPDX-License-Identifier: GPL-2.0-or-later
/* From a host driver, or none, to assignable: bound to pciback and in Xen's quarantine. */
#include <stdlib.h>
#include <string.h>

#include "backend/xen/flight.h"
#include "backend/xen/quarantine.h"

/* xl pci-assignable-remove -r finds the way back here, too. libxl writes it only when it unbinds
 * the driver itself, and it does that without a deadline. */
static int remember_driver(struct backend *b, const struct flight *f, struct err *e)
{
	char path[DRIVER_MAX + 32];

	if (!f->driver[0])
		return 0;
	snprintf(path, sizeof(path), "/sys/bus/pci/drivers/%s", f->driver);
	return xstore_device_write(b->xs, f->dev, NODE_DRIVER_PATH, path, e);
}

/* The kernel's and libxl's success is not enough: checks what became of the device. */
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

/* Takes it off pciback, whichever half was done. */
static int leave_pciback(struct backend *b, struct bdf dev, struct err *e)
{
	char driver[DRIVER_MAX];
	int r = bind_driver_of(b->host, dev, driver, e);

	if (r == 0 && !strcmp(driver, PCIBACK)) {
		r = bind_unbind(b->host, dev, e);
		/* This fails when it never got there. */
		if (r == 0)
			xen_leave_quarantine(b, dev);
	}
	if (r == 0)
		xen_forget_slot(b, dev);
	return r;
}

static int give_back(struct backend *b, struct flight *f, struct err *e)
{
	struct bdf dev = f->dev;
	int r = leave_pciback(b, dev, e);

	if (r == 0)
		r = f->driver_path
			    ? xstore_device_write(b->xs, dev, NODE_DRIVER_PATH, f->driver_path, e)
			    : xstore_device_remove(b->xs, dev, NODE_DRIVER_PATH, e);
	if (r == 0)
		r = xstore_device_remove(b->xs, dev, NODE_NAME, e);
	if (r == 0)
		r = bind_give_back(b->host, dev, f->driver, f->override, e);
	return r;
}

/* pciback has it, and has reset it. */
static int bound(struct backend *b, struct flight *f, struct err *e)
{
	int r = bind_to_finish(&f->bind, e);

	if (r == 0)
		r = xen_quarantine(b, f->dev, f->name, e);
	if (r == 0)
		r = verify(b, f->dev, e);
	/* The override has done its work, and would keep xl pci-assignable-remove -r from binding
	 * the host's driver. */
	if (r == 0)
		r = bind_set_override(b->host, f->dev, f->override, e);
	return r;
}

/* The host's driver is off it. With the override pciback needs no slot to take it. */
static int unbound(struct backend *b, struct flight *f, struct err *e)
{
	int r = bind_unbind_finish(&f->bind, e);

	if (r == 0)
		r = remember_driver(b, f, e);
	if (r == 0)
		r = bind_to_start(b->host, f->dev, PCIBACK, &f->bind, e);
	f->next = bound;
	return r < 0 ? r : 1;
}

static int take(struct backend *b, struct flight *f, struct err *e)
{
	/* Without the override the kernel does not bind a VF whose PF has
	 * sriov_drivers_autoprobe=0, and libxl never sets it. */
	int r = bind_set_override(b->host, f->dev, PCIBACK, e);

	if (r == 0)
		r = bind_unbind_start(b->host, f->dev, &f->bind, e);
	if (r < 0)
		return r;
	f->next = unbound;
	return f->bind.driver[0] ? 1 : unbound(b, f, e);
}

static int start(struct backend *b, struct bdf dev, const char *driver, const char *name,
		 struct flight **ret, struct err *e)
{
	struct flight *f = calloc(1, sizeof(*f));
	int r;

	if (!f)
		return err_set(e, ENOMEM, "out of memory");
	f->dev = dev;
	snprintf(f->name, sizeof(f->name), "%s", name);
	snprintf(f->driver, sizeof(f->driver), "%s", driver);
	r = bind_override_of(b->host, dev, f->override, e);
	if (r < 0)
		return flight_return(b, f, r, ret, e);
	f->driver_path = xstore_device_read(b->xs, dev, NODE_DRIVER_PATH);
	f->undo = give_back;
	return flight_return(b, f, take(b, f, e), ret, e);
}

int xen_assign_start(struct backend *b, struct vf_ref vf, const char *name, struct flight **ret,
		     struct err *e)
{
	struct bdf dev = vf_of(vf)->bdf;
	char driver[DRIVER_MAX];
	int r = xen_ready(b, e);

	/* Only libxl could show a claim that appears meanwhile. */
	if (r == 0)
		r = flight_refuse_held(b, vf, e);
	if (r == 0)
		r = bind_driver_of(b->host, dev, driver, e);
	if (r < 0)
		return r;
	if (strcmp(driver, PCIBACK) != 0)
		return start(b, dev, driver, name, ret, e);
	/* When it was hidden at boot, it is bound, but Xen does not have it in quarantine yet. */
	r = xen_quarantine(b, dev, name, e);
	return r < 0 ? r : verify(b, dev, e);
}

int xen_assign(struct backend *b, struct vf_ref vf, const char *name, struct err *e)
{
	struct flight *f = NULL;
	int r;

	b->has_looked = false;
	r = xen_assign_start(b, vf, name, &f, e);
	return flight_finish(b, f, r, e);
}
