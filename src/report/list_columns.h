/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of list: its lines, which are VFs or runs of equal ones, and its columns. Pure. */
#ifndef VFY_REPORT_LIST_COLUMNS_H
#define VFY_REPORT_LIST_COLUMNS_H

#include "report/list.h"

/* A line: VFs @first to @last of a PF. Begins as { pf }; list_next_run() steps on. */
struct list_run {
	const struct pf *pf;
	unsigned first, last;
	unsigned next; /* where the search goes on */
};

/* Finds the next line that is shown; false behind the last. A run has three VFs at least. */
bool list_next_run(const struct list_view *l, struct list_run *run);

#define LIST_CELL_MAX	 64
#define LIST_COLUMNS_MAX 12

struct list_column {
	const char *title;
	bool is_right; /* numbers */
	bool is_state; /* it has colours */
	/* Returns what stands there: a borrowed text, or one made in @buf. Never NULL. */
	const char *(*cell)(const struct list_view *l, const struct list_run *run,
			    char buf[LIST_CELL_MAX]);
};

/* Those of this listing, ended by NULL; the last one is the domain. */
const struct list_column *const *list_columns(const struct list_view *l);

/* The domain; "?" when the pass-through driver holds it, but domains could not be seen. */
const char *list_domain(const struct list_view *l, const struct vf *vf);

/* The settings of the first VF of a run; NULL when they were not read. */
const struct vf_attrs *list_attrs_of(const struct list_run *run);

#endif
