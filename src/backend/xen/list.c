// SPDX-License-Identifier: GPL-2.0-or-later
/* Lists what domains have, with the address that the guest itself sees. */
#include <stdlib.h>
#include <string.h>

#include "backend/xen/interrupts.h"
#include "backend/xen/options.h"
#include "backend/xen/permissive.h"
#include "backend/xen/xen.h"

static bool is_hvm(struct backend *b, uint32_t domid)
{
	_cleanup_free_ char *type = xstore_read(b->xs, "/libxl/%u/type", domid);

	return type && !strcmp(type, "hvm");
}

/*
 * Reads pciback's "0000:00:01.02" (the function has two digits), or libxl's vdevfn in hexadecimal.
 * A PV guest does not have the device at vdevfn, because its bus is pciback's. For an HVM guest
 * pciback publishes a slot, too, for devices that it was created with, but nobody uses it, because
 * QEMU chose vdevfn.
 * Source: Linux drivers/xen/xen-pciback/xenbus.c, xen_pcibk_publish_pci_dev().
 */
static void guest_addr(struct backend *b, const struct pci_backend *pb, unsigned n, char *buf,
		       size_t size)
{
	_cleanup_free_ char *vdev = xstore_read(b->xs, BACKEND_PATH "/vdev-%u", pb->path_domid, n);
	_cleanup_free_ char *vdevfn = NULL;
	unsigned domain, bus, dev, fn;
	unsigned long devfn;

	buf[0] = '\0';
	if (vdev && !is_hvm(b, pb->domid) &&
	    sscanf(vdev, "%x:%x:%x.%x", &domain, &bus, &dev, &fn) == 4) {
		snprintf(buf, size, "%02x:%02x.%x", bus & 0xff, dev & 31, fn & 7);
		return;
	}
	vdevfn = xstore_read(b->xs, BACKEND_PATH "/vdevfn-%u", pb->path_domid, n);
	devfn = vdevfn ? strtoul(vdevfn, NULL, 16) : 0;
	if (devfn)
		snprintf(buf, size, "00:%02lx.%lx", devfn >> 3 & 31, devfn & 7);
}

/* PV: pciback has exported it, and the guest's frontend is connected. HVM: the device model has
 * listed it, and that is when libxl writes vdevfn; the backend itself never connects. */
static bool is_ready(struct backend *b, const struct pci_backend *pb, unsigned n)
{
	_cleanup_free_ char *vdevfn = NULL;
	unsigned state, backend;

	if (xstore_read_uint(b->xs, &backend, BACKEND_PATH "/state", pb->path_domid) < 0 ||
	    xstore_read_uint(b->xs, &state, BACKEND_PATH "/state-%u", pb->path_domid, n) < 0)
		return false;
	if (backend == XENBUS_CONNECTED)
		return state == XENBUS_INITIALISED;
	vdevfn = xstore_read(b->xs, BACKEND_PATH "/vdevfn-%u", pb->path_domid, n);
	return vdevfn && strtoul(vdevfn, NULL, 16) != 0;
}

static void fill(struct backend *b, const struct pci_backend *pb, const struct backend_dev *dev,
		 const char *domain, struct attachment *ret)
{
	_cleanup_free_ char *opts = NULL, *name = NULL;

	*ret = (struct attachment){ .bdf = dev->bdf, .options = DEV_OPTIONS_INIT };
	snprintf(ret->domain, sizeof(ret->domain), "%s", domain);
	guest_addr(b, pb, dev->n, ret->guest_addr, sizeof(ret->guest_addr));
	opts = xstore_read(b->xs, BACKEND_PATH "/opts-%u", pb->path_domid, dev->n);
	if (opts)
		xen_options_parse(&ret->options, opts);
	name = xstore_device_read(b->xs, dev->bdf, NODE_NAME);
	if (name)
		snprintf(ret->options.name, sizeof(ret->options.name), "%s", name);
	ret->is_ready = is_ready(b, pb, dev->n);
}

/* Takes what pciback lets the guest write, whoever allowed it, because the option at the attach is
 * only one of several ways. */
static void mark_permissive(struct backend *b, struct attachment *v, size_t n)
{
	struct permissive p = { .is_cut = false };
	struct err ignored = { 0 };

	if (!n || permissive_read(&p, b->host, &ignored) < 0)
		return;
	for (size_t i = 0; i < n; i++)
		if (permissive_has(&p, v[i].bdf) == 1)
			v[i].options.permissive = 1;
	permissive_done(&p);
}

int xen_list(struct backend *b, const struct domain *d, struct attachment **ret, size_t *ret_n,
	     struct err *e)
{
	_cleanup_free_ uint32_t *domids = NULL;
	struct attachment *v;
	size_t n = 0, k = 0;
	int r = xen_connect(b, e);

	if (r == 0)
		r = view_refresh(&b->view, b->xs, e);
	if (r < 0)
		return r;
	for (size_t i = 0; i < b->view.n; i++)
		n += b->view.backends[i].n_devs;
	v = calloc(n ? n : 1, sizeof(*v));
	domids = calloc(n ? n : 1, sizeof(*domids));
	if (!v || !domids) {
		free(v);
		return err_set(e, ENOMEM, "out of memory");
	}
	for (size_t i = 0; i < b->view.n; i++) {
		const struct pci_backend *pb = &b->view.backends[i];
		char name[128];

		if (pb->is_left || (d && pb->domid != d->id))
			continue;
		xen_domain_name(b, pb->domid, name, sizeof(name));
		for (size_t j = 0; j < pb->n_devs; j++) {
			domids[k] = pb->domid;
			fill(b, pb, &pb->devs[j], name, &v[k++]);
		}
	}
	mark_permissive(b, v, k);
	interrupts_mark(b, v, domids, k);
	*ret = v;
	*ret_n = k;
	return 0;
}
