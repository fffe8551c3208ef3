// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/also_held.h"

#include <string.h>

#define NAMED 6u

/* Which PF of the topology it is; their number when it is none. */
static size_t place_of(const struct session *s, const struct pf *pf)
{
	size_t i = 0;

	while (i < s->topo->n_pfs && s->topo_pfs[i] != pf)
		i++;
	return i;
}

static bool is_wanted(const struct apply *a, size_t nth, unsigned index)
{
	const struct goal_vf *v;

	if (nth >= a->s->topo->n_pfs)
		return false;
	v = &a->goal.vfs[nth][index];
	/* With driver= it is in the plan, whatever it is now. */
	return v->domain != NO_DOMAIN || (v->want.given & VF_ATTR_DRIVER);
}

static void print_one(struct vf_ref ref, bool is_first, FILE *out)
{
	const struct vf *vf = vf_of(ref);
	bool is_in = vf->state == VF_ATTACHED && vf->domain;
	char label[VF_LABEL_MAX];

	vf_label(label, ref);
	fprintf(out, "%s%.*s (%s%s)", is_first ? "" : ", ", (int)strcspn(label, " "), label,
		is_in ? "domain " : "", is_in ? vf->domain : vf_state_name(vf->state));
}

size_t also_held(const struct apply *a, FILE *out)
{
	const struct inventory *inv = a->s->inv;
	size_t n = 0;

	for (size_t p = 0; a->has_goal && p < inv->n_pfs; p++) {
		struct pf *pf = &inv->pfs[p];
		size_t nth = place_of(a->s, pf);

		for (unsigned i = 0; i < pf->numvfs && i < pf->n_vfs; i++) {
			uint8_t state = pf->vfs[i].state;

			if ((state != VF_ASSIGNABLE && state != VF_ATTACHED && state != VF_STALE) ||
			    is_wanted(a, nth, i))
				continue;
			if (n < NAMED)
				print_one((struct vf_ref){ pf, i }, !n, out);
			n++;
		}
	}
	if (n > NAMED)
		fprintf(out, " and %zu more", n - NAMED);
	return n;
}
