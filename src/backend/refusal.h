/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reasons not to make a function assignable, and not to give it to a domain: tables of each
 * hypervisor. */
#ifndef VFY_BACKEND_REFUSAL_H
#define VFY_BACKEND_REFUSAL_H

#include "host/host.h"
#include "host/inventory/inventory.h"

struct backend;	    /* backend/backend.h */
struct domain;	    /* there, too */
struct dev_options; /* topology/dev_options.h */

/* The question to a table: whether @vf may be taken, whether @domain may get @vfs, or, without
 * either, about the host. Everything in it is borrowed. */
struct refusal_ask {
	const struct host *host;
	struct backend *backend; /* NULL: the hypervisor cannot be seen, on a captured host */
	struct vf_ref vf;	 /* pf NULL: none */
	/* What the same run takes from the host, including @vf, sorted by address: it counts as
	 * taken when a neighbour is asked about. */
	const struct bdf *with;
	size_t n_with;
	/* NULL: none; id 0: it does not run, and @vfs are all that it will have. */
	const struct domain *domain;
	const struct vf_ref *vfs; /* besides what it has; if it does not run, some may be ABSENT */
	const struct dev_options *options; /* one for each */
	size_t n;
	bool is_last; /* right before the change: notes were written when it was planned */
	/* Gets the first reason why a capture could not be asked; NULL: nobody wants to know. */
	struct err *unseen;
};

/* When a row can be asked, and about what. */
enum refusal_scope {
	REFUSAL_OF_HOST,    /* without a function: the answer is the same for all */
	REFUSAL_OF_ADDRESS, /* a function's address is enough, so also for VFs that are yet to be
			     * made */
	REFUSAL_OF_DEVICE,  /* the function exists */
	REFUSAL_OF_DOMAIN,  /* what a domain is to get, whether it runs or not */
	REFUSAL_OF_GUEST,   /* the same, of one that runs */
	REFUSAL_OF_ANSWER,  /* the same: it takes nothing from us, for which no other one waits */
};

/*
 * One row. @ask has no side effects; it returns 0, or -errno with cause and fix in @e, also when it
 * could not look. A plan asks the same rows as the run right before its change, so that no plan
 * promises what the run refuses.
 */
struct refusal {
	const char *name; /* one word: "segment" */
	enum refusal_scope scope;
	bool asks_hypervisor; /* skipped when @backend is NULL */
	int (*ask)(const struct refusal_ask *a, struct err *e);
};

/**
 * refusal_next - find the first row from @row on that refuses
 * @row: in a table that ends with a row without a name; NULL: no table, so nothing refuses
 * @e:   its reason; not NULL
 *
 * It asks only the rows about what is in question: the host, a VF, or a domain. Returns NULL when
 * none refuses. Callers that want every reason go on with the row after it.
 */
const struct refusal *refusal_next(const struct refusal *row, const struct refusal_ask *a,
				   struct err *e);

/**
 * refusal_walk - every row that is asked, one after the other
 * @say: with the row's reason, or NULL where it has none; @is_unseen: it could not look, because
 *       a capture has no answer, and @why says that
 */
void refusal_walk(const struct refusal *table, const struct refusal_ask *a,
		  void (*say)(void *arg, const struct refusal *row, const struct err *why,
			      bool is_unseen),
		  void *arg);

/* What it means that a row has nothing against it, for people: "its IOMMU group is its own". */
struct refusal_word {
	const char *row;
	const char *text;
};

/* Returns 0, or -errno of the first row that refuses. @e may be NULL. */
int refusal_ask(const struct refusal *table, const struct refusal_ask *a, struct err *e);

/* Writes what a row has to say that is not a refusal; once, so not again at the last look. */
void refusal_note(const struct refusal_ask *a, const char *fmt, ...) PRINTF_LIKE(2, 3);

#endif
