// SPDX-License-Identifier: GPL-2.0-or-later
/* Attach, detach and list as in Xen 4.17 tools/libs/light/libxl_pci.c, mistakes included. */
#include "fake_libxl.h"

#include <string.h>

#define BE "/local/domain/0/backend/pci/%u/0"

static struct bdf bdf_of(const libxl_device_pci *pci)
{
	return (struct bdf){ (uint32_t)pci->domain, pci->bus, pci->dev, pci->func };
}

static void node_path(char buf[64], struct bdf dev, const char *node)
{
	snprintf(buf, 64, "/libxl/pci/%04x-%02x-%02x-%x/%s", dev.domain, dev.bus, dev.dev, dev.fn,
		 node);
}

static bool on_pciback(struct bdf dev)
{
	char buf[BDF_STRLEN];

	return root_exists(&fake_xen.root.host.root, "sys/bus/pci/drivers/pciback/%s",
			   bdf_str(buf, dev));
}

static int find_entry(uint32_t domid, struct bdf dev)
{
	char buf[BDF_STRLEN];
	int n = (int)fake_xs_number(0, BE "/num_devs", domid);

	bdf_str(buf, dev);
	for (int i = 0; i < n; i++) {
		const char *entry = fake_xs_get(BE "/dev-%d", domid, i);

		if (entry && !strcmp(entry, buf))
			return i;
	}
	return -1;
}

/* Behaves like libxl__device_pci_reset(): whoever has the device now feels it. */
static void reset(struct bdf dev, uint32_t domid)
{
	struct fake_device *x = fake_xen_device(dev);

	x->resets++;
	x->reset_under = x->owner;
	if (x->owner != OWNER_IO && x->owner != OWNER_DOM0 && x->owner != domid)
		x->reset_of_a_guest = true;
}

/* Behaves like xc_assign_device() and device_assigned(). */
static int assign_owner(struct bdf dev, const struct fake_domain *d)
{
	struct fake_device *x = fake_xen_device(dev);

	if (x->owner != OWNER_DOM0 && x->owner != OWNER_IO)
		return EBUSY;
	if (fake_xen.no_iommu || d->no_passthrough || d->type == LIBXL_DOMAIN_TYPE_PVH)
		return EOPNOTSUPP;
	if (d->assign_errno)
		return d->assign_errno;
	x->owner = d->id;
	return 0;
}

static void write_entry(uint32_t domid, int n, const libxl_device_pci *pci)
{
	char text[128], buf[BDF_STRLEN];

	fake_xs_set(bdf_str(buf, bdf_of(pci)), BE "/dev-%d", domid, n);
	fake_xs_set(buf, BE "/key-%d", domid, n);
	if (pci->vdevfn) {
		snprintf(text, sizeof(text), "%x", pci->vdevfn);
		fake_xs_set(text, BE "/vdevfn-%d", domid, n);
	}
	snprintf(text, sizeof(text), "msitranslate=%d,power_mgmt=%d,permissive=%d,rdm_policy=%s",
		 pci->msitranslate, pci->power_mgmt, pci->permissive,
		 pci->rdm_policy == LIBXL_RDM_RESERVE_POLICY_RELAXED ? "relaxed" : "strict");
	fake_xs_set(text, BE "/opts-%d", domid, n);
	fake_xs_set("1", BE "/state-%d", domid, n);
	snprintf(text, sizeof(text), "%d", n + 1);
	fake_xs_set(text, BE "/num_devs", domid);
	snprintf(text, sizeof(text), BE, domid);
	fake_xs_set(text, "/libxl/%u/device/pci/0/backend", domid);
}

/* Behaves like libxl__wait_for_backend(): it does not wait for one that has no state. */
static bool wait_for_backend(uint32_t domid)
{
	bool is_connected = fake_xs_number(0, BE "/state", domid) == 4;

	fake_xen.waits += !is_connected && fake_xs_get(BE "/state", domid);
	return is_connected;
}

/* Behaves like libxl__device_pci_add_xenstore(): it does not wait for what comes of it. */
static int add_xenstore(libxl_ctx *ctx, struct fake_domain *d, const libxl_device_pci *pci)
{
	int n = (int)fake_xs_number(0, BE "/num_devs", d->id);

	if (n && d->type == LIBXL_DOMAIN_TYPE_PV && !wait_for_backend(d->id)) {
		fake_xen_log(ctx, XTL_ERROR, 0,
			     "libxl_device.c:1470:libxl__wait_for_backend: Backend " BE
			     " not ready",
			     d->id);
		return ERROR_FAIL;
	}
	write_entry(d->id, n, pci);
	fake_xs_set(n ? "7" : "1", BE "/state", d->id);
	if (!n)
		fake_xs_set("1", "/local/domain/%u/device/pci/0/state", d->id);
	fake_xen_run_backend(d);
	fake_xen_run_driver(d, bdf_of(pci), pci->vdevfn);
	return 0;
}

static int do_pci_add(libxl_ctx *ctx, struct fake_domain *d, libxl_device_pci *pci)
{
	char buf[BDF_STRLEN];
	struct err e = { 0 };
	int code;

	/* HVM: from here on QEMU has it, whatever follows. */
	if (d->type == LIBXL_DOMAIN_TYPE_HVM && !pci->vdevfn)
		pci->vdevfn = d->next_slot++ << 3;
	if (pci->permissive && root_write(&fake_xen.root.host.root, bdf_str(buf, bdf_of(pci)), 0,
					  &e, "sys/bus/pci/drivers/pciback/permissive") < 0)
		return ERROR_FAIL;
	code = assign_owner(bdf_of(pci), d);
	if (code) {
		fake_xen_log(ctx, XTL_ERROR, code,
			     "libxl_pci.c:1529:pci_add_dm_done: Domain %u:xc_assign_device failed",
			     d->id);
		return ERROR_FAIL;
	}
	return add_xenstore(ctx, d, pci);
}

static int test_assign(libxl_ctx *ctx, struct fake_domain *d, const libxl_device_pci *pci)
{
	struct fake_device *x = fake_xen_device(bdf_of(pci));
	bool busy = x->owner != OWNER_DOM0 && x->owner != OWNER_IO;

	if (!busy && !d->no_passthrough && !fake_xen.no_iommu)
		return 0;
	fake_xen_log(ctx, XTL_ERROR, 0,
		     "libxl_pci.c:1619:libxl__device_pci_add: Domain %u:PCI device "
		     "%04x:%02x:%02x.%u %s?",
		     d->id, (unsigned)pci->domain, pci->bus, pci->dev, pci->func,
		     busy ? "already assigned to a different guest"
			  : "cannot be assigned - no IOMMU");
	return -1;
}

static int pci_add(libxl_ctx *ctx, struct fake_domain *d, libxl_device_pci *pci)
{
	char path[64], domid[16];
	int rc = d->type == LIBXL_DOMAIN_TYPE_HVM ? test_assign(ctx, d, pci) : 0;

	if (rc)
		return rc;
	node_path(path, bdf_of(pci), "domid");
	if (!on_pciback(bdf_of(pci)) || fake_xs_get("%s", path)) {
		fake_xen_log(ctx, XTL_ERROR, 0,
			     "libxl_pci.c:1636:libxl__device_pci_add: Domain %u:PCI device "
			     "%x:%x:%x.%x is not assignable",
			     d->id, (unsigned)pci->domain, pci->bus, pci->dev, pci->func);
		return ERROR_FAIL;
	}
	snprintf(domid, sizeof(domid), "%u", d->id);
	fake_xs_set(domid, "%s", path);
	reset(bdf_of(pci), d->id);
	return do_pci_add(ctx, d, pci);
}

int libxl_device_pci_add(libxl_ctx *ctx, uint32_t domid, libxl_device_pci *pci,
			 const libxl_asyncop_how *ao_how UNUSED)
{
	struct fake_domain *d = fake_xen_domain(domid);
	libxl_device_pci copy = *pci;
	char path[64];
	int rc = d ? pci_add(ctx, d, &copy) : ERROR_FAIL;

	fake_xen_called("add");
	if (!rc)
		return 0;
	fake_xen_log(ctx, XTL_ERROR, 0,
		     "libxl_pci.c:1809:device_pci_add_done: Domain %u:libxl__device_pci_add failed "
		     "for PCI device (rc %d)",
		     domid, rc);
	/* It does so whoever's claim it is. */
	node_path(path, bdf_of(pci), "domid");
	fake_xs_rm("%s", path);
	return rc;
}

static void move_entry(uint32_t domid, int from, int to)
{
	static const char *const names[] = { "state", "dev", "key", "vdev", "opts", "vdevfn" };
	char value[128];

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		const char *now = fake_xs_get(BE "/%s-%d", domid, names[i], from);

		fake_xs_rm(BE "/%s-%d", domid, names[i], to);
		if (!now)
			continue;
		snprintf(value, sizeof(value), "%s", now);
		fake_xs_set(value, BE "/%s-%d", domid, names[i], to);
		fake_xs_rm(BE "/%s-%d", domid, names[i], from);
	}
}

/* Behaves like libxl__device_pci_remove_xenstore(): its caller loses what it returns. */
static void remove_xenstore(struct fake_domain *d, struct bdf dev)
{
	int n = (int)fake_xs_number(0, BE "/num_devs", d->id), i = find_entry(d->id, dev);
	bool pv = d->type == LIBXL_DOMAIN_TYPE_PV;
	char text[16];

	if (i < 0 || (pv && !wait_for_backend(d->id)))
		return;
	fake_xs_set("5", BE "/state-%d", d->id, i);
	fake_xs_set("7", BE "/state", d->id);
	if (pv) {
		fake_xen_run_backend(d);
		if (fake_xs_number(0, BE "/state", d->id) != 4)
			return;
	}
	for (; i < n; i++)
		move_entry(d->id, i + 1, i);
	snprintf(text, sizeof(text), "%d", n - 1);
	fake_xs_set(text, BE "/num_devs", d->id);
	if (n > 1)
		return;
	d->n_exported = 0;
	fake_xs_rm("/local/domain/0/backend/pci/%u", d->id);
	fake_xs_rm("/local/domain/%u/device/pci", d->id);
	fake_xs_rm("/libxl/%u/device/pci", d->id);
}

static int device_del(libxl_ctx *ctx, struct fake_domain *d, struct bdf dev)
{
	if (d->let_go_late)
		return ERROR_QMP_DEVICE_NOT_FOUND;
	if (!d->no_frontend)
		return 0;
	fake_xen_log(ctx, XTL_WARN, 0,
		     "libxl_pci.c:2160:pci_remove_timeout: Domain %u:timed out waiting for DM to "
		     "remove pci-pt-%02x_%02x.%x",
		     d->id, dev.bus, dev.dev, dev.fn);
	return ERROR_TIMEDOUT;
}

static int check_attached(libxl_ctx *ctx, uint32_t domid, struct bdf dev)
{
	if (fake_xs_number(0, BE "/num_devs", domid) == 0)
		return ERROR_FAIL;
	if (find_entry(domid, dev) >= 0)
		return 0;
	fake_xen_log(ctx, XTL_ERROR, 0,
		     "libxl_pci.c:1956:do_pci_remove: Domain %u:PCI device not attached to this "
		     "domain",
		     domid);
	return ERROR_INVAL;
}

/* With force it goes on after every error, even when the device is not the domain's. */
static int pci_remove(libxl_ctx *ctx, uint32_t domid, libxl_device_pci *pci, bool force)
{
	struct bdf dev = bdf_of(pci);
	struct fake_domain *d = fake_xen_domain(domid);
	struct fake_device *x = fake_xen_device(dev);
	char path[64];
	int rc = check_attached(ctx, domid, dev);

	if (!rc && d->type == LIBXL_DOMAIN_TYPE_HVM)
		rc = device_del(ctx, d, dev);
	if (rc && !force)
		return rc;
	reset(dev, domid);
	if (x->owner == domid)
		x->owner = OWNER_IO;
	else
		fake_xen_log(ctx, XTL_ERROR, ENODEV,
			     "libxl_pci.c:2196:pci_remove_detached: Domain %u:xc_deassign_device "
			     "failed",
			     domid);
	if (d)
		remove_xenstore(d, dev);
	node_path(path, dev, "domid");
	fake_xs_rm("%s", path);
	return 0;
}

int libxl_device_pci_remove(libxl_ctx *ctx, uint32_t domid, libxl_device_pci *pci,
			    const libxl_asyncop_how *ao_how UNUSED)
{
	fake_xen_called("remove");
	return pci_remove(ctx, domid, pci, false);
}

int libxl_device_pci_destroy(libxl_ctx *ctx, uint32_t domid, libxl_device_pci *pci,
			     const libxl_asyncop_how *ao_how UNUSED)
{
	fake_xen_called("destroy");
	return pci_remove(ctx, domid, pci, true);
}

/* Returns NULL when there is no device, and for every error, alike. */
libxl_device_pci *libxl_device_pci_list(libxl_ctx *ctx UNUSED, uint32_t domid, int *num)
{
	int n = (int)fake_xs_number(0, BE "/num_devs", domid);
	libxl_device_pci *v = n ? calloc((size_t)n, sizeof(*v)) : NULL;
	struct bdf dev;

	*num = n;
	for (int i = 0; i < n; i++) {
		const char *vdevfn = fake_xs_get(BE "/vdevfn-%d", domid, i);

		libxl_device_pci_init(&v[i]);
		if (!bdf_scan(&dev, fake_xs_get(BE "/dev-%d", domid, i)))
			continue;
		v[i].domain = (int)dev.domain;
		v[i].bus = dev.bus;
		v[i].dev = dev.dev;
		v[i].func = dev.fn;
		v[i].vdevfn = vdevfn ? (uint32_t)strtoul(vdevfn, NULL, 16) : 0;
	}
	return v;
}
