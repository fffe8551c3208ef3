/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A planned change of the host: all planners return this shape, and the runner takes it. */
#ifndef VFY_ENGINE_PLAN_CHANGE_H
#define VFY_ENGINE_PLAN_CHANGE_H

#include "engine/plan/step.h"

/* The steps, and what they borrow. */
struct change {
	struct plan plan;
	struct domain *domains; /* the domains that VFs are put into or taken out of */
	size_t n_domains;
	struct attachment *attached; /* what these or all domains have, by address */
	size_t n_attached;
};

/* Frees all of it; the domains belong to the backend of @ops. Accepts a zeroed one. */
void change_done(struct change *c, const struct backend_ops *ops);

/* Sorts @attached by address, for change_attachment(). */
void change_sort(struct change *c);

/* Returns what a domain itself lists about the function; NULL when none of them has it. */
const struct attachment *change_attachment(const struct change *c, struct bdf dev);

#endif
