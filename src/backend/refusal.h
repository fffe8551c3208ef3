/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reasons not to make a function assignable, in one table for each hypervisor. */
#ifndef VFY_BACKEND_REFUSAL_H
#define VFY_BACKEND_REFUSAL_H

#include "host/host.h"
#include "host/inventory/inventory.h"

struct backend; /* backend/backend.h */

/* What is asked of the table; all borrowed. */
struct refusal_ask {
	const struct host *host;
	struct backend *backend; /* NULL: the hypervisor is not seen, on a captured host */
	struct vf_ref vf;	 /* pf NULL: none, the host alone is asked */
	/* What the same run takes from the host, @vf too, sorted by address: it counts as taken
	 * when a neighbour is asked about. */
	const struct bdf *with;
	size_t n_with;
};

/* When a row can be asked, and of what. */
enum refusal_scope {
	REFUSAL_OF_HOST,    /* without a function: the same for all of them */
	REFUSAL_OF_ADDRESS, /* a function's address is enough: also of VFs that are not made yet */
	REFUSAL_OF_DEVICE,  /* the function is there */
};

/*
 * One row. @ask has no side effects; it returns 0, or -errno with cause and fix in @e, and where it
 * could not look too. Whoever plans asks the same rows as the run right before its change, so that
 * no plan promises what the run refuses.
 */
struct refusal {
	const char *name; /* one word: "segment" */
	enum refusal_scope scope;
	bool asks_hypervisor; /* left out where @backend is NULL */
	int (*ask)(const struct refusal_ask *a, struct err *e);
};

/**
 * refusal_next - the first row from @row on that refuses
 * @row: in a table that ends with a row without a name; NULL: no table, nothing refuses
 * @e:   its reason; not NULL
 *
 * Without a VF only the rows about the host are asked, with one only those about VFs. NULL when
 * none refuses. Callers that want every reason go on with the row after it.
 */
const struct refusal *refusal_next(const struct refusal *row, const struct refusal_ask *a,
				   struct err *e);

/* 0, or -errno of the first row that refuses. @e may be NULL. */
int refusal_ask(const struct refusal *table, const struct refusal_ask *a, struct err *e);

#endif
