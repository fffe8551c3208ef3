// SPDX-License-Identifier: GPL-2.0-or-later
/* A file for /etc/modprobe.d: which driver comes first. */
#include <string.h>

#include "render/hide.h"

/* Drivers of VFs by the driver of their PF, for VFs that are not there yet or are held already. */
static const struct {
	const char *pf, *vf;
} vf_drivers[] = {
	{ "igb", "igbvf" },
	{ "ixgbe", "ixgbevf" },
	{ "i40e", "iavf" },
	{ "ice", "iavf" },
	{ "fm10k", "fm10k" },
	{ "mlx4_core", "mlx4_core" },
	{ "mlx5_core", "mlx5_core" },
	{ "bnx2x", "bnx2x" },
	{ "bnxt_en", "bnxt_en" },
	{ "be2net", "be2net" },
	{ "cxgb4", "cxgb4vf" },
	{ "qede", "qede" },
	{ "qlcnic", "qlcnic" },
	{ "sfc", "sfc" },
	{ "liquidio", "liquidio_vf" },
	{ "hns3", "hns3" },
	{ "hinic", "hinic" },
	{ "nvme", "nvme" },
};

/* These made VFs with the module parameter max_vfs before Linux 3.8 had sriov_numvfs; their
 * out-of-tree builds still do. */
static const char *const max_vfs_drivers[] = { "igb", "ixgbe" };

static bool is_holder(const char *driver)
{
	return !strcmp(driver, "pciback") || !strcmp(driver, "vfio-pci");
}

/* Seen on a VF, else known by the PF's driver; NULL when neither. */
static const char *vf_driver_of(const struct pf *pf)
{
	for (unsigned i = 0; i < pf->n_vfs; i++)
		if (pf->vfs[i].driver && !is_holder(pf->vfs[i].driver))
			return pf->vfs[i].driver;
	for (size_t i = 0; pf->driver && i < ARRAY_SIZE(vf_drivers); i++)
		if (!strcmp(vf_drivers[i].pf, pf->driver))
			return vf_drivers[i].vf;
	return NULL;
}

/* modprobe takes one softdep line a module; the first of them counts. */
static bool was_printed(const struct render_in *in, const struct hide *h, size_t before,
			const char *driver)
{
	for (size_t i = 0; i < before; i++) {
		const char *d = hide_has_pf(h, i) ? vf_driver_of(in->pfs[i]) : NULL;

		if (d && !strcmp(d, driver))
			return true;
	}
	return false;
}

static void print_softdeps(const struct render_in *in, const struct hide *h, const char *holders,
			   FILE *out)
{
	for (size_t i = 0; i < in->topo->n_pfs; i++) {
		const char *driver;

		if (!hide_has_pf(h, i))
			continue;
		driver = vf_driver_of(in->pfs[i]);
		if (!driver) {
			fputs("# The driver of the VFs of ", out);
			render_text(in->topo->pfs[i].name, out);
			fprintf(out, " is not known here; write: softdep DRIVER pre: %s\n",
				holders);
		} else if (!was_printed(in, h, i, driver)) {
			fprintf(out, "softdep %s pre: %s\n", driver, holders);
		}
	}
}

static void print_max_vfs(const struct render_in *in, const struct hide *h, const char *driver,
			  FILE *out)
{
	for (size_t i = 0; i < in->topo->n_pfs; i++) {
		const struct pf *pf = in->pfs[i];

		if (!pf || !pf->driver || strcmp(pf->driver, driver) != 0 || !hide_has_pf(h, i))
			continue;
		fprintf(out,
			"# %s without sriov_numvfs (before Linux 3.8, or built out of tree) makes its "
			"VFs only when\n# it is loaded, out of vfyard's reach: options %s "
			"max_vfs=%u\n",
			driver, driver, topology_numvfs(&in->topo->pfs[i], pf));
		return;
	}
}

static void print_head(const struct render_in *in, FILE *out)
{
	fputs("# /etc/modprobe.d/vfyard.conf, by vfyard render modprobe from ", out);
	render_text(in->topo->file, out);
	fputs("\n# Put this output there and run update-initramfs -u.\n", out);
}

static int modprobe(const struct render_in *in, FILE *out, struct problems *notes UNUSED,
		    struct err *e)
{
	_cleanup_(hide_done) struct hide h = { 0 };
	bool xen = render_is_for(in, TOPO_XEN), kvm = render_is_for(in, TOPO_KVM);
	int r = hide_make(in, &h, e);

	if (r == 0 && xen)
		r = hide_check(in, &h, e);
	if (r < 0)
		return r;
	print_head(in, out);
	if (!h.n_vfs) {
		fputs("# No VF is given to a domain or has driver=assign: nothing to hold.\n", out);
		return 0;
	}
	if (xen) {
		fputs("# Xen: ", out);
		hide_print_summary(&h, in->topo, out);
		fprintf(out,
			". Set hide= in one place only: here or on the command line.\n"
			"options xen-pciback hide=%s\n",
			h.value);
	}
	fputs("# The pass-through driver first, so that it is there when VFs appear.\n", out);
	print_softdeps(in, &h,
		       xen && kvm ? "xen-pciback vfio-pci"
		       : xen	  ? "xen-pciback"
				  : "vfio-pci",
		       out);
	for (size_t i = 0; i < ARRAY_SIZE(max_vfs_drivers); i++)
		print_max_vfs(in, &h, max_vfs_drivers[i], out);
	return 0;
}

const struct renderer render_modprobe = {
	.name = "modprobe",
	.help = "which driver comes first, for /etc/modprobe.d",
	.takes = RENDER_TAKES_COMPACT,
	.fn = modprobe,
};
