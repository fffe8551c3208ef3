// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/plan/change.h"

#include <stdlib.h>

void change_done(struct change *c, const struct backend_ops *ops)
{
	for (size_t i = 0; i < c->n_domains; i++)
		if (ops->domain_done)
			ops->domain_done(&c->domains[i]);
	free(c->domains);
	free(c->attached);
	plan_done(&c->plan);
	*c = (struct change){ 0 };
}

void change_sort(struct change *c)
{
	if (c->n_attached)
		qsort(c->attached, c->n_attached, sizeof(*c->attached), bdf_order);
}

const struct attachment *change_attachment(const struct change *c, struct bdf dev)
{
	struct attachment key = { .bdf = dev };

	return c->n_attached ? bsearch(&key, c->attached, c->n_attached, sizeof(key), bdf_order)
			     : NULL;
}
