// SPDX-License-Identifier: GPL-2.0-or-later
/* Rules about what a VF has after precedence. Between two neighbouring places where some range
 * begins or ends, all VFs are alike, so only one VF of each such stretch is checked. */
#include "topology/build/build.h"

#include <limits.h>
#include <string.h>

#include "topology/index.h"

struct point {
	size_t pf;
	unsigned index;
};

static int by_point(const void *a, const void *b)
{
	const struct point *x = a, *y = b;

	if (x->pf != y->pf)
		return x->pf < y->pf ? -1 : 1;
	return (x->index > y->index) - (x->index < y->index);
}

/* What has been said about an entry; one sentence of each kind is enough. */
enum said {
	SAID_QOS = 1,
	SAID_PROTO = 2,
	SAID_RATE = 4,
	SAID_DRIVER = 8,
};

struct checker {
	struct topo_build *b;
	uint8_t *said; /* by entry */
	const struct topo_placed *placed;
	size_t n_placed, at; /* @at: the first that does not end before the current VF */
};

/* Finds where attribute @bit of this VF is given. Returns false when it was said there already. */
static bool say(struct checker *k, struct point p, unsigned bit, enum said what, struct loc *ret)
{
	const struct topo_vf *vf = topo_index_giver(k->b->t, p.pf, bit, p.index);
	uint8_t *said = &k->said[vf - k->b->t->vfs];

	if (*said & what)
		return false;
	*said |= (uint8_t)what;
	*ret = vf->attr_loc[bit];
	return true;
}

static unsigned number_of(enum vf_attr attr)
{
	return (unsigned)__builtin_ctz(attr);
}

static void check_vlan(struct checker *k, struct point p, const struct vf_attrs *a)
{
	const char *pf = k->b->t->pfs[p.pf].name;
	bool has_vlan = a->given & VF_ATTR_VLAN && a->vlan;
	struct loc at;

	if (has_vlan)
		return;
	if (a->given & VF_ATTR_QOS && a->qos && say(k, p, number_of(VF_ATTR_QOS), SAID_QOS, &at))
		err_fix(topo_error(&k->b->c, at, "qos of %s/%u needs a vlan", pf, p.index), 0,
			"add vlan=1 to 4094, or remove qos");
	if (a->given & VF_ATTR_PROTO && say(k, p, number_of(VF_ATTR_PROTO), SAID_PROTO, &at))
		err_fix(topo_error(&k->b->c, at, "proto of %s/%u needs a vlan", pf, p.index), 0,
			"add vlan=1 to 4094, or remove proto");
}

static void check_rates(struct checker *k, struct point p, const struct vf_attrs *a)
{
	unsigned both = VF_ATTR_MIN_TX_RATE | VF_ATTR_MAX_TX_RATE;
	struct loc at;

	if ((a->given & both) != both || !a->max_tx_rate || a->min_tx_rate <= a->max_tx_rate)
		return;
	if (say(k, p, number_of(VF_ATTR_MIN_TX_RATE), SAID_RATE, &at))
		err_fix(topo_error(&k->b->c, at,
				   "min_tx_rate=%u of %s/%u is above its "
				   "max_tx_rate=%u",
				   a->min_tx_rate, k->b->t->pfs[p.pf].name, p.index,
				   a->max_tx_rate),
			0, "write a min_tx_rate up to %u", a->max_tx_rate);
}

static const struct topo_domain *holder(struct checker *k, struct point p)
{
	const struct topo_placed *v;

	while (k->placed && k->at < k->n_placed &&
	       (k->placed[k->at].pf < p.pf ||
		(k->placed[k->at].pf == p.pf && k->placed[k->at].last < p.index)))
		k->at++;
	if (!k->placed || k->at == k->n_placed)
		return NULL;
	v = &k->placed[k->at];
	return v->pf == p.pf && v->first <= p.index ? v->domain : NULL;
}

static void check_driver(struct checker *k, struct point p, const struct vf_attrs *a)
{
	const struct topo_domain *d = holder(k, p);
	struct loc at;

	if (!d ||
	    (!vf_attrs_driver_is(a, VF_DRIVER_HOST) && !vf_attrs_driver_is(a, VF_DRIVER_NONE)))
		return;
	if (say(k, p, number_of(VF_ATTR_DRIVER), SAID_DRIVER, &at))
		err_fix(topo_error(&k->b->c, at, "%s/%u has driver=%s and is given to domain '%s'",
				   k->b->t->pfs[p.pf].name, p.index,
				   vf_driver_name((enum vf_driver)a->driver), d->name),
			0, "remove it here, or from the domain");
}

static void check_point(struct checker *k, struct point p)
{
	const struct topo_pf *pf = &k->b->t->pfs[p.pf];
	struct vf_attrs a;

	if (pf->has_numvfs && p.index >= pf->numvfs)
		return;
	a = topology_attrs(k->b->t, p.pf, p.index);
	check_vlan(k, p, &a);
	check_rates(k, p, &a);
	check_driver(k, p, &a);
}

static void add_points(struct point *v, size_t *n, size_t pf, unsigned first, unsigned last)
{
	v[(*n)++] = (struct point){ pf, first };
	if (last != UINT_MAX)
		v[(*n)++] = (struct point){ pf, last + 1 };
}

static int check_stretches(struct checker *k)
{
	const struct topology *t = k->b->t;
	_cleanup_free_ struct point *v = calloc(2 * (t->n_vfs + k->n_placed) + 1, sizeof(*v));
	size_t n = 0;

	if (!v)
		return -ENOMEM;
	for (size_t i = 0; i < t->n_vfs; i++) {
		const struct topo_range *r = &t->vfs[i].range;

		add_points(v, &n, r->pf, r->all ? 0 : r->first, topo_range_last(t, r));
	}
	for (size_t i = 0; k->placed && i < k->n_placed; i++)
		add_points(v, &n, k->placed[i].pf, k->placed[i].first, k->placed[i].last);
	qsort(v, n, sizeof(*v), by_point);
	for (size_t i = 0; i < n; i++)
		if (i == 0 || by_point(&v[i - 1], &v[i]) != 0)
			check_point(k, v[i]);
	return 0;
}

static int by_mac(const void *a, const void *b)
{
	const struct topo_vf *x = *(const struct topo_vf *const *)a;
	const struct topo_vf *y = *(const struct topo_vf *const *)b;
	int d;

	if (x->range.pf != y->range.pf)
		return x->range.pf < y->range.pf ? -1 : 1;
	d = mac_cmp(x->attrs.mac, y->attrs.mac);
	return d ? d : (x > y) - (x < y);
}

static bool is_for_one(const struct topology *t, const struct topo_vf *vf)
{
	return topo_range_last(t, &vf->range) == (vf->range.all ? 0 : vf->range.first);
}

/* Two PFs may carry the same address (a guest's fail-over pair); two VFs of one PF may not, because
 * the PF's switch could not tell them apart. */
static int check_macs(struct topo_build *b)
{
	unsigned bit = number_of(VF_ATTR_MAC);
	_cleanup_free_ const struct topo_vf **v = calloc(b->t->n_vfs + 1, sizeof(*v));
	size_t n = 0;

	if (!v)
		return -ENOMEM;
	for (size_t i = 0; i < b->t->n_vfs; i++) {
		const struct topo_vf *vf = &b->t->vfs[i];

		if (!(vf->attrs.given & VF_ATTR_MAC) || vf->attrs.mac_auto)
			continue;
		if (is_for_one(b->t, vf))
			v[n++] = vf;
		else
			err_fix(topo_error(&b->c, vf->attr_loc[bit],
					   "several VFs would have one MAC address"),
				0, "write mac=auto, or an entry for each VF");
	}
	qsort(v, n, sizeof(*v), by_mac);
	for (size_t i = 1; i < n; i++) {
		const struct topo_vf *x = v[i - 1], *y = v[i];

		if (x->range.pf == y->range.pf && x->range.first != y->range.first &&
		    !mac_cmp(x->attrs.mac, y->attrs.mac))
			err_fix(topo_error(&b->c, y->attr_loc[bit],
					   "%s/%u already has this MAC address at %s:%u:%u",
					   b->t->pfs[x->range.pf].name, x->range.first, b->t->file,
					   x->attr_loc[bit].line, x->attr_loc[bit].col),
				0, "give each VF its own");
	}
	return 0;
}

int topo_rules_vf(struct topo_build *b, const struct topo_placed *placed, size_t n)
{
	_cleanup_free_ uint8_t *said = calloc(b->t->n_vfs + 1, 1);
	struct checker k = { .b = b, .said = said, .placed = placed, .n_placed = placed ? n : 0 };
	int r = said ? check_macs(b) : -ENOMEM;

	return r < 0 ? r : check_stretches(&k);
}
