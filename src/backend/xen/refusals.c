// SPDX-License-Identifier: GPL-2.0-or-later
/* Reasons not to give a function to pciback. */
#include "backend/xen/xen.h"
#include "host/guard/guard.h"

/* Source: Xen SUPPORT.md, PCI passthrough: x86 only; Linux drivers/xen/Kconfig,
 * XEN_PCIDEV_BACKEND depends on X86. */
static int ask_machine(const struct refusal_ask *a, struct err *e)
{
	if (!host_is_arm(a->host))
		return 0;
	err_refuse(e, ENOTSUP,
		   "Xen on Arm gives guests no PCI function: neither its toolstack nor the "
		   "kernel's pciback can do it there");
	return err_fix(e, -ENOTSUP,
		       "boot this host without Xen and run the guests with KVM, which can");
}

static int ask_iommu(const struct refusal_ask *a, struct err *e)
{
	int r = xen_reach(a->backend, e);

	return r < 0 ? r : xen_iommu(a->backend, e);
}

/* libxl cuts off what is above four digits, and names another device to the hypervisor. Source: Xen
 * tools/libs/light/libxl_pci.c, pci_encode_bdf(). */
static int ask_segment(const struct refusal_ask *a, struct err *e)
{
	/* The segment is the PF's, even while the VF's address is not known yet. */
	if (a->vf.pf->bdf.domain <= 0xffff)
		return 0;
	return err_fix(
		e, err_refuse(e, ENOTSUP, "Xen addresses PCI segments 0000 to ffff only"),
		"give guests a device of another segment; if you switch Intel VMD off in the "
		"firmware, this device is in another one");
}

/* A captured tree may have none of these files, because they cannot be read; then the PF has none
 * either. */
static bool is_known(const struct refusal_ask *a)
{
	char buf[BDF_STRLEN];

	return !root_is_captured(&a->host->root) ||
	       root_exists(&a->host->root, "sys/bus/pci/devices/%s/reset",
			   bdf_str(buf, a->vf.pf->bdf));
}

/* libxl ignores a reset that failed or does not exist, so the next guest would get the state that
 * the last one left. */
static int ask_reset(const struct refusal_ask *a, struct err *e)
{
	char buf[BDF_STRLEN], label[VF_LABEL_MAX];

	bdf_str(buf, vf_of(a->vf)->bdf);
	if (root_exists(&a->host->root, "sys/bus/pci/devices/%s/reset", buf) || !is_known(a) ||
	    guard_is_forced(a->host, vf_of(a->vf)->bdf, vf_label(label, a->vf)))
		return 0;
	return err_fix(e,
		       err_refuse(e, ENOTSUP,
				  "the kernel cannot reset it: a guest would get what the last one "
				  "left in it"),
		       "if that is fine, add --force %s", buf);
}

const struct refusal xen_refusals[] = {
	{ "machine", REFUSAL_OF_HOST, false, ask_machine },
	{ "iommu", REFUSAL_OF_HOST, true, ask_iommu },
	{ "segment", REFUSAL_OF_ADDRESS, false, ask_segment },
	{ "reset", REFUSAL_OF_DEVICE, false, ask_reset },
	{ 0 },
};
