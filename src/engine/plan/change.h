/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A planned change of the host: the one shape that all planners return and the runner takes. */
#ifndef VFY_ENGINE_PLAN_CHANGE_H
#define VFY_ENGINE_PLAN_CHANGE_H

#include "engine/plan/step.h"

/* The steps, and what they borrow. */
struct change {
	struct plan plan;
	struct domain *domains; /* that VFs are put into or taken out of */
	size_t n_domains;
	struct attachment *attached; /* of these or all domains, by address */
	size_t n_attached;
};

/* Frees all of it; @ops is the backend's whose domains they are. A zeroed one is fine. */
void change_done(struct change *c, const struct backend_ops *ops);

/* Sorts @attached by address, for change_attachment(). */
void change_sort(struct change *c);

/* What a domain itself lists of the function; NULL when none of them has it. */
const struct attachment *change_attachment(const struct change *c, struct bdf dev);

#endif
