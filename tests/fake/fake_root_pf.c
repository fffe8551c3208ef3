// SPDX-License-Identifier: GPL-2.0-or-later
/* A PF and its VFs, and other functions, as Linux drivers/pci/iov.c and pci-sysfs.c lay them out.
 */
#include "fake_root.h"

#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/bdf.h"

/* The emulated NIC of the labs. */
#define PF_ID	 "10c9"
#define VF_ID	 "10ca"
#define OTHER_ID "1234"

static void add(struct fake_root *f, const char *fmt, ...) PRINTF_LIKE(2, 3);

static void add(struct fake_root *f, const char *fmt, ...)
{
	char line[2 * PATH_MAX];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	fake_root_add(f, line);
}

/* @dir is "devices/pciDDDD:BB/BDF", without "sys/". */
static void add_driver(struct fake_root *f, const char *dir, const char *bdf, const char *driver)
{
	if (!driver)
		return;
	if (!root_exists(&f->host.root, "sys/bus/pci/drivers/%s/bind", driver)) {
		add(f, "sys/bus/pci/drivers/%s/bind=", driver);
		add(f, "sys/bus/pci/drivers/%s/unbind=", driver);
	}
	add(f, "sys/%s/driver -> ../../../bus/pci/drivers/%s", dir, driver);
	add(f, "sys/bus/pci/drivers/%s/%s -> ../../../../%s", driver, bdf, dir);
}

static void add_group(struct fake_root *f, const char *dir, const char *bdf, int group)
{
	add(f, "sys/%s/iommu_group -> ../../../kernel/iommu_groups/%d", dir, group);
	add(f, "sys/kernel/iommu_groups/%d/type=DMA", group);
	add(f, "sys/kernel/iommu_groups/%d/devices/%s -> ../../../../%s", group, bdf, dir);
}

static void add_function(struct fake_root *f, const char *dir, const char *bdf, const char *id,
			 const char *driver, int group)
{
	add(f, "sys/%s/vendor=0x8086", dir);
	add(f, "sys/%s/device=0x%s", dir, id);
	add(f, "sys/%s/class=0x020000", dir);
	add(f, "sys/%s/numa_node=-1", dir);
	add(f, "sys/%s/driver_override=(null)", dir);
	add(f, "sys/%s/subsystem -> ../../../bus/pci", dir);
	add(f, "sys/bus/pci/devices/%s -> ../../../%s", bdf, dir);
	add_driver(f, dir, bdf, driver);
	if (group >= 0)
		add_group(f, dir, bdf, group);
}

static void add_netdev(struct fake_root *f, const char *dir, struct bdf at, const char *netdev)
{
	add(f, "sys/%s/net/%s/address=02:00:00:00:%02x:%02x", dir, netdev, at.bus,
	    at.dev << 3 | at.fn);
	add(f, "sys/%s/net/%s/operstate=up", dir, netdev);
	add(f, "sys/%s/net/%s/device -> ../../../%s", dir, netdev, strrchr(dir, '/') + 1);
	add(f, "sys/class/net/%s -> ../../%s/net/%s", netdev, dir, netdev);
}

static void add_pf_attributes(struct fake_root *f, const char *dir, const struct fake_pf *pf)
{
	add(f, "sys/%s/sriov_totalvfs=%u", dir, pf->totalvfs);
	add(f, "sys/%s/sriov_numvfs=%u", dir, pf->numvfs);
	add(f, "sys/%s/sriov_offset=%u", dir, pf->offset);
	add(f, "sys/%s/sriov_stride=%u", dir, pf->stride);
	add(f, "sys/%s/sriov_vf_device=%s", dir, VF_ID);
	add(f, "sys/%s/sriov_drivers_autoprobe=1", dir);
}

void fake_root_add_pf(struct fake_root *f, const struct fake_pf *pf)
{
	char bus[64], dir[128], pf_dir[128], name[BDF_STRLEN];
	struct err e = { 0 };
	struct bdf at;

	if (bdf_parse(&at, pf->bdf, &e) < 0) {
		err_print(&e, stderr);
		abort();
	}
	bdf_str(name, at);
	snprintf(bus, sizeof(bus), "devices/pci%04x:%02x", at.domain, at.bus);
	snprintf(pf_dir, sizeof(pf_dir), "%s/%s", bus, name);
	if (!root_exists(&f->host.root, "sys/bus/pci/drivers_probe"))
		add(f, "sys/bus/pci/drivers_probe=");
	add_function(f, pf_dir, name, PF_ID, pf->driver, pf->first_group);
	add_pf_attributes(f, pf_dir, pf);
	if (pf->netdev)
		add_netdev(f, pf_dir, at, pf->netdev);
	for (unsigned i = 0; i < pf->numvfs; i++) {
		char vf[BDF_STRLEN];

		bdf_str(vf, bdf_vf(at, pf->offset, pf->stride, i));
		snprintf(dir, sizeof(dir), "%s/%s", bus, vf);
		add_function(f, dir, vf, VF_ID, pf->vf_driver,
			     pf->first_group < 0 ? -1 : pf->first_group + 1 + (int)i);
		add(f, "sys/%s/physfn -> ../%s", dir, name);
		add(f, "sys/%s/virtfn%u -> ../%s", pf_dir, i, vf);
	}
}

void fake_root_add_function(struct fake_root *f, const struct fake_function *function)
{
	char dir[128], name[BDF_STRLEN];
	struct err e = { 0 };
	struct bdf at;

	if (bdf_parse(&at, function->bdf, &e) < 0) {
		err_print(&e, stderr);
		abort();
	}
	bdf_str(name, at);
	snprintf(dir, sizeof(dir), "devices/pci%04x:%02x/%s", at.domain, at.bus, name);
	if (!root_exists(&f->host.root, "sys/bus/pci/drivers_probe"))
		add(f, "sys/bus/pci/drivers_probe=");
	add_function(f, dir, name, OTHER_ID, function->driver,
		     function->group ? function->group : -1);
	add(f, "sys/%s/class=%s", dir, function->class);
	add(f, "sys/%s/reset=", dir);
}
