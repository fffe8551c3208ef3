// SPDX-License-Identifier: GPL-2.0-or-later
/* pci-assignable-* as in Xen 4.17 libxl_pci.c, and what pciback's xenbus half does. */
#include "fake_libxl.h"

#include <string.h>

#define BE	"/local/domain/0/backend/pci/%u/0"
#define PCIBACK "sys/bus/pci/drivers/pciback"

static bool shares(struct bdf a, struct bdf b)
{
	return a.fn && b.fn && bdf_key(a) >> 3 == bdf_key(b) >> 3;
}

/*
 * vpci: a VF at function 0 has a slot of its own, the others of a host slot share one. This counts
 * as the kernel does, in the order of arrival, and independently of the code under test. Returns
 * the slot of exported entry @i.
 */
static unsigned slot_of(const struct fake_domain *d, unsigned i)
{
	unsigned slot = 0;

	for (unsigned k = 0; k < i; k++) {
		bool is_first = true;

		if (shares(d->exported[k], d->exported[i]))
			return slot_of(d, k);
		for (unsigned m = 0; m < k; m++)
			is_first &= !shares(d->exported[m], d->exported[k]);
		slot += is_first;
	}
	return slot;
}

/* Behaves like xen_pcibk_export_device() for entry @i. Returns false when the backend closes
 * because of it. */
static bool export_device(struct fake_domain *d, int i)
{
	char text[32];
	struct bdf dev;
	unsigned slot;

	if (!bdf_scan(&dev, fake_xs_get(BE "/dev-%d", d->id, i)))
		return false;
	d->exported[d->n_exported++] = dev;
	slot = slot_of(d, d->n_exported - 1);
	if (slot >= 32) {
		d->n_exported--;
		fake_xs_set("12 No more space on root virtual PCI bus",
			    "/local/domain/0/error/backend/pci/%u/0/error", d->id);
		fake_xs_set("5", BE "/state", d->id);
		return false;
	}
	snprintf(text, sizeof(text), "0000:00:%02x.%02x", slot, dev.fn);
	fake_xs_set(text, BE "/vdev-%d", d->id, i);
	fake_xs_set("3", BE "/state-%d", d->id, i);
	return true;
}

/* Behaves like xen_pcibk_remove_device(): returns false when it is not, or no longer, exported. */
static bool remove_device(struct fake_domain *d, int i)
{
	struct bdf dev;

	if (!bdf_scan(&dev, fake_xs_get(BE "/dev-%d", d->id, i)))
		return false;
	for (unsigned k = 0; k < d->n_exported; k++) {
		if (bdf_cmp(d->exported[k], dev) != 0)
			continue;
		memmove(&d->exported[k], &d->exported[k + 1],
			(d->n_exported - k - 1) * sizeof(dev));
		d->n_exported--;
		return true;
	}
	return false;
}

/* Behaves like xen_pcibk_setup_backend() and xen_pcibk_reconfigure(): each stops at the first
 * failure, and then the backend stays as it is. */
static bool reconfigure(struct fake_domain *d)
{
	int n = (int)fake_xs_number(0, BE "/num_devs", d->id);
	bool ok = true;

	for (int i = 0; ok && i < n; i++) {
		long state = fake_xs_number(0, BE "/state-%d", d->id, i);

		if (state == 1)
			ok = export_device(d, i);
		else if (state == 5)
			ok = remove_device(d, i);
	}
	return ok;
}

void fake_xen_run_backend(struct fake_domain *d)
{
	long state = fake_xs_number(0, BE "/state", d->id);

	if (d->type != LIBXL_DOMAIN_TYPE_PV || state == 5 || d->slow)
		return;
	/* The first devices are exported before the frontend comes; later ones only when it is
	 * there. */
	if (state != 1 && d->no_frontend)
		return;
	if (state != 3 && !reconfigure(d))
		return;
	if (d->closes) {
		fake_xs_set("6", BE "/state", d->id);
		return;
	}
	fake_xs_set(d->no_frontend ? "3" : "4", BE "/state", d->id);
	/* The guest's own half comes later, because it probes drivers first. */
	if (!d->no_frontend && !d->slow_drivers)
		fake_xs_set("4", "/local/domain/%u/device/pci/0/state", d->id);
}

static struct bdf bdf_of(const libxl_device_pci *pci)
{
	return (struct bdf){ (uint32_t)pci->domain, pci->bus, pci->dev, pci->func };
}

static void node_path(char buf[64], struct bdf dev, const char *node)
{
	snprintf(buf, 64, "/libxl/pci/%04x-%02x-%02x-%x/%s", dev.domain, dev.bus, dev.dev, dev.fn,
		 node);
}

static int sysfs_write(libxl_ctx *ctx, const char *path, struct bdf dev)
{
	char buf[BDF_STRLEN];
	struct err e = { 0 };

	if (root_write(&fake_xen.root.host.root, bdf_str(buf, dev), 0, &e, "%s", path) == 0)
		return 0;
	fake_xen_log(ctx, XTL_ERROR, e.code,
		     "libxl_pci.c:341:sysfs_write_bdf: write to /%s returned -1", path);
	return ERROR_FAIL;
}

/* Reads one page of it, as libxl does. */
static bool has_slot(struct bdf dev)
{
	char text[8192], buf[BDF_STRLEN];

	return root_read(&fake_xen.root.host.root, text, sizeof(text), PCIBACK "/slots") > 0 &&
	       strstr(text, bdf_str(buf, dev));
}

static int bind_pciback(libxl_ctx *ctx, struct bdf dev)
{
	if ((!has_slot(dev) && sysfs_write(ctx, PCIBACK "/new_slot", dev)) ||
	    sysfs_write(ctx, PCIBACK "/bind", dev)) {
		fake_xen_log(ctx, XTL_ERROR, 0,
			     "libxl_pci.c:672:libxl__device_pci_assignable_add: Couldn't bind "
			     "device to pciback!");
		return ERROR_FAIL;
	}
	return 0;
}

/* The driver goes first, and nothing brings it back when what follows fails. */
static int take(libxl_ctx *ctx, struct bdf dev, int rebind)
{
	const struct root *root = &fake_xen.root.host.root;
	char driver[64], path[128], node[64], buf[BDF_STRLEN];
	bool had = root_link_name(root, driver, sizeof(driver), "sys/bus/pci/devices/%s/driver",
				  bdf_str(buf, dev)) == 0;

	node_path(node, dev, "driver_path");
	if (had) {
		snprintf(path, sizeof(path), "sys/bus/pci/drivers/%s/unbind", driver);
		if (sysfs_write(ctx, path, dev))
			return ERROR_FAIL;
		snprintf(path, sizeof(path), "/sys/bus/pci/drivers/%s", driver);
	}
	if (!rebind)
		fake_xs_rm("%s", node);
	else if (had)
		fake_xs_set(path, "%s", node);
	return bind_pciback(ctx, dev);
}

/* No path undoes anything. */
static int quarantine(libxl_ctx *ctx, struct bdf dev)
{
	struct fake_device *x = fake_xen_device(dev);
	int code = fake_xen.no_iommu				    ? EOPNOTSUPP
		   : fake_xen.no_quarantine			    ? EINVAL
		   : x->owner == OWNER_DOM0 || x->owner == OWNER_IO ? 0
								    : EBUSY;

	if (!code) {
		x->owner = OWNER_IO;
		return 0;
	}
	fake_xen_log(ctx, XTL_ERROR, code,
		     "libxl_pci.c:701:libxl__device_pci_assignable_add: failed to quarantine "
		     "%04x:%02x:%02x.%x",
		     dev.domain, dev.bus, dev.dev, dev.fn);
	return ERROR_FAIL;
}

int libxl_device_pci_assignable_add(libxl_ctx *ctx, libxl_device_pci *pci, int rebind)
{
	struct bdf dev = bdf_of(pci);
	char buf[BDF_STRLEN], node[64];

	fake_xen_called("assignable-add");
	if (!root_exists(&fake_xen.root.host.root, "sys/bus/pci/devices/%s", bdf_str(buf, dev)))
		return ERROR_FAIL;
	if (!root_exists(&fake_xen.root.host.root, PCIBACK)) {
		fake_xen_log(ctx, XTL_ERROR, 0,
			     "libxl_pci.c:571:pciback_dev_is_assigned: Looks like "
			     "pciback driver is not loaded");
		return ERROR_FAIL;
	}
	if (root_exists(&fake_xen.root.host.root, PCIBACK "/%s", buf))
		fake_xen_log(ctx, XTL_WARN, 0, "libxl_pci.c:641: %s already assigned to pciback",
			     buf);
	else if (take(ctx, dev, rebind))
		return ERROR_FAIL;
	node_path(node, dev, "name");
	if (pci->name)
		fake_xs_set(pci->name, "%s", node);
	else
		fake_xs_rm("%s", node);
	return quarantine(ctx, dev);
}

int libxl_device_pci_assignable_remove(libxl_ctx *ctx, libxl_device_pci *pci, int rebind UNUSED)
{
	struct bdf dev = bdf_of(pci);
	struct fake_device *x = fake_xen_device(dev);
	char buf[BDF_STRLEN], node[64];

	fake_xen_called("assignable-remove");
	if (x->owner != OWNER_IO) {
		fake_xen_log(ctx, XTL_ERROR, ENODEV,
			     "libxl_pci.c:752:libxl__device_pci_assignable_remove: failed to "
			     "de-quarantine %s",
			     bdf_str(buf, dev));
		return ERROR_FAIL;
	}
	x->owner = OWNER_DOM0;
	/* Neither failure counts. */
	if (root_exists(&fake_xen.root.host.root, PCIBACK "/%s", bdf_str(buf, dev)) &&
	    sysfs_write(ctx, PCIBACK "/unbind", dev) == 0 && has_slot(dev))
		sysfs_write(ctx, PCIBACK "/remove_slot", dev);
	node_path(node, dev, "name");
	fake_xs_rm("%s", node);
	return 0;
}
