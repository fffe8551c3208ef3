// SPDX-License-Identifier: GPL-2.0-or-later
#include "backend/xen/meaning.h"

int xen_meaning(enum domain_type type, const struct dev_options *o, struct err *e)
{
	/* Source: Linux drivers/xen/xen-pciback/vpci.c, __xen_pcibk_add_pci_dev(). */
	if (o->vslot > 0 && type != DOMAIN_HVM)
		return err_set(e, ENOTSUP,
			       "vslot has no effect in a PV domain: pciback places devices itself");
	/* Source: Xen tools/libs/light/libxl_pci.c, libxl__qemu_trad_attach() (until 4.20);
	 * CHANGELOG.md of 4.21. */
	if (o->msitranslate == 1 || o->power_mgmt == 1)
		return err_set(e, ENOTSUP,
			       "%s no effect: QEMU does not know %s, and qemu-traditional, which "
			       "did, left Xen with 4.21",
			       o->msitranslate != 1 ? "power_mgmt has"
			       : o->power_mgmt != 1 ? "msitranslate has"
						    : "msitranslate and power_mgmt have",
			       o->msitranslate == 1 && o->power_mgmt == 1 ? "them" : "it");
	if (o->seize == 1)
		return err_set(e, ENOTSUP,
			       "seize has no effect: vfyard makes devices assignable itself");
	return 0;
}
