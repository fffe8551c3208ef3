// SPDX-License-Identifier: GPL-2.0-or-later
/* From assignable into a guest, verified there. */
#include <string.h>

#include "backend/kvm/group.h"
#include "backend/kvm/kvm.h"
#include "backend/kvm/hotplug.h"
#include "backend/kvm/libvirt/guest.h"
#include "backend/kvm/mates.h"
#include "host/pci/bind.h"
#include "topology/ports.h"
#include "topology/slot_mates.h"

static int check_driver(const struct backend *b, struct bdf dev, struct err *e)
{
	char driver[DRIVER_MAX], buf[BDF_STRLEN];
	int r = bind_driver_of(b->host, dev, driver, e);

	if (r < 0 || group_is_vfio(b->host, dev, driver))
		return r;
	return err_fix(e,
		       err_refuse(e, EINVAL, "it is not assignable: %s%s",
				  driver[0] ? "driver " : "no driver",
				  driver[0] ? driver : " is bound"),
		       "run: vfyard pci-assignable-add %s", bdf_str(buf, dev));
}

static int check_before(const struct backend *b, struct vf_ref vf, struct err *e)
{
	int r = kvm_ready(b, e);

	return r < 0 ? r : check_driver(b, vf_of(vf)->bdf, e);
}

static void name_device(struct bdf dev, struct plugged *ret)
{
	char id[PORTS_DEVICE_ID_MAX];

	snprintf(ret->id, sizeof(ret->id), "%s", ports_device_id(id, dev));
	snprintf(ret->path, sizeof(ret->path), "/machine/peripheral/%s", ret->id);
	ret->host = dev;
}

/* QEMU's property "host" has only four digits for the segment. */
static int add(const struct backend *b, struct qmp *q, const struct plugged *dev, bool has_mates,
	       struct err *e)
{
	char buf[BDF_STRLEN], dir[64];
	struct plug p = { .driver = VFIO_PCI,
			  .id = dev->id,
			  .bus = dev->port,
			  .addr = dev->addr,
			  .fn = dev->fn,
			  .is_multifunction = has_mates && !dev->fn };

	p.property = "host";
	p.value = bdf_str(buf, dev->host);
	if (dev->host.domain > 0xffff) {
		snprintf(dir, sizeof(dir), "/" PCI_DEVICES "/%s", buf);
		p.property = "sysfsdev";
		p.value = dir;
	}
	return plug_in(q, &p, b->host->timeout_ms, e);
}

/* QEMU's success is not enough: checks that what it has now is the function that we meant. */
static int verify(const struct backend *b, struct qmp *q, const struct plugged *dev, struct err *e)
{
	struct bdf is;
	char buf[BDF_STRLEN];
	int r = machine_host_of(q, dev->path, &is, b->host->timeout_ms, e);

	if (r == 0 && bdf_cmp(is, dev->host) != 0)
		r = err_set(e, EIO, "QEMU reports success but %s is %s", dev->id, bdf_str(buf, is));
	return r;
}

/* Whoever answers on a socket may say what he likes; the kernel says who has the device. */
int kvm_prove_open(const struct backend *b, const struct guest *g, struct bdf dev, struct err *e)
{
	int32_t group = group_of(b->host, dev);
	struct vfio_users u;
	bool is_open;
	int r;

	if (!g->pid || !b->host->knows_processes)
		return 0;
	r = users_read_pid(&u, b->host, g->pid, e);
	if (r < 0)
		return r;
	is_open = users_has(&u, group, dev, g->pid);
	users_done(&u);
	if (is_open)
		return 0;
	err_set(e, EIO,
		"QEMU of %s (pid %u) reports success, but has neither its IOMMU group %d nor its "
		"own node open",
		g->name, g->pid, group);
	return err_fix(e, -EIO, "is that the guest? see what it is, run: ls -l /proc/%u/exe",
		       g->pid);
}

static int undo(const struct backend *b, struct qmp *q, const struct plugged *dev, int r,
		struct err *e)
{
	struct err why = { 0 };

	int undone;

	if (r == -ENOENT)
		return r;
	/* Taking it out has a deadline of its own, and the signal that may have brought us here is
	 * still pending. */
	qmp_heed_signals(q, false);
	qmp_begin(q, 2 * b->host->timeout_ms);
	undone = plug_out(q, dev->id, dev->path, b->host->timeout_ms, &why);
	qmp_end(q);
	qmp_heed_signals(q, true);
	if (undone == 0)
		return r;
	return err_left(e, r, "%s in the guest: %s", dev->id, why.cause);
}

static int plug(const struct backend *b, const struct domain *d, struct qmp *q, struct machine *m,
		const struct plugged *dev, bool has_mates, struct err *e)
{
	bool is_in = false;
	int r;

	qmp_begin(q, b->host->timeout_ms);
	r = add(b, q, dev, has_mates, e);
	if (r == 0) {
		r = verify(b, q, dev, e);
		if (r == 0)
			r = kvm_prove_open(b, d->cookie, dev->host, e);
		is_in = true;
	}
	qmp_end(q);
	/* Nobody knows what QEMU still does with it. */
	if (!is_in && (r == -ETIMEDOUT || r == -E2BIG || r == -EMSGSIZE)) {
		guest_forget_machine(d->cookie);
		return err_left(e, r,
				"QEMU may still attach it; to look again, run: vfyard pci-list %s",
				d->name);
	}
	/* The run was asked to end before QEMU answered, so take back what QEMU may still do. */
	if (r < 0)
		return is_in || r == -EINTR ? undo(b, q, dev, r, e) : r;
	if (machine_add(m, dev) < 0)
		return err_set(e, ENOMEM, "out of memory");
	return 0;
}

/* A port of its own, or that of the functions which are one device with it. */
static int place(const struct guest *g, const struct machine *m, const struct mates *mates,
		 const struct dev_options *options, struct plugged *ret, struct err *e)
{
	const struct guest_port *port = NULL;

	ret->fn = slot_mates_fn(mates->fns, ret->host.fn);
	if (mates->in) {
		memcpy(ret->port, mates->in->port, sizeof(ret->port));
		ret->addr = mates->in->addr;
		return 0;
	}
	port = machine_pick(m, options->vslot);
	if (!port)
		return machine_free_ports(m) ? kvm_refuse_slot(g, m, options->vslot, e)
					     : kvm_refuse_ports(g, m, 1, e);
	memcpy(ret->port, port->id, sizeof(ret->port));
	ret->addr = port->addr;
	return 0;
}

int kvm_attach(struct backend *b, const struct domain *d, struct vf_ref vf,
	       const struct dev_options *options, struct err *e)
{
	struct guest *g = d->cookie;
	struct plugged dev = { .id = "" };
	struct machine *m;
	struct mates mates;
	int r = check_before(b, vf, e);

	if (r == 0 && g->cmdline.is_libvirt)
		return virt_guest_attach(b, d, vf, options, e);
	if (r == 0)
		r = guest_machine(b, g, b->host->timeout_ms, &m, e);
	if (r < 0 || machine_find(m, vf_of(vf)->bdf))
		return r;
	name_device(vf_of(vf)->bdf, &dev);
	mates_find(b->host, m, dev.host, options, &mates);
	r = place(g, m, &mates, options, &dev, e);
	if (r == 0)
		r = plug(b, d, g->qmp, m, &dev, (mates.fns & (mates.fns - 1)) != 0, e);
	if (r == 0)
		guest_has_left(g, dev.host);
	/* This way the next one of a batch need not look at all processes again. */
	if (r == 0 && users_add(&b->users, group_of(b->host, dev.host), g->pid) < 0)
		b->users_ms = 0;
	return r;
}
