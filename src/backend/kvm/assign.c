// SPDX-License-Identifier: GPL-2.0-or-later
/* From a host driver, or none, to vfio-pci, and off it again. */
#include <string.h>

#include "backend/kvm/group.h"
#include "backend/kvm/kvm.h"
#include "host/pci/bind.h"

/* Puts it back to what it was, whichever half was done. */
static int put_back(struct backend *b, struct bdf dev, const char *driver, const char *override,
		    struct err *e)
{
	char now[DRIVER_MAX];
	int r = bind_driver_of(b->host, dev, now, e);

	if (r == 0 && strcmp(now, driver) != 0)
		r = bind_unbind(b->host, dev, e);
	return r < 0 ? r : bind_give_back(b->host, dev, driver, override, e);
}

static int take(struct backend *b, struct bdf dev, const char *driver, struct err *e)
{
	char override[DRIVER_MAX];
	struct err undo = { 0 };
	int r = bind_override_of(b->host, dev, override, e);

	if (r < 0)
		return r;
	r = bind_over(b->host, dev, driver, override, VFIO_PCI, e);
	/* A write that hangs holds the device, so nothing more can be done with it now. */
	if (r == 0 || r == -ETIMEDOUT)
		return r;
	if (put_back(b, dev, driver, override, &undo) < 0)
		return err_left(e, r, "it is not given back to %s: %s",
				driver[0] ? driver : "the host", undo.cause);
	/* Source: Linux drivers/vfio/group.c, vfio_group_find_or_alloc(). */
	if (r == -EINVAL && group_of(b->host, dev) == NO_GROUP)
		return group_refuse_none(b->host, e);
	return r;
}

int kvm_assign(struct backend *b, struct vf_ref vf, const char *name UNUSED, struct err *e)
{
	struct bdf dev = vf_of(vf)->bdf;
	char driver[DRIVER_MAX];
	int r = kvm_ready(b, e);

	if (r == 0)
		r = bind_driver_of(b->host, dev, driver, e);
	if (r < 0 || group_is_vfio(b->host, dev, driver))
		return r;
	return take(b, dev, driver, e);
}

int kvm_may_unassign(struct backend *b, struct vf_ref vf, struct err *e)
{
	char driver[DRIVER_MAX];
	int r = bind_driver_of(b->host, vf_of(vf)->bdf, driver, e);

	if (r < 0 || !driver[0] || group_driver_is_vfio(driver))
		return r;
	if (!group_is_vfio(b->host, vf_of(vf)->bdf, driver))
		return err_refuse(e, EINVAL, "driver %s holds it, not " VFIO_PCI, driver);
	err_refuse(e, ENOTSUP,
		   "its own driver %s gave it to VFIO and would lose what it set up there", driver);
	return err_fix(e, -ENOTSUP,
		       "undo that with its vendor's tools; or give it to a guest as it is, with "
		       "driver=keep in the topology");
}

int kvm_unassign(struct backend *b, struct vf_ref vf, struct err *e)
{
	struct bdf dev = vf_of(vf)->bdf;
	char driver[DRIVER_MAX], override[DRIVER_MAX];
	int r = kvm_ready(b, e);

	if (r == 0)
		r = bind_driver_of(b->host, dev, driver, e);
	if (r < 0)
		return r;
	r = kvm_may_unassign(b, vf, e);
	if (r < 0)
		return r;
	/* An unbind under a running guest waits for the guest in the kernel, with no way back.
	 * Source: Linux drivers/vfio/vfio_main.c, vfio_unregister_group_dev(). */
	if (driver[0])
		r = kvm_refuse_open(b, dev, 0, e);
	if (r == 0)
		r = bind_override_of(b->host, dev, override, e);
	if (r == 0)
		r = bind_unbind(b->host, dev, e);
	/* Only its owner may clear an override that is not ours. */
	if (r == 0 && (!strcmp(override, VFIO_PCI) || !strcmp(override, driver)))
		r = bind_set_override(b->host, dev, "", e);
	return r;
}

/* One look at all processes does for the VFs of a PF, which are asked about one after the other. */
#define LOOK_MS 50u

/* What VFIO has is waited for, as in an unbind. */
int kvm_may_unmake(struct backend *b, struct vf_ref vf, struct err *e)
{
	struct bdf dev = vf_of(vf)->bdf;
	char driver[DRIVER_MAX];
	int r = bind_driver_of(b->host, dev, driver, e);

	if (r < 0 || !group_is_vfio(b->host, dev, driver))
		return r;
	return kvm_refuse_open(b, dev, LOOK_MS, e);
}
