// SPDX-License-Identifier: GPL-2.0-or-later
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "engine/plan/mac_auto.h"
#include "host/net/netdev.h"
#include "host/net/addresses.h"
#include "host/inventory/pf_driver.h"
#include "engine/plan/desired_read.h"

/* The addresses that are taken: a tsearch() tree of heap copies. */
struct taken {
	void *tree;
	struct err *e;
};

static int cmp_mac(const void *a, const void *b)
{
	return mac_cmp(a, b);
}

static void taken_done(struct taken *t)
{
	tdestroy(t->tree, free);
}

/* Returns 1 when the address was taken already. */
static int take(struct taken *t, const uint8_t mac[MAC_LEN])
{
	uint8_t *copy;

	if (tfind(mac, &t->tree, cmp_mac))
		return 1;
	copy = malloc(MAC_LEN);
	if (copy)
		memcpy(copy, mac, MAC_LEN);
	if (copy && tsearch(copy, &t->tree, cmp_mac))
		return 0;
	free(copy);
	return err_set(t->e, ENOMEM, "out of memory");
}

static int take_netdev(void *arg, const struct netdev_mac *m)
{
	return m->is_vf ? 0 : take(arg, m->mac);
}

static bool is_auto(const struct desired_vf *v)
{
	return (v->want.given & VF_ATTR_MAC) && v->want.mac_auto;
}

static int take_given(struct taken *t, const struct desired *g)
{
	int r = 0;

	for (size_t p = 0; p < g->topo->n_pfs; p++)
		for (unsigned i = 0; r >= 0 && i < g->pfs[p]->n_vfs; i++)
			if ((g->vfs[p][i].want.given & VF_ATTR_MAC) && !is_auto(&g->vfs[p][i]))
				r = take(t, g->vfs[p][i].want.mac);
	return r;
}

int desired_pf_address(const struct host *h, const struct pf *pf, uint8_t ret[MAC_LEN],
		       struct err *e)
{
	if (!pf->netdev) {
		err_set(e, ENODATA,
			"mac=auto derives from the address of the PF's network device, which "
			"exists only while the PF has VFs");
		return err_fix(e, -ENODATA, "write mac= for each VF");
	}
	if (netdev_address(h, pf->netdev, ret))
		return 0;
	err_set(e, ENODATA, "mac=auto: network device %s has no hardware address", pf->netdev);
	return err_fix(e, -ENODATA, "write mac= for each VF");
}

#define SALTS 1000u

static int resolve(struct taken *t, struct desired_vf *v, const uint8_t pf_mac[MAC_LEN],
		   unsigned index)
{
	int r = 1;

	for (unsigned salt = 0; r == 1 && salt < SALTS; salt++) {
		mac_auto(pf_mac, index, salt, v->want.mac);
		r = take(t, v->want.mac);
	}
	v->want.mac_auto = false;
	return r == 1 ? err_set(t->e, EEXIST, "mac=auto: no address is free") : r;
}

static int resolve_pf(struct taken *t, struct desired *g, size_t p, const struct host *h)
{
	const struct pf *pf = g->pfs[p];
	char name[BDF_STRLEN];
	uint8_t mac[MAC_LEN] = { 0 };
	int r = 0;

	/* check reports a PF that has no netdev, or whose netdev has no such address. */
	if (!(pf_settable(h, pf) & VF_ATTR_MAC) || desired_pf_address(h, pf, mac, NULL) < 0)
		return 0;
	for (unsigned i = 0; r == 0 && i < pf->n_vfs; i++) {
		if (!is_auto(&g->vfs[p][i]))
			continue;
		r = resolve(t, &g->vfs[p][i], mac, i);
	}
	return err_at(r < 0 ? t->e : NULL, r, pf_label(name, pf), NULL);
}

int desired_resolve_macs(struct desired *g, const struct host *h, struct err *e)
{
	_cleanup_(taken_done) struct taken t = { .e = e };
	int r = take_given(&t, g);

	if (r >= 0)
		r = netdev_macs_each(h, take_netdev, &t);
	for (size_t p = 0; r >= 0 && p < g->topo->n_pfs; p++)
		r = resolve_pf(&t, g, p, h);
	return r < 0 ? r : 0;
}
