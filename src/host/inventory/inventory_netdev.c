// SPDX-License-Identifier: GPL-2.0-or-later
/* Looks up names of network devices among the PFs and VFs of an inventory. */
#include <string.h>

#include "host/inventory/inventory.h"
#include "host/net/netdev.h"

static const struct pf_netdev *find_port(const struct inventory *inv, const char *name)
{
	for (size_t i = 0; i < inv->n_netdevs; i++)
		if (!strcmp(inv->netdevs[i].name, name))
			return &inv->netdevs[i];
	return NULL;
}

struct pf *inventory_find_pf_netdev(const struct inventory *inv, const char *netdev)
{
	const struct pf_netdev *port = find_port(inv, netdev);

	if (port)
		return port->kind == NETDEV_REPRESENTOR ? NULL : &inv->pfs[port->pf];
	for (size_t i = 0; i < inv->n_pfs; i++)
		if (inv->pfs[i].netdev && !strcmp(inv->pfs[i].netdev, netdev))
			return &inv->pfs[i];
	return NULL;
}

static bool find_name(const struct inventory *inv, const struct host *h, const char *name,
		      struct netdev_owner *ret)
{
	const struct pf_netdev *port = find_port(inv, name);
	struct pf *pf = port ? &inv->pfs[port->pf] : inventory_find_pf_netdev(inv, name);
	struct vf_ref vf;
	struct bdf bdf;

	if (pf) {
		*ret = (struct netdev_owner){ pf, port ? port->vf : -1,
					      port && port->kind == NETDEV_REPRESENTOR };
		return true;
	}
	if (!netdev_function(h, name, &bdf) || !inventory_find_vf(inv, bdf, &vf))
		return false;
	*ret = (struct netdev_owner){ vf.pf, (int)vf.index, false };
	return true;
}

bool inventory_find_netdev(const struct inventory *inv, const struct host *h, const char *word,
			   struct netdev_owner *ret)
{
	char name[IFNAMSIZ];

	if (find_name(inv, h, word, ret))
		return true;
	return netdev_of_altname(h, word, name) == 0 && find_name(inv, h, name, ret);
}

const char *netdev_owner_text(char buf[OWNER_TEXT_MAX], const struct netdev_owner *o)
{
	char bdf[BDF_STRLEN];
	const char *pf = pf_label(bdf, o->pf);

	if (o->vf < 0)
		snprintf(buf, OWNER_TEXT_MAX, "a representor of %.64s", pf);
	else
		snprintf(buf, OWNER_TEXT_MAX, "%sVF %d of %.64s",
			 o->is_representor ? "the representor of " : "", o->vf, pf);
	return buf;
}
