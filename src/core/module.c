// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/module.h"

#include <string.h>

#include "core/inventory.h"

bool module_of_driver(const struct host *h, const char *driver, char ret[MODULE_NAME_MAX])
{
	return root_link_name(&h->root, ret, MODULE_NAME_MAX, "sys/bus/pci/drivers/%s/module",
			      driver) >= 0;
}

int module_is_foreign(const struct host *h, const char *module)
{
	char taint[32];

	if (root_read(&h->root, taint, sizeof(taint), "sys/module/%s/taint", module) < 0)
		return UNKNOWN;
	return strchr(taint, 'O') != NULL;
}
