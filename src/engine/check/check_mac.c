// SPDX-License-Identifier: GPL-2.0-or-later
/* Hardware addresses: each may occur once among the topology's VFs and the host's network
 * devices. */
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "host/net/addresses.h"
#include "engine/check/check_parts.h"

/* An address and who has it: a VF of the topology, or a netdev of the host. */
struct holder {
	uint8_t mac[MAC_LEN];
	bool is_netdev;
	char netdev[16];
	bool has_bdf; /* the netdev's function */
	struct bdf bdf;
	size_t pf;
	unsigned index;
	struct loc loc;
};

struct holders {
	struct holder *v;
	size_t n;
};

static void holders_done(struct holders *l)
{
	free(l->v);
}

static int push(struct holders *l, const struct holder *x, struct err *e)
{
	if (ARRAY_GROW(l->v, l->n) < 0)
		return err_set(e, ENOMEM, "out of memory");
	l->v[l->n++] = *x;
	return 0;
}

static bool has_mac(struct vf_attrs a)
{
	return (a.given & VF_ATTR_MAC) && !a.mac_auto;
}

/* The value tells which line a VF's address came from; when two lines give one VF the same value,
 * they count as one. */
static int add_line(const struct check *c, const struct topo_vf *line, struct holders *l,
		    struct err *e)
{
	unsigned end = wanted_end(c->topo, c->pfs, &line->range);
	struct holder x = { .pf = line->range.pf, .loc = line->attr_loc[0] };
	int r = 0;

	if (!has_mac(line->attrs))
		return 0;
	if (!x.loc.line)
		x.loc = line->loc;
	memcpy(x.mac, line->attrs.mac, sizeof(x.mac));
	for (x.index = line->range.all ? 0 : line->range.first; x.index < end && r == 0;
	     x.index++) {
		struct vf_attrs a = topology_attrs(c->topo, x.pf, x.index);

		if (has_mac(a) && !mac_cmp(a.mac, x.mac))
			r = push(l, &x, e);
	}
	return r;
}

/* Where the netdevs of the host are added. */
struct adding {
	struct holders *l;
	struct err *e;
};

static int add_netdev(void *arg, const struct netdev_mac *m)
{
	struct holder x = { .is_netdev = true, .has_bdf = m->has_bdf, .bdf = m->bdf };
	struct adding *a = arg;

	if (strlen(m->netdev) >= sizeof(x.netdev))
		return 0;
	memcpy(x.netdev, m->netdev, strlen(m->netdev) + 1);
	memcpy(x.mac, m->mac, sizeof(x.mac));
	return push(a->l, &x, a->e);
}

static int by_mac(const void *a, const void *b)
{
	const struct holder *x = a, *y = b;
	int d = mac_cmp(x->mac, y->mac);

	if (d)
		return d;
	if (x->is_netdev != y->is_netdev)
		return x->is_netdev ? -1 : 1;
	if (x->is_netdev)
		return strcmp(x->netdev, y->netdev);
	if (x->pf != y->pf)
		return x->pf < y->pf ? -1 : 1;
	return x->index < y->index ? -1 : x->index > y->index;
}

/* A VF's own netdev has the VF's address, and two lines may say the same about one VF. */
static bool is_same(const struct check *c, const struct holder *first, const struct holder *vf)
{
	struct bdf bdf;

	if (first->is_netdev)
		return first->has_bdf && wanted_bdf(c->pfs[vf->pf], vf->index, &bdf) &&
		       bdf_cmp(first->bdf, bdf) == 0;
	return first->pf == vf->pf && first->index == vf->index;
}

static void report(struct check *c, const struct holder *first, const struct holder *vf)
{
	char label[WANTED_LABEL_MAX], other[WANTED_LABEL_MAX];
	char mac[MAC_STRLEN];
	struct err *e;

	if (first->is_netdev)
		snprintf(other, sizeof(other), "network device %s", first->netdev);
	else
		wanted_label(other, c->topo, first->pf, first->index);
	e = check_error(c, vf->loc, wanted_label(label, c->topo, vf->pf, vf->index),
			"mac %s is also that of %s", mac_str(mac, vf->mac), other);
	err_fix(e, 0, "write another address, or mac=auto");
}

int check_macs(struct check *c, struct err *e)
{
	_cleanup_(holders_done) struct holders l = { 0 };
	size_t first = 0;
	int r = 0;

	for (size_t i = 0; i < c->topo->n_vfs && r == 0; i++)
		r = add_line(c, &c->topo->vfs[i], &l, e);
	if (r < 0 || !l.n)
		return r;
	r = netdev_macs_each(c->host, add_netdev, &(struct adding){ &l, e });
	if (r < 0)
		return r;
	qsort(l.v, l.n, sizeof(*l.v), by_mac);
	for (size_t i = 1; i < l.n; i++) {
		if (mac_cmp(l.v[i].mac, l.v[first].mac))
			first = i;
		else if (!l.v[i].is_netdev && !is_same(c, &l.v[first], &l.v[i]))
			report(c, &l.v[first], &l.v[i]);
	}
	return 0;
}
