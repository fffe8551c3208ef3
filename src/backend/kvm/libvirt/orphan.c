// SPDX-License-Identifier: GPL-2.0-or-later
/* What QEMU has, and libvirt does not know of: libvirtd was killed after QEMU had taken a device,
 * and before it wrote that down. At its next start it asks QEMU which of the devices that it knows
 * are left, not what else there is. Source: libvirt src/qemu/qemu_process.c,
 * qemuProcessReconnect(); seen with 9.0. */
#include "backend/kvm/group.h"
#include "backend/kvm/libvirt/guest.h"
#include "topology/ports.h"

bool virt_shares_group(const struct backend *b, const struct virt_definition *live, int32_t group)
{
	for (size_t i = 0; i < live->n_devs; i++)
		if (group_of(b->host, live->devs[i].host) == group)
			return true;
	return false;
}

static bool is_known(const struct backend *b, const struct guest *g, struct bdf dev)
{
	const struct virt_definition *live = &g->virt_domain->live;

	return virt_device_of(live, dev) || virt_shares_group(b, live, group_of(b->host, dev));
}

/* The kernel tells who has it open; where that is not seen there is nothing to say. libvirt is
 * asked anew, because it may have done meanwhile what it had not answered. */
static bool is_orphan(struct backend *b, const struct guest *g, struct bdf dev)
{
	struct vfio_users u;
	bool is_open;

	if (g->is_off || !g->pid || is_known(b, g, dev) ||
	    users_read_pid(&u, b->host, g->pid, NULL) < 0)
		return false;
	is_open = users_has(&u, group_of(b->host, dev), dev, g->pid);
	users_done(&u);
	return is_open && virt_refresh(g->virt, g->virt_domain, NULL) == 0 && !is_known(b, g, dev);
}

int virt_refuse_orphan(struct backend *b, const struct guest *g, struct vf_ref vf, struct err *e)
{
	char bdf[BDF_STRLEN], alias[PORTS_ALIAS_MAX], pf[BDF_STRLEN];
	const char *name = g->virt_domain->name;

	if (!is_orphan(b, g, vf_of(vf)->bdf))
		return 0;
	err_refuse(e, ESTALE,
		   "QEMU of domain %s has %s open, and libvirt does not know of it, as when it was "
		   "killed while it attached it",
		   name, bdf_str(bdf, vf_of(vf)->bdf));
	return err_fix(e, -ESTALE,
		       "let QEMU take it out, run: virsh qemu-monitor-command %s "
		       "'{\"execute\":\"device_del\",\"arguments\":{\"id\":\"%s\"}}'; or end the "
		       "domain",
		       name, ports_alias(alias, pf_label(pf, vf.pf), vf.index));
}
