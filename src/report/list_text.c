// SPDX-License-Identifier: GPL-2.0-or-later
/* Prints a line for each PF with its details below, then its VFs as a table. */
#include <string.h>

#include "base/text.h"
#include "report/list.h"
#include "report/list_columns.h"

/* SGR parameters (ECMA-48 8.3.117). */
#define BOLD  "1"
#define GREEN "32"
#define CYAN  "36"
#define RED   "31"

static const char *const state_color[] = {
	[VF_ASSIGNABLE] = CYAN,
	[VF_ATTACHED] = GREEN,
	[VF_STALE] = RED,
	[VF_BROKEN] = RED,
};

/* What is between two columns. */
#define GAP 2u

/* Widest cells, by column. */
struct widths {
	size_t v[LIST_COLUMNS_MAX];
};

static void widen(size_t *width, size_t n)
{
	if (n > *width)
		*width = n;
}

/* Columns are aligned through the whole listing. The last one is never padded. */
static struct widths measure(const struct list_view *l)
{
	const struct list_column *const *columns = list_columns(l);
	struct widths w = { { 0 } };
	char buf[LIST_CELL_MAX];

	for (size_t c = 0; columns[c]; c++)
		w.v[c] = strlen(columns[c]->title);
	for (size_t p = 0; p < l->inv->n_pfs; p++) {
		struct list_run run = { .pf = &l->inv->pfs[p] };

		if (!l->shown[p])
			continue;
		while (list_next_run(l, &run))
			for (size_t c = 0; columns[c + 1]; c++)
				widen(&w.v[c], text_width(columns[c]->cell(l, &run, buf)));
	}
	return w;
}

static void pad(FILE *out, size_t width, size_t n)
{
	for (; n < width; n++)
		putc(' ', out);
}

static void color_on(const struct list_view *l, FILE *out, const char *sgr)
{
	if (l->colors && sgr)
		fprintf(out, "\033[%sm", sgr);
}

static void color_off(const struct list_view *l, FILE *out, const char *sgr)
{
	if (l->colors && sgr)
		fputs("\033[0m", out);
}

static void put_cell(FILE *out, const struct list_column *c, size_t width, const char *s)
{
	if (c->is_right) {
		pad(out, width, text_width(s));
		text_cell(out, text_width(s) + GAP, s);
	} else {
		text_cell(out, width + GAP, s);
	}
}

static void put_state(const struct list_view *l, FILE *out, size_t width, enum vf_state state)
{
	const char *sgr = (size_t)state < ARRAY_SIZE(state_color) ? state_color[state] : NULL;
	const char *name = vf_state_name(state);

	color_on(l, out, sgr);
	fputs(name, out);
	color_off(l, out, sgr);
	pad(out, width + GAP, strlen(name));
}

/* InfiniBand has these in place of an address. */
static void put_guids(const struct list_run *run, FILE *out)
{
	static const enum vf_attr guids[] = { VF_ATTR_NODE_GUID, VF_ATTR_PORT_GUID };
	const struct vf_attrs *a = list_attrs_of(run);
	char text[VF_ATTR_TEXT];

	for (size_t i = 0; a && i < ARRAY_SIZE(guids); i++)
		if (a->given & guids[i])
			fprintf(out, "  %s", vf_attr_text(text, a, guids[i]));
}

static void put_run(const struct list_view *l, FILE *out, const struct widths *w,
		    const struct list_run *run)
{
	const struct list_column *const *columns = list_columns(l);
	const struct vf *vf = &run->pf->vfs[run->first];
	char buf[LIST_CELL_MAX];

	fputs("    ", out);
	for (size_t c = 0; columns[c + 1]; c++)
		if (columns[c]->is_state)
			put_state(l, out, w->v[c], (enum vf_state)vf->state);
		else
			put_cell(out, columns[c], w->v[c], columns[c]->cell(l, run, buf));
	text_put(out, list_domain(l, vf));
	if (vf->permissive == 1)
		fputs("  permissive", out);
	if (l->has_attrs && run->first == run->last)
		put_guids(run, out);
	if (vf->why) {
		fputs("  (", out);
		text_put(out, vf->why);
		putc(')', out);
	}
	putc('\n', out);
}

static void put_head(const struct list_view *l, FILE *out, const struct pf *pf)
{
	static const char *const autoprobe[] = { "?", "off", "on" };
	char bdf[BDF_STRLEN], what[384];

	color_on(l, out, BOLD);
	text_put(out, pf->name ? pf->name : bdf_str(bdf, pf->bdf));
	color_off(l, out, BOLD);
	putc(':', out);
	if (pf->name)
		fprintf(out, " %s", bdf_str(bdf, pf->bdf));
	if (pf->netdev) {
		fputs(" netdev ", out);
		text_put(out, pf->netdev);
	}
	fputs(" driver ", out);
	text_put(out, pf->driver ? pf->driver : "-");
	fprintf(out, " vfs %u/%u autoprobe %s", pf->numvfs, pf->totalvfs,
		autoprobe[pf->autoprobe + 1]);
	if (pf->numa_node != UNKNOWN)
		fprintf(out, " numa %d", pf->numa_node);
	if (pf->is_switchdev)
		fputs(" eswitch switchdev", out);
	fputs("\n    ", out);
	if (names_device(l->names, what, sizeof(what), pf->vendor, pf->device))
		text_cell(out, text_width(what) + 1, what);
	fprintf(out, "[%04x:%04x]\n", pf->vendor, pf->device);
}

static void put_titles(const struct list_view *l, FILE *out, const struct widths *w)
{
	const struct list_column *const *columns = list_columns(l);
	size_t c = 0;

	fputs("    ", out);
	for (; columns[c + 1]; c++)
		put_cell(out, columns[c], w->v[c], columns[c]->title);
	fprintf(out, "%s\n", columns[c]->title);
}

static void put_pf(const struct list_view *l, FILE *out, const struct widths *w,
		   const struct pf *pf)
{
	struct list_run run = { .pf = pf };
	bool has_titles = false;

	put_head(l, out, pf);
	while (list_next_run(l, &run) && !ferror(out)) {
		if (!has_titles)
			put_titles(l, out, w);
		has_titles = true;
		put_run(l, out, w, &run);
	}
}

int list_view_text(const struct list_view *l, FILE *out)
{
	struct widths w = measure(l);

	for (size_t p = 0; p < l->inv->n_pfs && !ferror(out); p++)
		if (list_shows_pf(l, p))
			put_pf(l, out, &w, &l->inv->pfs[p]);
	if (l->inv->has_functions && list_functions_text(l, out) < 0)
		return -ENOMEM;
	return ferror(out) || fflush(out) ? -errno : 0;
}
