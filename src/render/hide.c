// SPDX-License-Identifier: GPL-2.0-or-later
#include "render/hide.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "render/hide_kept.h"
#include "render/wildcard.h"

static int push(struct hide *h, struct hidden x, struct err *e)
{
	if (ARRAY_GROW(h->vfs, h->n_vfs) < 0)
		return err_set(e, ENOMEM, "out of memory");
	h->vfs[h->n_vfs++] = x;
	return 0;
}

static int add_domain(const struct render_in *in, const struct topo_domain *d, struct hide *h,
		      struct err *e)
{
	_cleanup_(wanted_done) struct wanted w = { 0 };
	int r = render_wanted(in, d, &w, e);

	for (size_t i = 0; i < w.n && r == 0; i++) {
		struct hidden x = { w.v[i].pf, w.v[i].index, { 0 } };
		struct vf_attrs a = topology_attrs(in->topo, x.pf, x.index);

		if (vf_attrs_driver_is(&a, VF_DRIVER_KEEP))
			continue;
		r = render_vf_bdf(in, x.pf, x.index, &x.bdf, e);
		if (r == 0)
			r = push(h, x, e);
	}
	return r;
}

static bool is_assign(struct vf_attrs a)
{
	return vf_attrs_driver_is(&a, VF_DRIVER_ASSIGN);
}

/* A line counts unless a more specific one says otherwise. */
static int add_line(const struct render_in *in, const struct topo_vf *line, struct hide *h,
		    struct err *e)
{
	unsigned end = wanted_end(in->topo, in->pfs, &line->range);
	struct hidden x = { .pf = line->range.pf };
	int r = 0;

	if (!is_assign(line->attrs))
		return 0;
	for (x.index = line->range.all ? 0 : line->range.first; x.index < end && r == 0;
	     x.index++) {
		if (!is_assign(topology_attrs(in->topo, x.pf, x.index)))
			continue;
		r = render_vf_bdf(in, x.pf, x.index, &x.bdf, e);
		if (r == 0)
			r = push(h, x, e);
	}
	return r;
}

static int by_bdf(const void *a, const void *b)
{
	return bdf_cmp(((const struct hidden *)a)->bdf, ((const struct hidden *)b)->bdf);
}

static int collect(const struct render_in *in, struct hide *h, struct err *e)
{
	size_t n = 0;
	int r = 0;

	for (size_t i = 0; i < in->topo->n_domains && r == 0; i++)
		r = add_domain(in, &in->topo->domains[i], h, e);
	for (size_t i = 0; i < in->topo->n_vfs && r == 0; i++)
		r = add_line(in, &in->topo->vfs[i], h, e);
	if (r < 0)
		return r;
	if (h->n_vfs)
		qsort(h->vfs, h->n_vfs, sizeof(*h->vfs), by_bdf);
	for (size_t i = 0; i < h->n_vfs; i++)
		if (!n || bdf_cmp(h->vfs[i].bdf, h->vfs[n - 1].bdf))
			h->vfs[n++] = h->vfs[i];
	h->n_vfs = n;
	for (size_t i = 0; i < n; i++)
		h->n_computed += render_is_computed(in, h->vfs[i].pf, h->vfs[i].index);
	return 0;
}

static void print_groups(const struct hide *h, const struct wildcard *groups, size_t n, FILE *out)
{
	char text[BDF_STRLEN];

	for (size_t i = 0; i < n; i++) {
		struct bdf b = h->vfs[groups[i].first].bdf;

		switch (groups[i].kind) {
		case WILDCARD_NONE:
			fprintf(out, "(%s)", bdf_str(text, b));
			break;
		case WILDCARD_SLOT:
			fprintf(out, "(%04x:%02x:%02x.*)", b.domain, b.bus, b.dev);
			break;
		case WILDCARD_BUS:
			fprintf(out, "(%04x:%02x:*.*)", b.domain, b.bus);
			break;
		}
	}
}

static int write_value(const struct render_in *in, struct hide *h, struct err *e)
{
	_cleanup_free_ struct wildcard *groups = NULL;
	size_t n = 0;
	FILE *out;
	int r = wildcard_find(in, h, &groups, &n, e);

	if (r < 0)
		return r;
	for (size_t i = 0; i < n; i++)
		h->n_wildcards += groups[i].kind != WILDCARD_NONE;
	out = open_memstream(&h->value, &h->len);
	if (!out)
		return err_set(e, ENOMEM, "out of memory");
	if (h->n_vfs && render_is_for(in, TOPO_XEN))
		r = hide_kept_print(in, out, &h->n_kept, e);
	print_groups(h, groups, n, out);
	if (memstream_close(out, &h->value) < 0 && r == 0)
		r = err_set(e, ENOMEM, "out of memory");
	return r;
}

int hide_make(const struct render_in *in, struct hide *ret, struct err *e)
{
	struct hide h = { 0 };
	int r = collect(in, &h, e);

	if (r == 0)
		r = write_value(in, &h, e);
	if (r < 0) {
		hide_done(&h);
		return r;
	}
	*ret = h;
	return 0;
}

static int check_segments(const struct hide *h, struct err *e)
{
	char text[BDF_STRLEN];

	/* They are in BDF order, so the last one has the highest segment. */
	if (!h->n_vfs || h->vfs[h->n_vfs - 1].bdf.domain <= 0xffff)
		return 0;
	err_refuse(e, ERANGE, "segments above ffff keep the whole driver from loading");
	bdf_str(text, h->vfs[h->n_vfs - 1].bdf);
	err_fix(e, 0, "let the boot service make it assignable, run: systemctl enable vfyard");
	return err_at(e, -ERANGE, text, "hide=");
}

int hide_check(const struct render_in *in, const struct hide *h, struct err *e)
{
	int r = check_segments(h, e);

	if (r < 0)
		return r;
	if (h->len <= HIDE_MAX)
		return 0;
	err_refuse(e, E2BIG, "%zu VFs make %zu characters, but the kernel takes %d", h->n_vfs,
		   h->len, HIDE_MAX);
	err_fix(e, 0, "%slet the boot service make them assignable, run: systemctl enable vfyard",
		in->compact ? "" : "add --compact, or ");
	return err_at(e, -E2BIG, "hide=", NULL);
}

void hide_done(struct hide *h)
{
	free(h->vfs);
	free(h->value);
	*h = (struct hide){ 0 };
}

bool hide_has_pf(const struct hide *h, size_t pf)
{
	for (size_t i = 0; i < h->n_vfs; i++)
		if (h->vfs[i].pf == pf)
			return true;
	return false;
}

static void print_count(size_t n, const char *what, const char *before, FILE *out)
{
	if (n)
		fprintf(out, "%s%zu %s%s", before, n, what, n == 1 ? "" : "s");
}

void hide_print_summary(const struct hide *h, const struct topology *t, FILE *out)
{
	const char *comma = "";
	size_t n_whole = 0;

	for (size_t i = 0; i < h->n_vfs; i++)
		n_whole += t->pfs[h->vfs[i].pf].is_dev;
	print_count(h->n_vfs - n_whole, "VF", "", out);
	print_count(n_whole, "function", h->n_vfs > n_whole ? " and " : "", out);
	fputs(" of ", out);
	for (size_t i = 0; i < t->n_pfs; i++) {
		if (!hide_has_pf(h, i))
			continue;
		fputs(comma, out);
		render_text(t->pfs[i].name, out);
		comma = ", ";
	}
}

void hide_print_kept(const struct hide *h, FILE *out)
{
	if (h->n_kept)
		fprintf(out,
			"# The first %zu entr%s hidden already and kept: of several hide= only the last "
			"counts.\n",
			h->n_kept, h->n_kept == 1 ? "y is" : "ies are");
}

static unsigned count_computed(const struct hide *h, const struct render_in *in, size_t pf)
{
	unsigned n = 0;

	for (size_t i = 0; i < h->n_vfs; i++)
		n += h->vfs[i].pf == pf && render_is_computed(in, pf, h->vfs[i].index);
	return n;
}

void hide_print_computed(const struct hide *h, const struct render_in *in, FILE *out)
{
	const char *comma = "";

	if (!h->n_computed)
		return;
	fprintf(out, "# %zu of the addresses %s " RENDER_COMPUTED " (", h->n_computed,
		h->n_computed == 1 ? "is" : "are");
	for (size_t i = 0; i < in->topo->n_pfs; i++) {
		unsigned n = count_computed(h, in, i);

		if (!n)
			continue;
		fprintf(out, "%s%u of ", comma, n);
		render_text(in->topo->pfs[i].name, out);
		comma = ", ";
	}
	fputs("): those VFs are not made yet, and may get\n# others when they are. Make this file "
	      "again then.\n",
	      out);
}
