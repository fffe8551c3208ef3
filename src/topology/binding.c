// SPDX-License-Identifier: GPL-2.0-or-later
#include "topology/binding.h"

#include <stdlib.h>

int binding_expand(struct binding *b, struct err *e)
{
	int r = 0;

	b->wanted = calloc(b->topo->n_domains + 1, sizeof(*b->wanted));
	if (!b->wanted)
		return err_set(e, ENOMEM, "out of memory");
	for (size_t i = 0; r == 0 && i < b->topo->n_domains; i++)
		r = wanted_of(b->topo, b->pfs, &b->topo->domains[i], &b->wanted[i], e);
	return r;
}

int binding_make(struct binding *ret, const struct topology *t, const struct host *h,
		 struct inventory *inv, struct err *e)
{
	struct binding b = { .topo = t, .problems.file = t->file };
	int r;

	b.pfs = calloc(t->n_pfs + 1, sizeof(*b.pfs));
	if (!b.pfs)
		return err_set(e, ENOMEM, "out of memory");
	r = topology_match(t, h, inv, b.pfs, &b.problems);
	r = r == -ENOMEM ? err_set(e, ENOMEM, "out of memory") : binding_expand(&b, e);
	if (r < 0) {
		binding_done(&b);
		return r;
	}
	*ret = b;
	return 0;
}

void binding_done(struct binding *b)
{
	for (size_t i = 0; b->wanted && i < b->topo->n_domains; i++)
		wanted_done(&b->wanted[i]);
	free(b->wanted);
	free(b->pfs);
	problems_done(&b->problems);
	*b = (struct binding){ 0 };
}
