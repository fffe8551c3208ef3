// SPDX-License-Identifier: GPL-2.0-or-later
#include "backend/refusal.h"

static bool is_asked(const struct refusal *row, const struct refusal_ask *a)
{
	if ((row->asks_hypervisor && !a->backend) || (row->scope == REFUSAL_OF_HOST) != !a->vf.pf)
		return false;
	return row->scope != REFUSAL_OF_DEVICE || vf_of(a->vf)->state != VF_ABSENT;
}

/* What a capture has no answer to keeps nothing from being planned: nothing is done there. */
static bool refuses(const struct refusal *row, const struct refusal_ask *a, struct err *e)
{
	int r = row->ask(a, e);

	return r < 0 && !(r == -ENODATA && root_is_captured(&a->host->root));
}

const struct refusal *refusal_next(const struct refusal *row, const struct refusal_ask *a,
				   struct err *e)
{
	for (; row && row->name; row++) {
		*e = (struct err){ 0 };
		if (is_asked(row, a) && refuses(row, a, e))
			return row;
	}
	return NULL;
}

int refusal_ask(const struct refusal *table, const struct refusal_ask *a, struct err *e)
{
	struct err why;

	if (!refusal_next(table, a, &why))
		return 0;
	err_copy(e, &why);
	return -why.code;
}
