// SPDX-License-Identifier: GPL-2.0-or-later
#include "render/wildcard.h"

#include <stdlib.h>

/* Sorted keys of all functions, present and possible, that a wildcard must not match. */
struct others {
	uint64_t *v;
	size_t n;
};

static int by_key(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

/* Both lists are sorted. */
static void subtract(struct others *o, const struct hide *h)
{
	size_t n = 0, k = 0;

	for (size_t i = 0; i < o->n; i++) {
		while (k < h->n_vfs && bdf_key(h->vfs[k].bdf) < o->v[i])
			k++;
		if (k == h->n_vfs || bdf_key(h->vfs[k].bdf) != o->v[i])
			o->v[n++] = o->v[i];
	}
	o->n = n;
}

/* VFs that may come are where offset and stride put them now. */
static int collect_others(const struct render_in *in, const struct hide *h, struct others *ret,
			  struct err *e)
{
	size_t n = in->n_devices;
	struct others o = { 0 };

	for (size_t i = 0; i < in->inv->n_pfs; i++)
		n += 1u + in->inv->pfs[i].totalvfs;
	o.v = calloc(n ? n : 1, sizeof(*o.v));
	if (!o.v)
		return err_set(e, ENOMEM, "out of memory");
	for (size_t i = 0; i < in->n_devices; i++)
		o.v[o.n++] = bdf_key(in->devices[i]);
	for (size_t i = 0; i < in->inv->n_pfs; i++) {
		const struct pf *pf = &in->inv->pfs[i];

		o.v[o.n++] = bdf_key(pf->bdf);
		for (unsigned k = 0; k < pf->totalvfs; k++)
			o.v[o.n++] = bdf_key(bdf_vf(pf->bdf, pf->offset, pf->stride, k));
	}
	qsort(o.v, o.n, sizeof(*o.v), by_key);
	subtract(&o, h);
	*ret = o;
	return 0;
}

/* Nothing can be proved next to VFs that may appear anywhere. */
static bool is_provable(const struct render_in *in, uint32_t segment)
{
	if (!in->n_devices)
		return false;
	for (size_t i = 0; i < in->inv->n_pfs; i++) {
		const struct pf *pf = &in->inv->pfs[i];

		if (pf->bdf.domain == segment && pf->totalvfs &&
		    (!pf->offset || (pf->totalvfs > 1 && !pf->stride)))
			return false;
	}
	return true;
}

/* Returns how many hidden VFs from @first on have a key with the same bits above @shift. */
static size_t run_length(const struct hide *h, size_t first, unsigned shift)
{
	uint64_t block = bdf_key(h->vfs[first].bdf) >> shift;
	size_t n = 1;

	while (first + n < h->n_vfs && bdf_key(h->vfs[first + n].bdf) >> shift == block)
		n++;
	return n;
}

/* @at only moves forward, because the blocks come in ascending order. */
static bool is_exact(const struct others *o, size_t *at, uint64_t key, unsigned shift)
{
	uint64_t first = key >> shift << shift;

	while (*at < o->n && o->v[*at] < first)
		(*at)++;
	return *at == o->n || o->v[*at] >> shift != key >> shift;
}

#define SLOT_SHIFT 3 /* function bits of a routing id */
#define BUS_SHIFT  8

static void split(const struct hide *h, const struct others *o, const bool *provable,
		  struct wildcard *groups, size_t *ret_n)
{
	size_t n = 0, at_bus = 0, at_slot = 0, len;

	for (size_t i = 0; i < h->n_vfs; i += len) {
		uint64_t key = bdf_key(h->vfs[i].bdf);
		enum wildcard_kind kind = WILDCARD_NONE;
		size_t slot = run_length(h, i, SLOT_SHIFT), bus = run_length(h, i, BUS_SHIFT);
		bool is_start = !i || bdf_key(h->vfs[i - 1].bdf) >> BUS_SHIFT != key >> BUS_SHIFT;

		len = 1;
		if (provable[i] && is_start && bus > slot && is_exact(o, &at_bus, key, BUS_SHIFT)) {
			kind = WILDCARD_BUS;
			len = bus;
		} else if (provable[i] && slot > 1 && is_exact(o, &at_slot, key, SLOT_SHIFT)) {
			kind = WILDCARD_SLOT;
			len = slot;
		}
		groups[n++] = (struct wildcard){ i, kind };
	}
	*ret_n = n;
}

/* Tells for each hidden VF whether its segment allows proofs; asks once for each segment. */
static bool *provable_of(const struct render_in *in, struct hide *h)
{
	bool *v = calloc(h->n_vfs ? h->n_vfs : 1, sizeof(*v));

	for (size_t i = 0; v && in->compact && i < h->n_vfs; i++) {
		if (i && h->vfs[i].bdf.domain == h->vfs[i - 1].bdf.domain)
			v[i] = v[i - 1];
		else
			v[i] = is_provable(in, h->vfs[i].bdf.domain);
		h->is_unproved |= !v[i];
	}
	return v;
}

int wildcard_find(const struct render_in *in, struct hide *h, struct wildcard **ret, size_t *ret_n,
		  struct err *e)
{
	_cleanup_free_ bool *provable = provable_of(in, h);
	struct wildcard *groups = calloc(h->n_vfs ? h->n_vfs : 1, sizeof(*groups));
	struct others o = { 0 };
	int r = -ENOMEM;

	if (groups && provable)
		r = collect_others(in, h, &o, e);
	else
		err_set(e, ENOMEM, "out of memory");
	if (r < 0) {
		free(groups);
		return r;
	}
	split(h, &o, provable, groups, ret_n);
	free(o.v);
	*ret = groups;
	return 0;
}
