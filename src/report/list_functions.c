// SPDX-License-Identifier: GPL-2.0-or-later
/* Every endpoint function that is no VF: what can be given as a whole. */
#include <jansson.h>
#include <stdlib.h>

#include "base/text.h"
#include "report/json_text.h"
#include "report/list.h"

/* In address order: PFs stand among the others. */
static size_t collect(const struct inventory *inv, const struct pf ***ret)
{
	size_t p = 0, o = 0, n = 0;

	*ret = calloc(inv->n_pfs + inv->n_others + 1, sizeof(**ret));
	if (!*ret)
		return 0;
	while (p < inv->n_pfs || o < inv->n_others) {
		bool is_pf = o == inv->n_others ||
			     (p < inv->n_pfs && bdf_cmp(inv->pfs[p].bdf, inv->others[o].bdf) < 0);
		const struct pf *f = is_pf ? &inv->pfs[p++] : &inv->others[o++];

		if (f->whole.state != VF_ABSENT)
			(*ret)[n++] = f;
	}
	return n;
}

#define COLUMNS 6

static const char *const titles[COLUMNS] = { "ADDRESS", "DRIVER", "GROUP",
					     "NETDEV",	"STATE",  "DOMAIN" };

struct row {
	char bdf[BDF_STRLEN], group[16];
	const char *cells[COLUMNS];
};

static void fill(const struct listing *l, const struct pf *f, struct row *ret)
{
	const struct vf *w = &f->whole;
	bool is_unseen = l->inv->domains_unseen && w->state != VF_HOST;

	snprintf(ret->group, sizeof(ret->group), w->iommu_group == NO_GROUP ? "-" : "%d",
		 w->iommu_group);
	ret->cells[0] = bdf_str(ret->bdf, f->bdf);
	ret->cells[1] = w->driver ? w->driver : "-";
	ret->cells[2] = ret->group;
	ret->cells[3] = w->netdev ? w->netdev : "-";
	ret->cells[4] = vf_state_name((enum vf_state)w->state);
	ret->cells[5] = w->domain ? w->domain : is_unseen ? "?" : "-";
}

static void print_row(FILE *out, const size_t width[COLUMNS], const char *const cells[COLUMNS])
{
	fputs("    ", out);
	for (size_t c = 0; c < COLUMNS; c++)
		text_cell(out, width[c] + 2, cells[c]);
}

static void print_name(const struct listing *l, const struct pf *f, FILE *out)
{
	char what[384];

	if (names_device(l->names, what, sizeof(what), f->vendor, f->device))
		text_cell(out, text_width(what) + 1, what);
	fprintf(out, "[%04x:%04x]", f->vendor, f->device);
	if (f->totalvfs)
		fprintf(out, " PF, vfs %u/%u", f->numvfs, f->totalvfs);
	if (f->whole.permissive == 1)
		fputs(" permissive", out);
	if (f->whole.why) {
		fputs(" (", out);
		text_put(out, f->whole.why);
		putc(')', out);
	}
	putc('\n', out);
}

void list_functions_text(const struct listing *l, FILE *out)
{
	size_t width[COLUMNS];
	const struct pf **v;
	size_t n = collect(l->inv, &v);
	struct row row;

	for (size_t c = 0; c < COLUMNS; c++)
		width[c] = text_width(titles[c]);
	for (size_t i = 0; i < n; i++) {
		fill(l, v[i], &row);
		for (size_t c = 0; c < COLUMNS; c++)
			if (text_width(row.cells[c]) > width[c])
				width[c] = text_width(row.cells[c]);
	}
	if (n) {
		fputs("functions:\n", out);
		print_row(out, width, titles);
		fputs("DEVICE\n", out);
	}
	for (size_t i = 0; i < n; i++) {
		fill(l, v[i], &row);
		print_row(out, width, row.cells);
		print_name(l, v[i], out);
	}
	free(v);
}

static json_t *id(uint16_t v)
{
	char buf[8];

	snprintf(buf, sizeof(buf), "%04x", v);
	return v ? json_string(buf) : json_null();
}

static json_t *as_json(const struct pf *f)
{
	const struct vf *w = &f->whole;
	char bdf[BDF_STRLEN];

	return json_pack("{s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:s, s:o, s:o, s:o, s:b}", "bdf",
			 bdf_str(bdf, f->bdf), "vendor", id(f->vendor), "device", id(f->device),
			 "driver", json_text(w->driver), "driver_override",
			 json_text(w->driver_override), "iommu_group",
			 w->iommu_group == NO_GROUP ? json_null() : json_integer(w->iommu_group),
			 "netdev", json_text(w->netdev), "state",
			 vf_state_name((enum vf_state)w->state), "domain", json_text(w->domain),
			 "permissive",
			 w->permissive < 0 ? json_null() : json_boolean(w->permissive), "why",
			 json_text(w->why), "sriov", f->totalvfs != 0);
}

int list_functions_json(const struct listing *l, FILE *out)
{
	const struct pf **v;
	size_t n = collect(l->inv, &v);
	int r = v ? 0 : -ENOMEM;

	fputs(",\"functions\":[", out);
	for (size_t i = 0; r == 0 && i < n; i++) {
		json_t *o = as_json(v[i]);

		fputs(i ? ",\n {" : "\n {", out);
		if (!o || json_dumpf(o, out, JSON_COMPACT | JSON_EMBED) < 0)
			r = ferror(out) ? -errno : -ENOMEM;
		json_decref(o);
		putc('}', out);
	}
	fputs(n ? "\n]" : "]", out);
	free(v);
	return r;
}
