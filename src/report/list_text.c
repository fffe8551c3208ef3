// SPDX-License-Identifier: GPL-2.0-or-later
/* Prints a line for each PF with its details below, then its VFs as a table. */
#include <string.h>

#include "base/text.h"
#include "report/list.h"

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

struct widths {
	size_t index, bdf, driver, group, netdev, state;
};

static size_t digits(unsigned v)
{
	size_t n = 1;

	for (; v > 9; v /= 10)
		n++;
	return n;
}

static void widen(size_t *width, size_t n)
{
	if (n > *width)
		*width = n;
}

/* Columns are aligned through the whole listing. */
static struct widths measure(const struct listing *l)
{
	struct widths w = { .index = strlen("VF"),
			    .bdf = strlen("0000:00:00.0"),
			    .driver = strlen("DRIVER"),
			    .group = strlen("GROUP"),
			    .netdev = strlen("NETDEV"),
			    .state = strlen("STATE") };

	for (size_t p = 0; p < l->inv->n_pfs; p++) {
		const struct pf *pf = &l->inv->pfs[p];

		if (!l->shown[p] || !pf->n_vfs)
			continue;
		widen(&w.index, digits(pf->n_vfs - 1));
		if (pf->bdf.domain > 0xffff) {
			char buf[BDF_STRLEN];

			widen(&w.bdf, strlen(bdf_str(buf, pf->bdf)));
		}
		for (unsigned i = 0; i < pf->n_vfs; i++) {
			const struct vf *vf = &pf->vfs[i];

			if (vf->driver)
				widen(&w.driver, text_width(vf->driver));
			if (vf->netdev)
				widen(&w.netdev, text_width(vf->netdev));
			if (vf->iommu_group > 0)
				widen(&w.group, digits((unsigned)vf->iommu_group));
			widen(&w.state, strlen(vf_state_name(vf->state)));
		}
	}
	return w;
}

static void pad(FILE *out, size_t width, size_t n)
{
	for (; n < width; n++)
		putc(' ', out);
}

static void put_left(FILE *out, size_t width, const char *s)
{
	text_cell(out, width + 2, s ? s : "-");
}

static void put_number(FILE *out, size_t width, bool known, unsigned v)
{
	pad(out, width, known ? digits(v) : 1);
	if (known)
		fprintf(out, "%u  ", v);
	else
		fputs("-  ", out);
}

static void color_on(const struct listing *l, FILE *out, const char *sgr)
{
	if (l->colors && sgr)
		fprintf(out, "\033[%sm", sgr);
}

static void color_off(const struct listing *l, FILE *out, const char *sgr)
{
	if (l->colors && sgr)
		fputs("\033[0m", out);
}

static void put_state(const struct listing *l, FILE *out, size_t width, enum vf_state state)
{
	const char *sgr = (size_t)state < ARRAY_SIZE(state_color) ? state_color[state] : NULL;
	const char *name = vf_state_name(state);

	color_on(l, out, sgr);
	fputs(name, out);
	color_off(l, out, sgr);
	pad(out, width + 2, strlen(name));
}

/* A function that the pass-through driver holds may be in a domain that this run could not see. */
static const char *domain_of(const struct listing *l, const struct vf *vf)
{
	if (vf->domain)
		return vf->domain;
	return l->inv->domains_unseen && vf->state != VF_HOST ? "?" : "-";
}

static void put_vf(const struct listing *l, FILE *out, const struct widths *w, const struct vf *vf,
		   unsigned index)
{
	char bdf[BDF_STRLEN];

	fputs("    ", out);
	put_number(out, w->index, true, index);
	put_left(out, w->bdf, bdf_str(bdf, vf->bdf));
	put_left(out, w->driver, vf->driver);
	put_number(out, w->group, vf->iommu_group != NO_GROUP, (unsigned)vf->iommu_group);
	put_left(out, w->netdev, vf->netdev);
	put_state(l, out, w->state, vf->state);
	text_put(out, domain_of(l, vf));
	if (vf->permissive == 1)
		fputs("  permissive", out);
	if (vf->why) {
		fputs("  (", out);
		text_put(out, vf->why);
		putc(')', out);
	}
	putc('\n', out);
}

static void put_head(const struct listing *l, FILE *out, const struct pf *pf)
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

static void put_titles(FILE *out, const struct widths *w)
{
	fputs("    ", out);
	pad(out, w->index, strlen("VF"));
	fputs("VF  ", out);
	put_left(out, w->bdf, "ADDRESS");
	put_left(out, w->driver, "DRIVER");
	pad(out, w->group, strlen("GROUP"));
	fputs("GROUP  ", out);
	put_left(out, w->netdev, "NETDEV");
	put_left(out, w->state, "STATE");
	fputs("DOMAIN\n", out);
}

int list_text(const struct listing *l, FILE *out)
{
	struct widths w = measure(l);

	for (size_t p = 0; p < l->inv->n_pfs && !ferror(out); p++) {
		const struct pf *pf = &l->inv->pfs[p];

		if (!l->shown[p])
			continue;
		put_head(l, out, pf);
		if (pf->n_vfs)
			put_titles(out, &w);
		for (unsigned i = 0; i < pf->n_vfs && !ferror(out); i++)
			put_vf(l, out, &w, &pf->vfs[i], i);
	}
	if (l->inv->has_functions && list_functions_text(l, out) < 0)
		return -ENOMEM;
	return ferror(out) || fflush(out) ? -errno : 0;
}
