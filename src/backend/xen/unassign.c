// SPDX-License-Identifier: GPL-2.0-or-later
/* From assignable to no driver, leaving nothing that would pull it back. */
#include <string.h>

#include "backend/xen/owner.h"
#include "backend/xen/quarantine.h"
#include "host/pci/bind.h"

/* Clears libxl's record, because vfyard's memory has the driver, and the way back comes now. */
static int clear_nodes(struct backend *b, struct bdf dev, struct err *e)
{
	int r = xstore_device_remove(b->xs, dev, NODE_DRIVER_PATH, e);

	return r < 0 ? r : xstore_device_remove(b->xs, dev, NODE_NAME, e);
}

static int verify(struct backend *b, struct bdf dev, struct err *e)
{
	char driver[DRIVER_MAX];
	int r = bind_driver_of(b->host, dev, driver, e);

	if (r == 0 && driver[0])
		r = err_set(e, EBUSY, "unassigned, but driver %s holds it now", driver);
	return r;
}

int xen_unassign(struct backend *b, struct vf_ref vf, struct err *e)
{
	struct bdf dev = vf_of(vf)->bdf;
	char driver[DRIVER_MAX];
	int r = xen_ready(b, e);

	if (r == 0)
		r = xen_refuse_held(b, vf, e);
	if (r == 0)
		r = bind_driver_of(b->host, dev, driver, e);
	if (r < 0)
		return r;
	if (driver[0] && strcmp(driver, PCIBACK) != 0)
		return err_refuse(e, EINVAL, "driver %s holds it, not pciback", driver);
	if (driver[0])
		r = xen_let_go(b, dev, e);
	else
		xen_forget_slot(b, dev);
	if (r == 0)
		r = bind_drop_override(b->host, dev, PCIBACK, e);
	if (r == 0)
		r = clear_nodes(b, dev, e);
	return r < 0 ? r : verify(b, dev, e);
}
