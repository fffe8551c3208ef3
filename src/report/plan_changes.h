/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A plan by what it changes and not by steps: of each PF and VF each property once, from what it is
 * to what it will be, and VFs with the same changes together. */
#ifndef VFY_REPORT_PLAN_CHANGES_H
#define VFY_REPORT_PLAN_CHANGES_H

#include "engine/plan/interrupts.h"
#include "engine/plan/step.h"

struct plan_change {
	struct step_change is;
	const char *step;	/* name of the last step to it */
	bool goes_through_none; /* its value is 0, or its driver none, in between */
	bool is_new;		/* of what an earlier step makes */
	bool interrupts;	/* step_interrupts() */
};

/* What happens to one PF, or alike to several VFs of it, or to the host (a module). */
struct plan_object {
	struct vf_ref vf; /* the first VF; of a PF, and of the host, NO_VF */
	bool is_host;
	unsigned *indexes; /* VFs in order; of a PF none, of a whole function WHOLE */
	size_t n_indexes;
	struct plan_change *v;
	size_t n;
};

/* What a domain gets or loses with one kind of step; of devices in order. */
struct plan_delivery {
	const struct domain *domain;
	enum step_kind kind;
	struct vf_ref *v;
	size_t n;
	bool interrupts;
};

struct plan_changes {
	struct plan_object *objects; /* the host, then by address PFs and their VFs */
	size_t n_objects;
	struct plan_delivery *deliveries; /* by domain, in the order of the plan */
	size_t n_deliveries;
};

/* @h tells what is up now; NULL: not asked. Returns 0 or -ENOMEM; release it in either case. */
int plan_changes_make(struct plan_changes *ret, const struct plan *p, const struct host *h);
void plan_changes_done(struct plan_changes *c);

/* Writes "net0/0-2,4" or "gpu0" for VFs of one PF. */
void plan_print_indexes(const struct pf *pf, const unsigned *indexes, size_t n, FILE *out);

#endif
