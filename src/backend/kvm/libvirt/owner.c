// SPDX-License-Identifier: GPL-2.0-or-later
#include "backend/kvm/libvirt/owner.h"

#include <string.h>

/* nova calls a domain by the server's UUID. Source: nova doc/source/admin/networking.rst. */
static int nova_fix(const struct virt_domain *d, int r, struct err *e)
{
	return err_fix(e, r,
		       "nova takes a free VF itself, run: openstack port create --network NETWORK "
		       "--vnic-type direct PORT; openstack server add port %s PORT; or give one "
		       "back: openstack server remove port %s PORT",
		       d->uuid, d->uuid);
}

static int ovirt_fix(const struct virt_domain *d, int r, struct err *e)
{
	return err_fix(
		e, r,
		"change it in its Administration Portal: Compute, Virtual Machines, %s, Host "
		"Devices",
		d->name);
}

/* Source: nova nova/virt/libvirt/config.py, NOVA_NS; vdsm lib/vdsm/virt/xmlconstants.py,
 * METADATA_VM_VDSM_URI. */
static const struct {
	const char *space; /* of its elements in <metadata> */
	const char *name;
	int (*fix)(const struct virt_domain *d, int r, struct err *e);
} owners[] = {
	{ "://openstack.org/xmlns/libvirt/nova", "OpenStack", nova_fix },
	{ "://ovirt.org/vm", "oVirt", ovirt_fix },
};

const char *virt_owner_of_metadata(const char *value)
{
	for (size_t i = 0; i < ARRAY_SIZE(owners); i++)
		if (strstr(value, owners[i].space))
			return owners[i].name;
	return NULL;
}

const char *virt_owner_called(const char *name)
{
	for (size_t i = 0; name && i < ARRAY_SIZE(owners); i++)
		if (!strcmp(owners[i].name, name))
			return owners[i].name;
	return NULL;
}

int virt_refuse_owned(const struct virt_domain *d, struct err *e)
{
	const char *name = d->live.owner ? d->live.owner : d->config.owner;

	for (size_t i = 0; name && i < ARRAY_SIZE(owners); i++) {
		if (owners[i].name != name)
			continue;
		err_refuse(e, EBUSY,
			   "%s runs domain %s, and a change behind its back would invalidate what "
			   "it knows of the domain",
			   name, d->name);
		return owners[i].fix(d, -EBUSY, e);
	}
	return 0;
}
