// SPDX-License-Identifier: GPL-2.0-or-later
/* Whether this host has guests that get devices through VFIO. This file is part of the program. */
#include <string.h>

#include "backend/kvm/kvm.h"

static bool has_groups(const struct host *h)
{
	_cleanup_dir_ DIR *dir = root_opendir(&h->root, "sys/kernel/iommu_groups");
	struct dirent *d;

	while (dir && (d = readdir(dir)))
		if (d->d_name[0] != '.')
			return true;
	return false;
}

/* VFIO needs an IOMMU, not KVM; but a host with neither KVM nor a VFIO driver does not run guests.
 * Whether the driver is loaded already is checked by those who need it. */
static int probe(const struct host *h, struct err *e)
{
	char text[32];
	bool has_driver = root_exists(&h->root, PCI_DRIVERS "/" VFIO_PCI);

	if (root_read(&h->root, text, sizeof(text), "sys/hypervisor/type") > 0 &&
	    !strcmp(text, "xen"))
		return err_fix(e, err_set(e, ENODEV, "this host runs on Xen, not KVM"),
			       "use --hypervisor xen");
	if (!has_groups(h))
		return kvm_iommu_fix(h, err_set(e, ENODEV, "the kernel uses no IOMMU"), e);
	if (has_driver || root_exists(&h->root, "dev/kvm") ||
	    root_exists(&h->root, "sys/module/kvm"))
		return 0;
	return err_fix(e, err_set(e, ENODEV, "neither KVM nor " VFIO_PCI " is loaded"),
		       "run: modprobe " VFIO_PCI);
}

const struct hypervisor kvm_hypervisor = {
	.name = "kvm",
	.title = "KVM",
	.probe = probe,
};
