// SPDX-License-Identifier: GPL-2.0-or-later
/* Devices that pciback takes when it is loaded. */
#include "backend/xen/xen.h"

#include "core/hide_list.h"

int xen_boot(const struct host *h, struct err *e)
{
	char line[4096], hide[4096];
	int r;

	if (root_read(&h->root, line, sizeof(line), "proc/cmdline") <= 0 ||
	    !hide_list_of_line(line, "xen-pciback", hide, sizeof(hide)))
		return 0;
	r = hide_list_check(hide, e);
	if (r == 0)
		return 0;
	return err_fix(e, r,
		       "set it right in GRUB's files, run update-grub and reboot; until then: "
		       "modprobe xen-pciback hide=");
}
