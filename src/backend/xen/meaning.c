// SPDX-License-Identifier: GPL-2.0-or-later
#include "backend/xen/meaning.h"

int xen_meaning(enum domain_type type, const struct dev_options *o, struct err *e)
{
	/* Source: Linux drivers/xen/xen-pciback/vpci.c, __xen_pcibk_add_pci_dev(). */
	if (o->vslot > 0 && type != DOMAIN_HVM)
		return err_set(e, ENOTSUP,
			       "vslot has no effect in a PV domain: pciback places devices itself");
	/* Source: Xen tools/libs/light/libxl_pci.c: kept for qemu-traditional only. */
	if (o->msitranslate == 1 || o->power_mgmt == 1)
		return err_set(e, ENOTSUP,
			       "%s has no effect: the device model of today does not know it",
			       o->msitranslate == 1 ? "msitranslate" : "power_mgmt");
	if (o->seize == 1)
		return err_set(e, ENOTSUP,
			       "seize has no effect: vfyard makes devices assignable itself");
	return 0;
}
