// SPDX-License-Identifier: GPL-2.0-or-later
/* Every endpoint function that is no VF: what can be given as a whole. */
#include <jansson.h>
#include <stdlib.h>

#include "base/array.h"
#include "base/text.h"
#include "report/json_text.h"
#include "report/list.h"

/* One of them: whose ids it has, its state, and its name in the topology. */
struct function {
	const struct pf *pf;
	const struct vf *vf;
	char name[80]; /* "gpu0/1"; "" for none */
};

/* The word that commands take. */
static void name_it(struct vf_ref f, struct function *ret)
{
	if (!f.pf->of)
		return;
	if (f.pf->n_vfs > 1)
		snprintf(ret->name, sizeof(ret->name), "%.60s/%u", f.pf->name, f.index);
	else
		snprintf(ret->name, sizeof(ret->name), "%.60s", f.pf->name);
}

static int by_address(const void *a, const void *b)
{
	return bdf_cmp(((const struct function *)a)->vf->bdf,
		       ((const struct function *)b)->vf->bdf);
}

static int collect(const struct list_view *l, struct function **ret, size_t *ret_n)
{
	struct vf_ref f = { 0 };

	*ret = NULL;
	*ret_n = 0;
	while (inventory_next(l->inv, &f)) {
		if (!vf_is_whole(f) || !list_shows(&l->filter, vf_of(f)))
			continue;
		if (ARRAY_GROW(*ret, *ret_n) < 0)
			return -ENOMEM;
		(*ret)[*ret_n] = (struct function){ .pf = vf_identity(f).pf, .vf = vf_of(f) };
		name_it(f, &(*ret)[(*ret_n)++]);
	}
	if (*ret_n)
		qsort(*ret, *ret_n, sizeof(**ret), by_address);
	return 0;
}

#define COLUMNS 6

static const char *const titles[COLUMNS] = { "ADDRESS", "DRIVER", "GROUP",
					     "NETDEV",	"STATE",  "DOMAIN" };

struct row {
	char bdf[BDF_STRLEN], group[16];
	const char *cells[COLUMNS];
};

static void fill(const struct list_view *l, const struct function *f, struct row *ret)
{
	const struct vf *w = f->vf;
	bool is_unseen = l->inv->domains_unseen && w->state != VF_HOST;

	snprintf(ret->group, sizeof(ret->group), w->iommu_group == NO_GROUP ? "-" : "%d",
		 w->iommu_group);
	ret->cells[0] = bdf_str(ret->bdf, w->bdf);
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

static void print_name(const struct list_view *l, const struct function *of, FILE *out)
{
	const struct pf *f = of->pf;
	char what[384];

	if (of->name[0])
		fprintf(out, "%s: ", of->name);
	if (names_device(l->names, what, sizeof(what), f->vendor, f->device))
		text_cell(out, text_width(what) + 1, what);
	fprintf(out, "[%04x:%04x]", f->vendor, f->device);
	if (f->totalvfs)
		fprintf(out, " PF, vfs %u/%u", f->numvfs, f->totalvfs);
	if (of->vf->permissive == 1)
		fputs(" permissive", out);
	if (of->vf->why) {
		fputs(" (", out);
		text_put(out, of->vf->why);
		putc(')', out);
	}
	putc('\n', out);
}

int list_functions_text(const struct list_view *l, FILE *out)
{
	size_t width[COLUMNS];
	struct function *v;
	struct row row;
	size_t n;
	int r = collect(l, &v, &n);

	for (size_t c = 0; c < COLUMNS; c++)
		width[c] = text_width(titles[c]);
	for (size_t i = 0; i < n; i++) {
		fill(l, &v[i], &row);
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
		fill(l, &v[i], &row);
		print_row(out, width, row.cells);
		print_name(l, &v[i], out);
	}
	free(v);
	return r;
}

static json_t *id(uint16_t v)
{
	char buf[8];

	snprintf(buf, sizeof(buf), "%04x", v);
	return v ? json_string(buf) : json_null();
}

static json_t *as_json(const struct function *of)
{
	const struct pf *f = of->pf;
	const struct vf *w = of->vf;
	char bdf[BDF_STRLEN];

	return json_pack("{s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:s, s:o, s:o, s:o, s:b, s:o}", "bdf",
			 bdf_str(bdf, w->bdf), "vendor", id(f->vendor), "device", id(f->device),
			 "driver", json_text(w->driver), "driver_override",
			 json_text(w->driver_override), "iommu_group",
			 w->iommu_group == NO_GROUP ? json_null() : json_integer(w->iommu_group),
			 "netdev", json_text(w->netdev), "state",
			 vf_state_name((enum vf_state)w->state), "domain", json_text(w->domain),
			 "permissive",
			 w->permissive < 0 ? json_null() : json_boolean(w->permissive), "why",
			 json_text(w->why), "sriov", f->totalvfs != 0, "name",
			 json_text(of->name[0] ? of->name : NULL));
}

int list_functions_json(const struct list_view *l, FILE *out)
{
	struct function *v;
	size_t n;
	int r = collect(l, &v, &n);

	fputs(",\"functions\":[", out);
	for (size_t i = 0; r == 0 && i < n; i++) {
		json_t *o = as_json(&v[i]);

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
