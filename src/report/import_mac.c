// SPDX-License-Identifier: GPL-2.0-or-later
/* Who has which address: of two that have one, check would refuse both. */
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "host/net/addresses.h"
#include "report/import_parts.h"

/* An address, and the function it is of; a device without one has none. */
struct owner {
	uint8_t mac[MAC_LEN];
	bool has_bdf;
	struct bdf bdf;
};

struct import_macs {
	struct owner *v; /* by address */
	size_t n;
	struct err *e;
};

static int push(struct import_macs *l, const struct owner *o)
{
	if (ARRAY_GROW(l->v, l->n) < 0)
		return err_set(l->e, ENOMEM, "out of memory");
	l->v[l->n++] = *o;
	return 0;
}

static int add_netdev(void *arg, const struct netdev_mac *m)
{
	struct owner o = { .has_bdf = m->has_bdf, .bdf = m->bdf };

	memcpy(o.mac, m->mac, MAC_LEN);
	return push(arg, &o);
}

static int add_vfs(struct import_macs *l, const struct pf *pf)
{
	int r = 0;

	for (unsigned i = 0; r == 0 && pf->attrs && i < pf->numvfs; i++) {
		const struct vf_attrs *a = &pf->attrs[i];
		struct owner o = { .has_bdf = true, .bdf = pf->vfs[i].bdf };

		memcpy(o.mac, a->mac, MAC_LEN);
		if ((a->given & VF_ATTR_MAC) && !mac_is_zero(o.mac))
			r = push(l, &o);
	}
	return r;
}

static int by_mac(const void *a, const void *b)
{
	return mac_cmp(((const struct owner *)a)->mac, ((const struct owner *)b)->mac);
}

int import_macs_read(struct import_macs **ret, const struct importing *im, struct err *e)
{
	struct import_macs *l = calloc(1, sizeof(*l));
	int r;

	if (!l)
		return err_set(e, ENOMEM, "out of memory");
	l->e = e;
	r = netdev_macs_each(&im->s->host, add_netdev, l);
	for (size_t i = 0; r == 0 && i < im->inv->n_pfs; i++)
		r = add_vfs(l, &im->inv->pfs[i]);
	if (r < 0) {
		import_macs_free(l);
		return r;
	}
	if (l->n)
		qsort(l->v, l->n, sizeof(*l->v), by_mac);
	*ret = l;
	return 0;
}

void import_macs_free(struct import_macs *l)
{
	if (l)
		free(l->v);
	free(l);
}

static int mac_order(const void *element, const void *key)
{
	return mac_cmp(((const struct owner *)element)->mac, key);
}

bool import_mac_is_own(const struct import_macs *l, const uint8_t mac[MAC_LEN], struct bdf vf)
{
	size_t i = array_lower_bound(l->v, l->n, sizeof(*l->v), mac_order, mac);

	for (; i < l->n && !mac_cmp(l->v[i].mac, mac); i++)
		if (!l->v[i].has_bdf || bdf_cmp(l->v[i].bdf, vf) != 0)
			return false;
	return true;
}
