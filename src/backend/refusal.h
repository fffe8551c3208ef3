/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reasons not to make a function assignable, and not to give it to a domain, in tables of each
 * hypervisor. */
#ifndef VFY_BACKEND_REFUSAL_H
#define VFY_BACKEND_REFUSAL_H

#include "host/host.h"
#include "host/inventory/inventory.h"

struct backend;	    /* backend/backend.h */
struct domain;	    /* there */
struct dev_options; /* topology/dev_options.h */

/* What is asked of a table: whether @vf may be taken, or whether @domain may get @vfs, or, without
 * either, about the host. All borrowed. */
struct refusal_ask {
	const struct host *host;
	struct backend *backend; /* NULL: the hypervisor is not seen, on a captured host */
	struct vf_ref vf;	 /* pf NULL: none */
	/* What the same run takes from the host, @vf too, sorted by address: it counts as taken
	 * when a neighbour is asked about. */
	const struct bdf *with;
	size_t n_with;
	/* NULL: none; id 0: it does not run, and @vfs are all that it is to have. */
	const struct domain *domain;
	const struct vf_ref *vfs; /* besides what it has; ABSENT ones where it does not run */
	const struct dev_options *options; /* of each */
	size_t n;
	bool is_last; /* right before the change: notes were said when it was planned */
	/* Gets the first reason why a capture could not be asked; NULL: nobody wants to know. */
	struct err *unseen;
};

/* When a row can be asked, and of what. */
enum refusal_scope {
	REFUSAL_OF_HOST,    /* without a function: the same for all of them */
	REFUSAL_OF_ADDRESS, /* a function's address is enough: also of VFs that are not made yet */
	REFUSAL_OF_DEVICE,  /* the function is there */
	REFUSAL_OF_DOMAIN,  /* what a domain is to get, whether it runs or not */
	REFUSAL_OF_GUEST,   /* the same, of one that runs */
	REFUSAL_OF_ANSWER,  /* the same: it cannot be asked, for which no other one has to wait */
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
 * Only the rows about what is asked: the host, a VF, or a domain. NULL when none refuses. Callers
 * that want every reason go on with the row after it.
 */
const struct refusal *refusal_next(const struct refusal *row, const struct refusal_ask *a,
				   struct err *e);

/* 0, or -errno of the first row that refuses. @e may be NULL. */
int refusal_ask(const struct refusal *table, const struct refusal_ask *a, struct err *e);

/* What a row has to say and is no refusal; once, not again at the last look. */
void refusal_note(const struct refusal_ask *a, const char *fmt, ...) PRINTF_LIKE(2, 3);

#endif
