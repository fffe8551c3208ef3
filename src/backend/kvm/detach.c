// SPDX-License-Identifier: GPL-2.0-or-later
/* From a guest back to assignable, verified to be out. */
#include <string.h>

#include "backend/kvm/group.h"
#include "backend/kvm/kvm.h"
#include "backend/kvm/hotplug.h"
#include "backend/kvm/libvirt/guest.h"
#include "base/deadline.h"
#include "host/pci/bind.h"

static int refuse_force(const struct domain *d, struct err *e)
{
	err_refuse(e, ENOTSUP,
		   "QEMU takes no device from a guest by force: it asks, and the guest decides");
	return err_fix(e, -ENOTSUP, "run it without -f, or end domain %s", d->name);
}

int kvm_refuse_not_there(const struct domain *d, struct err *e)
{
	return err_fix(e, err_refuse(e, ENOENT, "domain %s does not have it", d->name),
		       "see who has what, run: vfyard pci-list");
}

/* What QEMU has under this name now must be this function, or another one would be taken out. */
static int prove(const struct backend *b, struct qmp *q, const struct plugged *dev, struct err *e)
{
	struct bdf is;
	char buf[BDF_STRLEN];
	int r = machine_host_of(q, dev->path, &is, b->host->timeout_ms, e);

	if (r == 0 && bdf_cmp(is, dev->host) != 0)
		r = err_refuse(e, ESTALE, "%s in the guest is %s now", dev->path, bdf_str(buf, is));
	return r;
}

/* Other members of the group that the same guest has keep the group open. */
static bool shares_group(const struct backend *b, const struct machine *m, int32_t group)
{
	for (size_t i = 0; i < m->n_devs; i++)
		if (group_of(b->host, m->devs[i].host) == group)
			return true;
	return false;
}

/* QEMU closes its descriptors before it sends the event. */
int kvm_wait_closed(const struct backend *b, const struct guest *g, struct bdf dev, struct err *e)
{
	struct deadline d = deadline_in(b->host->timeout_ms);
	int32_t group = group_of(b->host, dev);
	bool is_open = true;

	if (!g->pid)
		return 0;
	do {
		struct vfio_users u;
		int r = users_read_pid(&u, b->host, g->pid, e);

		if (r < 0)
			return r;
		is_open = users_has(&u, group, dev, g->pid);
		users_done(&u);
	} while (is_open && deadline_pause(&d));
	if (!is_open)
		return 0;
	err_set(e, ETIMEDOUT, "%s (pid %u) gave it back but still has its IOMMU group %d open",
		g->name, g->pid, group);
	return err_fix(e, -ETIMEDOUT, "to look again, run: vfyard list; or end domain %s", g->name);
}

int kvm_check_detached(const struct backend *b, struct bdf dev, struct err *e)
{
	char driver[DRIVER_MAX];
	int r = bind_driver_of(b->host, dev, driver, e);

	if (r == 0 && !group_is_vfio(b->host, dev, driver))
		r = err_set(e, EIO, "detached, but driver " VFIO_PCI " does not hold it");
	return r;
}

/* A capture that lacks libvirt's answers refuses nothing, because nothing is done there. */
int kvm_may_detach(struct backend *b, const struct domain *d, struct vf_ref vf, bool force,
		   struct err *e)
{
	const struct guest *g = d->cookie;
	int r = g->cmdline.is_libvirt ? 0 : guest_check(g, e);

	if (r == 0 && force)
		r = refuse_force(d, e);
	if (r == 0 && g->cmdline.is_libvirt)
		r = virt_may_detach(b, d, vf, e);
	return r == -ENODATA && root_is_captured(&b->host->root) ? 0 : r;
}

int kvm_detach(struct backend *b, const struct domain *d, struct vf_ref vf, bool force,
	       struct err *e)
{
	struct guest *g = d->cookie;
	struct bdf bdf = vf_of(vf)->bdf;
	struct machine *m;
	struct plugged *dev;
	int r = kvm_ready(b, e);

	if (r == 0)
		r = kvm_may_detach(b, d, vf, force, e);
	if (r == 0 && g->cmdline.is_libvirt)
		return virt_guest_detach(b, d, vf, e);
	if (r == 0)
		r = guest_machine(b, g, b->host->timeout_ms, &m, e);
	if (r < 0)
		return r;
	dev = machine_find(m, bdf);
	if (!dev)
		return kvm_refuse_not_there(d, e);
	/* The guest has its time, and QEMU as much for its answers. */
	qmp_begin(g->qmp, 2 * b->host->timeout_ms);
	r = prove(b, g->qmp, dev, e);
	if (r == 0)
		r = plug_out(g->qmp, dev->id, dev->path, b->host->timeout_ms, e);
	qmp_end(g->qmp);
	/* It left between two looks, which is what was asked. */
	if (r < 0 && r != -ENOENT)
		return r;
	machine_remove(m, dev);
	b->users_ms = 0;
	r = shares_group(b, m, group_of(b->host, bdf)) ? 0 : kvm_wait_closed(b, g, bdf, e);
	return r < 0 ? r : kvm_check_detached(b, bdf, e);
}
