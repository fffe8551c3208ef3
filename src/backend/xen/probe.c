// SPDX-License-Identifier: GPL-2.0-or-later
/* Whether this host runs on Xen. This file is part of the program, and so does without libxl. */
#include <string.h>

#include "backend/backend.h"

/* /proc/xen/capabilities lists what this domain may do; control_d is the toolstack's domain.
 * Source: Linux drivers/xen/xenfs/super.c, capabilities_read(). */
static int probe(const struct host *h, struct err *e)
{
	char text[128];

	if (root_read(&h->root, text, sizeof(text), "sys/hypervisor/type") < 0 ||
	    strcmp(text, "xen") != 0)
		return err_fix(
			e, err_set(e, ENODEV, "this host does not run on Xen"),
			"choose the entry with Xen in the boot menu, or use --hypervisor kvm");
	if (root_read(&h->root, text, sizeof(text), "proc/xen/capabilities") < 0)
		return err_fix(e, err_set(e, ENODEV, "/proc/xen is not mounted"),
			       "run: mount -t xenfs xenfs /proc/xen");
	if (!strstr(text, "control_d"))
		return err_fix(e, err_set(e, ENODEV, "this is a Xen guest, not the control domain"),
			       "run vfyard in Dom0");
	return 0;
}

static bool is_likely(const struct host *h)
{
	char text[32];

	return root_exists(&h->root, "proc/xen") ||
	       (root_read(&h->root, text, sizeof(text), "sys/hypervisor/type") > 0 &&
		!strcmp(text, "xen"));
}

const struct hypervisor xen_hypervisor = {
	.name = "xen",
	.title = "Xen",
	.probe = probe,
	.is_likely = is_likely,
};
