/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a look at a host finds: each thing that was looked at, well or not, and what to do. */
#ifndef VFY_BASE_FINDING_H
#define VFY_BASE_FINDING_H

#include <stdbool.h>
#include "base/err.h"

enum finding_level {
	FINDING_OK,	 /* looked at, and as it must be */
	FINDING_NOTE,	 /* worth saying, keeps nothing from being done */
	FINDING_PROBLEM, /* keeps VFs from guests */
};

/* "ok", "note", "problem". */
const char *finding_level_name(enum finding_level level);

struct finding {
	enum finding_level level;
	const char *area; /* the heading it stands under, static: "Cards" */
	char object[128]; /* "iommu", "net0", "net0/3 (0000:05:10.6)" */
	char text[512];	  /* what is so; of a problem its cause */
	char fix[384];	  /* the cure, mostly a command; "" where there is none */
};

/* In the order in which things break. Zeroed but for @area; release with findings_done(). */
struct findings {
	struct finding *v;
	size_t n, n_problems, n_notes;
	const char *area; /* of what is added next, static */
	bool is_cut;	  /* memory was out: some are missing */
};

/* Adds one; returns it for finding_fix(), NULL (which that takes) when out of memory. Valid until
 * the next add. */
struct finding *finding_add(struct findings *f, enum finding_level level, const char *object,
			    const char *fmt, ...) PRINTF_LIKE(4, 5);

/* Says what to do about it, unless that is said. */
void finding_fix(struct finding *x, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* A failure of another part, its cause and its fix. */
void finding_of_err(struct findings *f, enum finding_level level, const char *object,
		    const struct err *why);

void findings_done(struct findings *f);

#endif
