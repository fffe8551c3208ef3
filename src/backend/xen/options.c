// SPDX-License-Identifier: GPL-2.0-or-later
#include "backend/xen/options.h"

#include <string.h>

static int8_t yes_no(const char *value)
{
	return !strcmp(value, "1");
}

void xen_options_parse(struct dev_options *ret, const char *text)
{
	char buf[256], *save = NULL;

	snprintf(buf, sizeof(buf), "%s", text);
	for (char *key = strtok_r(buf, ",", &save); key; key = strtok_r(NULL, ",", &save)) {
		char *value = strchr(key, '=');

		if (!value)
			continue;
		*value++ = '\0';
		if (!strcmp(key, "permissive"))
			ret->permissive = yes_no(value);
		else if (!strcmp(key, "msitranslate"))
			ret->msitranslate = yes_no(value);
		else if (!strcmp(key, "power_mgmt"))
			ret->power_mgmt = yes_no(value);
		else if (!strcmp(key, "rdm_policy"))
			ret->rdm_policy = !strcmp(value, "relaxed") ? RDM_RELAXED : RDM_STRICT;
	}
}

void xen_options_to_libxl(const struct dev_options *o, libxl_device_pci *ret)
{
	ret->permissive = o->permissive == 1;
	ret->msitranslate = o->msitranslate == 1;
	ret->power_mgmt = o->power_mgmt == 1;
	if (o->vslot > 0)
		ret->vdevfn = (uint32_t)o->vslot << 3;
	if (o->rdm_policy == RDM_RELAXED)
		ret->rdm_policy = LIBXL_RDM_RESERVE_POLICY_RELAXED;
	else
		ret->rdm_policy = LIBXL_RDM_RESERVE_POLICY_STRICT;
}

int xen_check_options(enum domain_type type, const struct dev_options *o, struct err *e)
{
	/* Source: Linux drivers/xen/xen-pciback/vpci.c, __xen_pcibk_add_pci_dev(). */
	if (o->vslot > 0 && type != DOMAIN_HVM)
		return err_set(
			e, ENOTSUP,
			"vslot has no effect in a PV domain because pciback places devices itself");
	/* Source: Xen tools/libs/light/libxl_pci.c, libxl__qemu_trad_attach() (until 4.20);
	 * CHANGELOG.md of 4.21. */
	if (o->msitranslate == 1 || o->power_mgmt == 1)
		return err_set(
			e, ENOTSUP,
			"%s no effect because QEMU does not know %s, and qemu-traditional, which "
			"did, left Xen with 4.21",
			o->msitranslate != 1 ? "power_mgmt has"
			: o->power_mgmt != 1 ? "msitranslate has"
					     : "msitranslate and power_mgmt have",
			o->msitranslate == 1 && o->power_mgmt == 1 ? "them" : "it");
	if (o->seize == 1)
		return err_set(
			e, ENOTSUP,
			"seize has no effect because vfyard makes devices assignable itself");
	return 0;
}
