// SPDX-License-Identifier: GPL-2.0-or-later
/* What xl pci-assignable-add recorded about a device. */
#include <string.h>

#include "backend/xen/xen.h"

/* The node has "/sys/bus/pci/drivers/igbvf". Source: Xen tools/libs/light/libxl_pci.c,
 * pci_assignable_driver_path_write(). */
int xen_previous_driver(struct backend *b, struct vf_ref vf, char ret[64], struct err *e)
{
	_cleanup_free_ char *path = NULL;
	const char *name;
	int r = xen_connect(b, e);

	/* The capture lacks xl's record. */
	ret[0] = '\0';
	if (r < 0)
		return r == -ENODATA ? 0 : r;
	path = xstore_device_read(b->xs, vf_of(vf)->bdf, NODE_DRIVER_PATH);
	name = path ? strrchr(path, '/') : NULL;
	name = name ? name + 1 : "";
	snprintf(ret, 64, "%s", strlen(name) < 64 && strcmp(name, PCIBACK) != 0 ? name : "");
	return 0;
}
