// SPDX-License-Identifier: GPL-2.0-or-later
/* Attribute values as runs, their precedence, and values that contradict each other. */
#include "topology/index.h"

#include <limits.h>
#include <string.h>

#include "base/array.h"

static int push(struct topo_runs *runs, unsigned first, unsigned last, size_t vf)
{
	if (ARRAY_GROW(runs->v, runs->n) < 0)
		return -ENOMEM;
	runs->v[runs->n++] = (struct topo_run){ first, last, vf };
	return 0;
}

static const char *range_text(char buf[48], const struct topology *t, const struct topo_range *r)
{
	const char *pf = t->pfs[r->pf].name;

	if (r->all)
		snprintf(buf, 48, "%.32s/*", pf);
	else if (r->first == r->last)
		snprintf(buf, 48, "%.32s/%u", pf, r->first);
	else
		snprintf(buf, 48, "%.32s/%u-%u", pf, r->first, r->last);
	return buf;
}

/* The problem is reported where the later of the two stands. */
static void contradiction(const struct topology *t, struct topo_ctx *c, size_t a, size_t b,
			  unsigned bit)
{
	const struct topo_vf *early = &t->vfs[a < b ? a : b], *late = &t->vfs[a < b ? b : a];
	struct loc at = early->attr_loc[bit];
	char mine[VF_ATTR_TEXT], other[VF_ATTR_TEXT], one[48], two[48];
	struct err *e;

	e = topo_error(
		c, late->attr_loc[bit], "%s for %s contradicts %s for %s",
		vf_attr_text(mine, &late->attrs, 1u << bit), range_text(one, t, &late->range),
		vf_attr_text(other, &early->attrs, 1u << bit), range_text(two, t, &early->range));
	if (!t->is_made)
		err_append(e, " at %s:%u:%u", t->file, at.line, at.col);
	err_fix(e, 0, "give each VF one value, or make one entry more specific");
}

/* Within its class @vf comes in order of first VF, so only the run that reaches farthest can
 * overlap. */
static int add(struct topology *t, struct topo_ctx *c, size_t vf, unsigned bit)
{
	const struct topo_range *r = &t->vfs[vf].range;
	struct topo_runs *runs = &t->index->pfs[r->pf].runs[topo_class_of(r)][bit];
	struct topo_run *end = runs->n ? &runs->v[runs->n - 1] : NULL;
	unsigned first = r->all ? 0 : r->first, last = r->all ? UINT_MAX : r->last;

	if (!end || first > end->last)
		return push(runs, first, last, vf);
	if (!vf_attrs_agree(&t->vfs[vf].attrs, &t->vfs[end->vf].attrs, 1u << bit))
		contradiction(t, c, vf, end->vf, bit);
	return last > end->last ? push(runs, end->last + 1, last, vf) : 0;
}

static int by_first(const void *a, const void *b, void *arg)
{
	const struct topology *t = arg;
	size_t x = *(const size_t *)a, y = *(const size_t *)b;
	unsigned p = t->vfs[x].range.first, q = t->vfs[y].range.first;

	return p != q ? (p > q) - (p < q) : (x > y) - (x < y);
}

int topo_index_runs(struct topology *t, struct topo_ctx *c)
{
	_cleanup_free_ size_t *order = calloc(t->n_vfs + 1, sizeof(*order));

	t->index->pfs = calloc(t->n_pfs + 1, sizeof(*t->index->pfs));
	if (!order || !t->index->pfs)
		return -ENOMEM;
	for (size_t i = 0; i < t->n_vfs; i++)
		order[i] = i;
	qsort_r(order, t->n_vfs, sizeof(*order), by_first, t);
	for (size_t i = 0; i < t->n_vfs; i++)
		for (unsigned bit = 0; bit < VF_ATTR_N; bit++)
			if (t->vfs[order[i]].attrs.given & 1u << bit &&
			    add(t, c, order[i], bit) < 0)
				return -ENOMEM;
	return 0;
}

static int end_order(const void *element, const void *key)
{
	return ((const struct topo_run *)element)->last < *(const unsigned *)key ? -1 : 0;
}

static const struct topo_run *find_run(const struct topo_runs *runs, unsigned index)
{
	size_t i = array_lower_bound(runs->v, runs->n, sizeof(*runs->v), end_order, &index);

	return i < runs->n && runs->v[i].first <= index ? &runs->v[i] : NULL;
}

/* Searches a model that was made by hand; of equally specific entries the first wins. */
static const struct topo_vf *giver_slowly(const struct topology *t, size_t pf, unsigned bit,
					  unsigned index)
{
	const struct topo_vf *best = NULL;

	for (size_t i = 0; i < t->n_vfs; i++) {
		const struct topo_vf *vf = &t->vfs[i];
		bool covers =
			vf->range.all || (index >= vf->range.first && index <= vf->range.last);

		if (vf->range.pf == pf && covers && vf->attrs.given & 1u << bit &&
		    (!best || topo_class_of(&vf->range) > topo_class_of(&best->range)))
			best = vf;
	}
	return best;
}

const struct topo_vf *topo_index_giver(const struct topology *t, size_t pf, unsigned bit,
				       unsigned index)
{
	const struct topo_run *run = NULL;

	if (!t->index || !t->index->pfs)
		return giver_slowly(t, pf, bit, index);
	for (int class = CLASS_N - 1; class >= 0 && !run; class --)
		run = find_run(&t->index->pfs[pf].runs[class][bit], index);
	return run ? &t->vfs[run->vf] : NULL;
}

struct vf_attrs topology_attrs(const struct topology *t, size_t pf, unsigned index)
{
	struct vf_attrs a = { 0 };

	for (unsigned bit = 0; bit < VF_ATTR_N; bit++) {
		const struct topo_vf *vf = topo_index_giver(t, pf, bit, index);

		if (vf)
			vf_attrs_take(&a, &vf->attrs, 1u << bit);
	}
	return a;
}
