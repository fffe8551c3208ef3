// SPDX-License-Identifier: GPL-2.0-or-later
/* What stands against a topology in the IOMMU groups of the host, whose guests have all of a group
 * or nothing. No VF of a shared group is made anew (case.c). */
#include "prove.h"

/* A VF of a case, with its line. */
struct member {
	const struct prove_vf *vf;
	struct prove_line line;
	bool runs; /* the line's domain, and gets what it lacks */
};

static struct member member_of(const struct prove_case *c, const struct prove_host *h, unsigned k)
{
	unsigned p = k / PROVE_VFS, i = k % PROVE_VFS;
	struct member m = { &h->pfs[p].vfs[i], case_line(c, p, i), false };

	m.runs = m.line.domain && h->runs[m.line.domain - 1] && !c->v[F_NO_ATTACH];
	return m;
}

static bool is_taken(const struct member *m)
{
	return m->line.driver == VF_DRIVER_ASSIGN ||
	       (m->line.domain && m->line.driver != VF_DRIVER_KEEP);
}

/* Another driver than it has, off the pass-through driver or the host's. */
static bool goes_off(const struct member *m)
{
	return m->vf->state == VF_ASSIGNABLE &&
	       (m->line.driver == VF_DRIVER_HOST || m->line.driver == VF_DRIVER_NONE);
}

static bool goes_to_host(const struct member *m)
{
	return m->line.driver == VF_DRIVER_HOST &&
	       (m->vf->state == VF_ASSIGNABLE || !m->vf->driver);
}

/* @x beside its neighbour @y. */
static const char *refuse(const struct member *x, const struct member *y)
{
	bool y_stays = y->vf->driver == DRIVER_OF_HOST && !is_taken(y);

	if (is_taken(x) && x->vf->state == VF_HOST && (y_stays || y->vf->domain))
		return "a neighbour is the host's, or a guest's";
	if (x->line.domain && x->vf->state != VF_ATTACHED && y_stays)
		return "a guest is to have the neighbour of what the host keeps";
	if (x->runs && x->vf->state != VF_ATTACHED && y->vf->domain &&
	    y->vf->domain != x->line.domain)
		return "another guest has the neighbour";
	if (x->runs && y->runs && x->line.domain != y->line.domain)
		return "two guests are to share a group";
	if (goes_off(x) && y->vf->domain)
		return "off the pass-through driver beside a guest";
	if (goes_to_host(x) &&
	    (y->vf->domain || y->line.domain || (is_taken(y) && y->vf->state == VF_HOST)))
		return "to the host beside what is a guest's";
	return NULL;
}

/* A group that no guest could have: somebody made one of it assignable beside a driver of the host,
 * and vfyard would not do that again. */
bool expect_group_back(const struct prove_case *c, const struct prove_host *h, unsigned k)
{
	for (unsigned x = 0; h->groups && x < PROVE_PFS * PROVE_VFS; x++) {
		unsigned level = c->v[at_vf(x / PROVE_VFS, x % PROVE_VFS, V_MEMORY)];

		if (x != k &&
		    prove_group(h, x / PROVE_VFS, x % PROVE_VFS) ==
			    prove_group(h, k / PROVE_VFS, k % PROVE_VFS) &&
		    (h->pfs[x / PROVE_VFS].vfs[x % PROVE_VFS].driver == DRIVER_OF_HOST ||
		     level == MEM_OURS || level == MEM_SETTINGS))
			return false;
	}
	return true;
}

const char *expect_group_refusal(const struct prove_case *c, const struct prove_host *h)
{
	const char *why = NULL;

	for (unsigned a = 0; !why && h->groups && a < PROVE_PFS * PROVE_VFS; a++)
		for (unsigned b = 0; !why && b < PROVE_PFS * PROVE_VFS; b++) {
			struct member x = member_of(c, h, a), y = member_of(c, h, b);

			if (a != b &&
			    prove_group(h, a / PROVE_VFS, a % PROVE_VFS) ==
				    prove_group(h, b / PROVE_VFS, b % PROVE_VFS) &&
			    x.vf->state != VF_ABSENT && y.vf->state != VF_ABSENT)
				why = refuse(&x, &y);
		}
	return why;
}
