// SPDX-License-Identifier: GPL-2.0-or-later
/* From a guest back to assignable, verified to be out. */
#include <string.h>

#include "backend/kvm/group.h"
#include "backend/kvm/kvm.h"
#include "backend/kvm/hotplug.h"
#include "backend/kvm/libvirt/guest.h"
#include "base/array.h"
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

/* As many functions as a slot has. */
#define SLOT_FUNCTIONS 8

/* What is in one slot of the guest, and leaves it together. */
struct together {
	struct plugged v[SLOT_FUNCTIONS]; /* function 0 first, which a guest must have */
	struct leaving leaving[SLOT_FUNCTIONS];
	size_t n;
};

static void collect(const struct machine *m, const struct plugged *dev, struct together *ret)
{
	const struct plugged *p;

	ret->n = 0;
	if (!dev->port[0]) {
		ret->v[ret->n++] = *dev;
	} else {
		for (unsigned fn = 0; fn < SLOT_FUNCTIONS; fn++) {
			p = machine_find_fn(m, dev, fn);
			if (p)
				ret->v[ret->n++] = *p;
		}
	}
	for (size_t i = 0; i < ret->n; i++)
		ret->leaving[i] = (struct leaving){ ret->v[i].id, ret->v[i].path };
}

/* Each must be what we think, or have left between two looks, which is what was asked. */
static int take_out(const struct backend *b, struct guest *g, const struct together *t,
		    struct err *e)
{
	struct err why = { 0 };
	int r = 0;

	for (size_t i = 0; r == 0 && i < t->n; i++) {
		r = prove(b, g->qmp, &t->v[i], &why);
		r = r == -ENOENT ? 0 : r;
	}
	if (r < 0)
		return err_copy(e, &why);
	return plug_out_all(g->qmp, t->leaving, t->n, b->host->timeout_ms, e);
}

/* The others of its slot will be asked for, too: the plan has them all. */
static int note_left(struct guest *g, struct machine *m, struct bdf asked, const struct together *t)
{
	for (size_t i = 0; i < t->n; i++) {
		struct plugged *p = machine_find(m, t->v[i].host);

		if (p)
			machine_remove(m, p);
		if (!bdf_cmp(t->v[i].host, asked))
			continue;
		if (ARRAY_GROW(g->left, g->n_left) < 0)
			return -ENOMEM;
		g->left[g->n_left++] = t->v[i].host;
	}
	return 0;
}

static int check_out(struct backend *b, const struct guest *g, const struct machine *m,
		     const struct together *t, struct err *e)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < t->n; i++) {
		struct bdf dev = t->v[i].host;

		if (!shares_group(b, m, group_of(b->host, dev)))
			r = kvm_wait_closed(b, g, dev, e);
		if (r == 0)
			r = kvm_check_detached(b, dev, e);
	}
	return r;
}

int kvm_detach(struct backend *b, const struct domain *d, struct vf_ref vf, bool force,
	       struct err *e)
{
	struct guest *g = d->cookie;
	struct bdf bdf = vf_of(vf)->bdf;
	struct together t;
	struct machine *m;
	const struct plugged *dev;
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
	if (!dev && guest_has_left(g, bdf))
		return kvm_check_detached(b, bdf, e);
	if (!dev)
		return kvm_refuse_not_there(d, e);
	collect(m, dev, &t);
	/* The guest has its time, and QEMU as much for its answers. */
	qmp_begin(g->qmp, 2 * b->host->timeout_ms);
	r = take_out(b, g, &t, e);
	qmp_end(g->qmp);
	if (r < 0)
		return r;
	if (note_left(g, m, bdf, &t) < 0)
		return err_set(e, ENOMEM, "out of memory");
	b->users_ms = 0;
	return check_out(b, g, m, &t, e);
}
