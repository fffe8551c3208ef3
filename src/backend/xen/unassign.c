// SPDX-License-Identifier: GPL-2.0-or-later
/* From assignable to no driver, leaving nothing that would pull it back. */
#include <stdlib.h>
#include <string.h>

#include "backend/xen/flight.h"
#include "backend/xen/quarantine.h"

static int verify(struct backend *b, struct bdf dev, struct err *e)
{
	char driver[DRIVER_MAX];
	int r = bind_driver_of(b->host, dev, driver, e);

	if (r == 0 && driver[0])
		r = err_set(e, EBUSY, "unassigned, but driver %s holds it now", driver);
	return r;
}

/* Drops libxl's record, too, because vfyard's memory has the driver, and the way back comes now. */
static int forget(struct backend *b, struct bdf dev, struct err *e)
{
	int r = bind_drop_override(b->host, dev, PCIBACK, e);

	if (r == 0)
		r = xstore_device_remove(b->xs, dev, NODE_DRIVER_PATH, e);
	if (r == 0)
		r = xstore_device_remove(b->xs, dev, NODE_NAME, e);
	return r < 0 ? r : verify(b, dev, e);
}

/* pciback has reset it, and let go of it. */
static int unbound(struct backend *b, struct flight *f, struct err *e)
{
	int r = xen_let_go_finish(b, &f->bind, e);

	return r < 0 ? r : forget(b, f->dev, e);
}

static int start(struct backend *b, struct bdf dev, struct flight **ret, struct err *e)
{
	struct flight *f = calloc(1, sizeof(*f));
	int r;

	if (!f)
		return err_set(e, ENOMEM, "out of memory");
	f->dev = dev;
	f->next = unbound;
	r = xen_let_go_start(b, dev, &f->bind, e);
	return flight_return(b, f, r < 0 ? r : 1, ret, e);
}

int xen_unassign_start(struct backend *b, struct vf_ref vf, struct flight **ret, struct err *e)
{
	struct bdf dev = vf_of(vf)->bdf;
	char driver[DRIVER_MAX];
	int r = xen_ready(b, e);

	if (r == 0)
		r = flight_refuse_held(b, vf, e);
	if (r == 0)
		r = bind_driver_of(b->host, dev, driver, e);
	if (r < 0)
		return r;
	if (driver[0] && strcmp(driver, PCIBACK) != 0)
		return err_refuse(e, EINVAL, "driver %s holds it, not pciback", driver);
	if (driver[0])
		return start(b, dev, ret, e);
	/* Somebody unbound it by hand, or was killed before the next line. */
	xen_leave_quarantine(b, dev);
	xen_forget_slot(b, dev);
	return forget(b, dev, e);
}

int xen_unassign(struct backend *b, struct vf_ref vf, struct err *e)
{
	struct flight *f = NULL;
	int r;

	b->has_looked = false;
	r = xen_unassign_start(b, vf, &f, e);
	return flight_finish(b, f, r, e);
}
