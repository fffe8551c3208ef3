// SPDX-License-Identifier: GPL-2.0-or-later
/* What is wanted of VFs in as few lines as that takes. */
#include "base/array.h"
#include "report/import_parts.h"

static bool same_but_mac(const struct vf_attrs *a, const struct vf_attrs *b)
{
	bool both_auto = a->mac_auto && b->mac_auto;
	bool any_auto = a->mac_auto || b->mac_auto;
	unsigned mask = ~(any_auto ? 0u : (unsigned)VF_ATTR_MAC);

	return (a->given & mask) == (b->given & mask) && both_auto == any_auto &&
	       vf_attrs_agree(a, b, mask & ~(unsigned)VF_ATTR_MAC);
}

static int add_line(struct topology *t, const struct topo_range *range, const struct vf_attrs *a)
{
	if (!a->given)
		return 0;
	if (ARRAY_GROW(t->vfs, t->n_vfs) < 0)
		return -ENOMEM;
	t->vfs[t->n_vfs++] = (struct topo_vf){ .range = *range, .attrs = *a };
	return 0;
}

/* VFs of one PF, and what is wanted of each. */
struct vfs {
	struct topology *t;
	size_t p;
	const struct vf_attrs *want;
	unsigned n;
};

/* VFs @first to @last are alike but for their addresses. */
static int add_run(const struct vfs *v, unsigned first, unsigned last)
{
	struct topo_range range = { .pf = v->p, .first = first, .last = last };
	struct vf_attrs all = v->want[first];
	int r;

	if (first == last)
		return add_line(v->t, &range, &all);
	range.all = first == 0 && last + 1 == v->n;
	if (!all.mac_auto)
		all.given &= ~(unsigned)VF_ATTR_MAC;
	r = add_line(v->t, &range, &all);
	for (unsigned i = first; r == 0 && i <= last; i++) {
		struct topo_range one = { .pf = v->p, .first = i, .last = i };
		struct vf_attrs mac = { 0 };

		vf_attrs_take(&mac, &v->want[i], VF_ATTR_MAC);
		if (!v->want[i].mac_auto)
			r = add_line(v->t, &one, &mac);
	}
	return r;
}

int import_lines(struct importing *im, size_t p, const struct vf_attrs *want, unsigned n)
{
	const struct vfs v = { im->topo, p, want, n };
	int r = 0;

	for (unsigned i = 0, end; r == 0 && i < n; i = end) {
		end = i + 1;
		while (end < n && same_but_mac(&want[i], &want[end]))
			end++;
		r = add_run(&v, i, end - 1);
	}
	return r;
}
