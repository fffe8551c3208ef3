/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The two forms of `vfyard list`, and what its options choose. Pure: they get everything that they
 * print. */
#ifndef VFY_REPORT_LIST_H
#define VFY_REPORT_LIST_H

#include "host/inventory/inventory.h"
#include "host/pci/ids.h"

/* Which VFs and functions are shown, each member a list "host,attached", or NULL for any. */
struct list_filter {
	const char *states, *drivers, *domains; /* of drivers, "none" is those without one */
};

/* When equal VFs that follow each other share a line of text. */
enum list_fold {
	LIST_FULL,
	LIST_FOLD,
	LIST_FOLD_LONG, /* only those of PFs that show more than LIST_LONG */
};

#define LIST_LONG 16u

struct list_view {
	const struct inventory *inv;
	const bool *shown;   /* one for each PF of @inv */
	struct names *names; /* text only; may be NULL */
	bool colors;
	bool has_attrs; /* show the settings of VFs, too; pf->attrs has them */
	enum list_fold fold;
	struct list_filter filter;
};

/* Whether the filter lets it through. */
bool list_shows(const struct list_filter *f, const struct vf *vf);

/* Whether anything is asked of VFs; PFs and functions that show none are left out then. */
static inline bool list_is_filtered(const struct list_filter *f)
{
	return f->states || f->drivers || f->domains;
}

/* Whether the PF has its place in the listing. */
bool list_shows_pf(const struct list_view *l, size_t pf);

/*
 * Both write the whole listing to @out, which the caller buffers. They return 0 or -errno: -ENOMEM,
 * or the error of the first write that failed.
 */
int list_view_text(const struct list_view *l, FILE *out);

/* Writes the document of the contract, with one line for each PF and VF. Nothing folds in it. */
int list_view_json(const struct list_view *l, FILE *out);

/* A listing without options. */
struct listing {
	const struct inventory *inv;
	const bool *shown;
	struct names *names;
	bool colors;
};

static inline struct list_view list_plainly(const struct listing *l)
{
	return (struct list_view){
		.inv = l->inv, .shown = l->shown, .names = l->names, .colors = l->colors
	};
}

static inline int list_text(const struct listing *l, FILE *out)
{
	const struct list_view view = list_plainly(l);

	return list_view_text(&view, out);
}

static inline int list_json(const struct listing *l, FILE *out)
{
	const struct list_view view = list_plainly(l);

	return list_view_json(&view, out);
}

/* Both show the endpoint functions that are no VFs, too, where the inventory has them. */

/* The table of endpoint functions behind the PFs. 0 or -ENOMEM. */
int list_functions_text(const struct list_view *l, FILE *out);

/* The member "functions", with the comma before it. 0 or -errno. */
int list_functions_json(const struct list_view *l, FILE *out);

#endif
