// SPDX-License-Identifier: GPL-2.0-or-later
/* A whole PF that vfio-pci holds, so that a program drives it. */
#include <string.h>

#include "backend/kvm/kvm.h"

/* vfio-pci makes VFs of a PF that it holds only if it was told to. Source: Linux
 * drivers/vfio/pci/vfio_pci.c, vfio_pci_sriov_configure(). */
static bool makes_vfs(const struct host *h)
{
	char text[8];

	return root_read(&h->root, text, sizeof(text),
			 "sys/module/vfio_pci/parameters/enable_sriov") > 0 &&
	       (text[0] == 'Y' || text[0] == '1');
}

/* Who has it, and whether it has an override, the command finds out. */
int kvm_pf_held(const struct host *h, struct bdf pf, struct err *e)
{
	char bdf[BDF_STRLEN];

	if (makes_vfs(h))
		return 0;
	bdf_str(bdf, pf);
	err_refuse(e, EBUSY, "the PF itself is held by " VFIO_PCI ", so it cannot make VFs");
	return err_fix(e, -EBUSY,
		       "when no program or guest uses it, give it back, run: vfyard "
		       "pci-assignable-remove -r %s",
		       bdf);
}
