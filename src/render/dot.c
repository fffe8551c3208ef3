// SPDX-License-Identifier: GPL-2.0-or-later
/* Draws a picture for Graphviz: PFs, their VFs, and the domains that get them. */
#include <stdlib.h>

#include "render/render.h"
#include "base/text.h"

/* What becomes of a VF: the index of its domain, or one of these. */
enum fate {
	FATE_FREE = -1,
	FATE_HOST = -2,
	FATE_NONE = -3,
	FATE_ASSIGN = -4,
	FATE_KEEP = -5,
};

/* The fates of one PF's VFs, by index. */
struct fates {
	long *v;
	const struct topo_dev **dev; /* the entry that gives it to its domain */
	unsigned n;
};

static void fates_done(struct fates *f)
{
	free(f->v);
	free(f->dev);
}

static unsigned count_vfs(const struct render_in *in, size_t pf)
{
	unsigned n = topology_numvfs(&in->topo->pfs[pf], in->pfs[pf]);

	for (size_t i = 0; i < in->topo->n_domains; i++)
		for (size_t k = 0; k < in->topo->domains[i].n_devs; k++) {
			const struct topo_range *r = &in->topo->domains[i].devs[k].range;

			if (r->pf == pf && !r->all && r->last >= n)
				n = r->last + 1;
		}
	return n;
}

static enum fate fate_without_domain(const struct vf_attrs *a)
{
	static const enum fate fates[] = {
		[VF_DRIVER_ASSIGN] = FATE_ASSIGN,
		[VF_DRIVER_HOST] = FATE_HOST,
		[VF_DRIVER_NONE] = FATE_NONE,
		[VF_DRIVER_KEEP] = FATE_KEEP,
	};

	return (a->given & VF_ATTR_DRIVER) ? fates[a->driver] : FATE_FREE;
}

static void give_to_domain(const struct render_in *in, size_t pf, long domain, struct fates *f)
{
	const struct topo_domain *d = &in->topo->domains[domain];

	for (size_t k = 0; k < d->n_devs; k++) {
		const struct topo_range *range = &d->devs[k].range;
		unsigned end;

		if (range->pf != pf)
			continue;
		end = wanted_end(in->topo, in->pfs, range);
		for (unsigned i = range->all ? 0 : range->first; i < end && i < f->n; i++) {
			f->v[i] = domain;
			f->dev[i] = &d->devs[k];
		}
	}
}

static int fates_of(const struct render_in *in, size_t pf, struct fates *f, struct err *e)
{
	f->n = count_vfs(in, pf);
	f->v = calloc(f->n + 1u, sizeof(*f->v));
	f->dev = calloc(f->n + 1u, sizeof(const struct topo_dev *));
	if (!f->v || !f->dev)
		return err_set(e, ENOMEM, "out of memory");
	for (unsigned i = 0; i < f->n; i++) {
		struct vf_attrs a = topology_attrs(in->topo, pf, i);

		f->v[i] = fate_without_domain(&a);
	}
	for (size_t d = 0; d < in->topo->n_domains; d++)
		give_to_domain(in, pf, (long)d, f);
	return 0;
}

static bool is_shown(const struct render_in *in, long fate)
{
	return !in->domain || (fate >= 0 && &in->topo->domains[fate] == in->domain);
}

static void print_pf(const struct render_in *in, size_t i, FILE *out)
{
	const struct topo_pf *want = &in->topo->pfs[i];
	const struct pf *have = in->pfs[i];
	char text[BDF_STRLEN];
	unsigned n = topology_numvfs(want, have);

	fputs("\t\"pf ", out);
	render_text(want->name, out);
	fputs("\" [shape=box3d, label=\"", out);
	render_text(want->name, out);
	if (have) {
		fprintf(out, "\\n%s", bdf_str(text, have->bdf));
		if (have->driver)
			fprintf(out, " %s", have->driver);
		if (want->is_dev)
			fprintf(out, "\\n%u function%s\"];\n", n, n == 1 ? "" : "s");
		else
			fprintf(out, "\\n%u of %u VF%s\"];\n", n, have->totalvfs,
				text_s(have->totalvfs));
	} else {
		fprintf(out, "\\nnot on this host\\n%u %s%s\", style=dashed];\n", n,
			want->is_dev ? "function" : "VF", text_s(n));
	}
}

/* VFs first..last of a PF, which share a fate. */
struct run {
	size_t pf;
	unsigned first, last;
	long fate;
	const struct topo_dev *dev;
};

static void print_run_name(const struct render_in *in, const struct run *r, FILE *out)
{
	render_text(in->topo->pfs[r->pf].name, out);
	fprintf(out, "/%u", r->first);
	if (r->last != r->first)
		fprintf(out, "-%u", r->last);
}

static void print_run_label(const struct render_in *in, const struct run *r, FILE *out)
{
	char text[BDF_STRLEN];
	struct bdf b;

	print_run_name(in, r, out);
	if (!wanted_bdf(in->pfs[r->pf], r->first, &b))
		return;
	fprintf(out, "\\n%s", bdf_str(text, b));
	if (r->last != r->first && wanted_bdf(in->pfs[r->pf], r->last, &b))
		fprintf(out, " .. %s", bdf_str(text, b));
	if (render_is_computed(in, r->pf, r->last))
		fputs(" (" RENDER_COMPUTED ")", out);
}

/* How VFs that no domain gets are described and drawn. */
static const struct {
	const char *words, *style;
} looks[] = {
	[-FATE_FREE] = { "free", "dashed" },	  [-FATE_HOST] = { "host driver", "filled" },
	[-FATE_NONE] = { "no driver", "dotted" }, [-FATE_ASSIGN] = { "assignable", "solid" },
	[-FATE_KEEP] = { "as it is", "dashed" },
};

static int print_edge_options(const struct render_in *in, const struct run *r, FILE *out)
{
	struct dev_options o = r->dev->options;
	_cleanup_free_ char *text = NULL;
	size_t len = 0;
	FILE *f = open_memstream(&text, &len);

	if (!f)
		return -ENOMEM;
	dev_options_default(&o, &in->topo->domains[r->fate].defaults);
	dev_options_print(&o, f);
	if (memstream_close(f, &text) < 0)
		return -ENOMEM;
	if (len > 1) {
		fputs(" [label=\"", out);
		render_text(text + 1, out);
		fputs("\"]", out);
	}
	return 0;
}

static int print_run(const struct render_in *in, const struct run *r, FILE *out)
{
	int rc;

	fputs("\t\"", out);
	print_run_name(in, r, out);
	fputs("\" [label=\"", out);
	print_run_label(in, r, out);
	if (r->fate < 0)
		fprintf(out, "\\n%s\", style=%s];\n", looks[-r->fate].words, looks[-r->fate].style);
	else
		fputs("\"];\n", out);
	fputs("\t\"pf ", out);
	render_text(in->topo->pfs[r->pf].name, out);
	fputs("\" -> \"", out);
	print_run_name(in, r, out);
	fputs("\";\n", out);
	if (r->fate < 0)
		return 0;
	fputs("\t\"", out);
	print_run_name(in, r, out);
	fputs("\" -> \"domain ", out);
	render_text(in->topo->domains[r->fate].name, out);
	fputc('"', out);
	rc = print_edge_options(in, r, out);
	fputs(";\n", out);
	return rc;
}

static int print_pf_and_vfs(const struct render_in *in, size_t pf, FILE *out, struct err *e)
{
	_cleanup_(fates_done) struct fates f = { 0 };
	struct run r = { .pf = pf };
	bool has_pf = false;
	int rc = fates_of(in, pf, &f, e);

	if (rc < 0)
		return rc;
	if (!in->domain) {
		print_pf(in, pf, out);
		has_pf = true;
	}
	for (unsigned i = 0; i < f.n; i = r.last + 1) {
		r.first = r.last = i;
		r.fate = f.v[i];
		r.dev = f.dev[i];
		while (r.last + 1 < f.n && f.v[r.last + 1] == r.fate && f.dev[r.last + 1] == r.dev)
			r.last++;
		if (!is_shown(in, r.fate))
			continue;
		if (!has_pf)
			print_pf(in, pf, out);
		has_pf = true;
		if (print_run(in, &r, out) < 0)
			return err_set(e, ENOMEM, "out of memory");
	}
	return 0;
}

static int print_domain(void *arg, const struct topo_domain *d, struct err *e UNUSED)
{
	static const char *const types[] = {
		[DOMAIN_UNKNOWN] = "",
		[DOMAIN_PV] = "\\nPV",
		[DOMAIN_HVM] = "\\nHVM",
		[DOMAIN_PVH] = "\\nPVH",
	};
	FILE *out = arg;

	fputs("\t\"domain ", out);
	render_text(d->name, out);
	fputs("\" [shape=ellipse, label=\"", out);
	render_text(d->name, out);
	fprintf(out, "%s\"];\n", types[d->xen_type]);
	return 0;
}

static int dot(const struct render_in *in, FILE *out, struct problems *notes UNUSED, struct err *e)
{
	int r = 0;

	fputs("digraph vfyard {\n"
	      "\trankdir=LR;\n"
	      "\tnode [shape=box, fontname=\"sans-serif\"];\n"
	      "\tedge [fontname=\"sans-serif\", fontsize=10];\n",
	      out);
	render_each_domain(in, print_domain, out, e);
	for (size_t i = 0; i < in->topo->n_pfs && r == 0; i++)
		r = print_pf_and_vfs(in, i, out, e);
	fputs("}\n", out);
	return r;
}

const struct renderer render_dot = {
	.name = "dot",
	.help = "a picture of PFs, VFs and domains for Graphviz: dot -Tsvg",
	.takes_domain = true,
	.fn = dot,
};
