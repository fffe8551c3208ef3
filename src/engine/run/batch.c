// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/run/batch.h"

static bool is_same_function(const struct step *a, const struct step *b)
{
	return a->vf.pf == b->vf.pf && a->vf.index == b->vf.index;
}

/* Attach and detach are not here: one domain gets one device at a time, and each of them waits for
 * the guest. Of autoprobe, up and load there are too few. */
static bool go_together(const struct step *a, const struct step *b)
{
	switch (a->kind) {
	case STEP_UNBIND:
	case STEP_PROBE:
	case STEP_ASSIGN:
	case STEP_UNASSIGN:
	case STEP_RESTORE:
		return !is_same_function(a, b);
	case STEP_SET:
		return a->vf.pf == b->vf.pf;
	case STEP_NUMVFS:
		return a->vf.pf != b->vf.pf;
	default:
		return false;
	}
}

size_t batch_end(const struct plan *p, size_t i)
{
	size_t end = i + 1;

	for (; end < p->n && end - i < BATCH_MAX && p->v[end].kind == p->v[i].kind; end++)
		for (size_t k = i; k < end; k++)
			if (!go_together(&p->v[k], &p->v[end]))
				return end;
	return end;
}
