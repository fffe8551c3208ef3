// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/inventory/pf_driver.h"

#include <net/if.h>
#include <net/if_arp.h>
#include <string.h>

/*
 * Sources in Linux drivers/: net/ethernet/broadcom/bnxt/bnxt_sriov.c, bnxt_sriov_configure() (down:
 * returns 0, which is success); bnx2x/bnx2x_sriov.c, bnx2x_sriov_configure() (down: EINVAL);
 * crypto/intel/qat/qat_common/adf_sriov.c, adf_enable_sriov() (enables totalvfs);
 * net/ethernet/mellanox/mlx4/main.c, num_vfs, and no sriov_configure in its struct pci_driver, as
 * in cisco/enic/enic_main.c; gpu/drm/i915 has none either, the builds that have one have the
 * parameter max_vfs; gpu/drm/xe/xe_pci_sriov.c and xe_module.c, max_vfs;
 * net/ethernet/chelsio/cxgb4/cxgb4_main.c, cxgb4_iov_configure() (mgmtpf%d,%d comes with the first
 * VF). igb and ixgbe as Intel ships them, outside the kernel's tree: README, max_vfs.
 */
static const struct pf_driver drivers[] = {
	{ "420xx", PF_ALL_OR_NONE | PF_FIXED_LIMIT, NULL, NULL, NULL, NULL },
	{ "4xxx", PF_ALL_OR_NONE | PF_FIXED_LIMIT, NULL, NULL, NULL, NULL },
	{ "6xxx", PF_ALL_OR_NONE | PF_FIXED_LIMIT, NULL, NULL, NULL, NULL },
	{ "be2net", 0, "num_vfs", "be2net", NULL, NULL },
	{ "bnx2x", PF_NEEDS_UP, "num_vfs", "bnx2x", NULL, NULL },
	{ "bnxt_en", PF_NEEDS_UP, NULL, "bnxt_en", NULL, "its firmware, in NVRAM," },
	{ "c3xxx", PF_ALL_OR_NONE | PF_FIXED_LIMIT, NULL, "c3xxxvf", "qat_c3xxxvf", NULL },
	{ "c6xx", PF_ALL_OR_NONE | PF_FIXED_LIMIT, NULL, "c6xxvf", "qat_c62xvf", NULL },
	{ "cxgb4", PF_LATE_NETDEV, NULL, "cxgb4vf", NULL, NULL },
	{ "dh895xcc", PF_ALL_OR_NONE | PF_FIXED_LIMIT, NULL, "dh895xccvf", "qat_dh895xccvf", NULL },
	{ "enic", PF_NO_VFS, NULL, "enic", NULL, NULL },
	{ "fm10k", 0, NULL, "fm10k", NULL, NULL },
	{ "hinic", 0, NULL, "hinic", NULL, NULL },
	{ "hns3", 0, NULL, "hns3", NULL, NULL },
	{ "i40e", 0, NULL, "iavf", NULL, NULL },
	{ "i915", PF_IF_PARAMETER, "max_vfs", "i915", NULL, "the parameter i915.max_vfs" },
	{ "ice", 0, NULL, "iavf", NULL, NULL },
	{ "igb", PF_FIXED_LIMIT | PF_PORTS_AT_LOAD, "max_vfs", "igbvf", NULL, NULL },
	{ "ixgbe", PF_FIXED_LIMIT | PF_PORTS_AT_LOAD, "max_vfs", "ixgbevf", NULL, NULL },
	{ "liquidio", 0, NULL, "liquidio_vf", NULL, NULL },
	{ "mlx4_core", PF_AT_LOAD, "num_vfs", "mlx4_core", NULL, "its firmware (NUM_OF_VFS)" },
	{ "mlx5_core", 0, NULL, "mlx5_core", NULL, "its firmware (mstconfig, NUM_OF_VFS)" },
	{ "nfp", 0, NULL, "nfp_netvf", "nfp", "its firmware" },
	{ "nouveau", PF_NO_VFS, NULL, NULL, NULL, NULL },
	{ "nvme", 0, NULL, "nvme", NULL, NULL },
	{ "qede", 0, NULL, "qede", NULL, NULL },
	{ "qlcnic", 0, NULL, "qlcnic", NULL, NULL },
	{ "sfc", 0, NULL, "sfc", NULL, "its firmware" },
	{ "xe", 0, "max_vfs", "xe", NULL, "the parameter xe.max_vfs" },
};

const struct pf_driver *pf_driver_find(const char *name)
{
	static const struct pf_driver plain = { .name = "" };

	for (size_t i = 0; name && i < ARRAY_SIZE(drivers); i++)
		if (!strcmp(drivers[i].name, name))
			return &drivers[i];
	return &plain;
}

int pf_is_up(const struct host *h, const struct pf *pf)
{
	uint64_t flags;

	if (!pf->netdev ||
	    root_read_u64(&h->root, &flags, "sys/class/net/%s/flags", pf->netdev) < 0)
		return UNKNOWN;
	return (flags & IFF_UP) != 0;
}

unsigned pf_settable(const struct host *h, const struct pf *pf)
{
	uint64_t type = ARPHRD_ETHER;

	if (pf->netdev)
		root_read_u64(&h->root, &type, "sys/class/net/%s/type", pf->netdev);
	if (type == ARPHRD_INFINIBAND)
		return VF_ATTR_LINK | VF_ATTR_GUIDS | VF_ATTR_DRIVER;
	return ((1u << VF_ATTR_N) - 1) & ~(unsigned)VF_ATTR_GUIDS;
}

static int needs_up(const struct pf *pf, struct err *e)
{
	err_refuse(e, ENETDOWN,
		   "driver %s changes the number of VFs only while network device %s is up, and it "
		   "is down",
		   pf->driver, pf->netdev);
	return err_fix(e, -ENETDOWN, "run: ip link set %s up; or write up=1 for this PF",
		       pf->netdev);
}

/* A kernel that lists the module's parameters without this one was built without SR-IOV for it. */
static bool lacks_parameter(const struct host *h, const struct pf_driver *d)
{
	return root_exists(&h->root, "sys/module/%s/parameters", d->name) &&
	       !root_exists(&h->root, "sys/module/%s/parameters/%s", d->name, d->parameter);
}

static int makes_none(const struct pf *pf, const char *build, struct err *e)
{
	err_refuse(e, ENOENT, "driver %s%s makes no VFs", pf->driver, build);
	return err_fix(e, -ENOENT, "bind the PF to a driver that does, or see the vendor's way");
}

static int all_or_none(const struct pf *pf, unsigned n, struct err *e)
{
	err_refuse(e, EINVAL, "numvfs=%u, but driver %s makes all %u VFs or none", n, pf->driver,
		   pf->totalvfs);
	return err_fix(e, -EINVAL, "write numvfs=%u, or numvfs=0", pf->totalvfs);
}

int pf_driver_can_have(const struct pf *pf, unsigned n, struct err *e)
{
	if (n > pf->totalvfs) {
		err_refuse(e, ERANGE, "numvfs=%u, but the device can have %u", n, pf->totalvfs);
		return pf_driver_fix_limit(pf, -ERANGE, e);
	}
	if (n && pf_driver_has(pf, PF_NO_VFS))
		return makes_none(pf, "", e);
	if (n && n != pf->totalvfs && pf_driver_has(pf, PF_ALL_OR_NONE))
		return all_or_none(pf, n, e);
	return 0;
}

int pf_driver_may_change(const struct host *h, const struct pf *pf, unsigned n, bool brings_up,
			 struct err *e)
{
	const struct pf_driver *d = pf_driver_find(pf->driver);

	if (d->quirks & PF_NO_VFS)
		return makes_none(pf, "", e);
	if ((d->quirks & PF_IF_PARAMETER) && lacks_parameter(h, d))
		return makes_none(pf, " of this kernel", e);
	if (d->quirks & PF_AT_LOAD) {
		err_refuse(e, ENOENT,
			   "driver %s makes VFs only when it is loaded, with %s=%u, and has made "
			   "%u",
			   pf->driver, d->parameter, n, pf->numvfs);
		return err_fix(e, -ENOENT,
			       "run: vfyard render modprobe > /etc/modprobe.d/vfyard.conf; "
			       "update-initramfs -u; and reboot");
	}
	if ((d->quirks & PF_ALL_OR_NONE) && n && n != pf->totalvfs)
		return all_or_none(pf, n, e);
	if ((d->quirks & PF_NEEDS_UP) && !brings_up && pf_is_up(h, pf) == 0)
		return needs_up(pf, e);
	return 0;
}

int pf_driver_fix_limit(const struct pf *pf, int r, struct err *e)
{
	const struct pf_driver *d = pf_driver_find(pf->driver);

	if (!pf->totalvfs && !d->limit)
		return err_fix(e, r,
			       "enable SR-IOV in the firmware of the device or of the machine");
	if (!pf->totalvfs)
		return err_fix(e, r, "enable SR-IOV in the machine's firmware; %s sets how many",
			       d->limit);
	if (d->quirks & PF_FIXED_LIMIT)
		return err_fix(e, r, "write numvfs=%u or less", pf->totalvfs);
	return err_fix(e, r, "write numvfs=%u or less; %s sets this limit, and may allow more",
		       pf->totalvfs, d->limit ? d->limit : "the device's firmware");
}
