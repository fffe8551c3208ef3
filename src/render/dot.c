// SPDX-License-Identifier: GPL-2.0-or-later
/* Draws a picture for Graphviz: PFs, their VFs, and the domains that get them. */
#include <stdlib.h>

#include "base/text.h"
#include "render/fates.h"

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

static void print_run_label(const struct render_in *in, const struct run *r, FILE *out)
{
	char text[BDF_STRLEN];
	struct bdf b;

	fates_print_name(in, r, out);
	if (!wanted_bdf(in->pfs[r->pf], r->first, &b))
		return;
	fprintf(out, "\\n%s", bdf_str(text, b));
	if (r->last != r->first && wanted_bdf(in->pfs[r->pf], r->last, &b))
		fprintf(out, " .. %s", bdf_str(text, b));
	if (render_is_computed(in, r->pf, r->last))
		fputs(" (" RENDER_COMPUTED ")", out);
}

/* How VFs that no domain gets are drawn. */
static const char *const styles[] = {
	[-FATE_FREE] = "dashed",  [-FATE_HOST] = "filled", [-FATE_NONE] = "dotted",
	[-FATE_ASSIGN] = "solid", [-FATE_KEEP] = "dashed",
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
	fates_print_name(in, r, out);
	fputs("\" [label=\"", out);
	print_run_label(in, r, out);
	if (r->fate < 0)
		fprintf(out, "\\n%s\", style=%s];\n", fate_words(r->fate), styles[-r->fate]);
	else
		fputs("\"];\n", out);
	fputs("\t\"pf ", out);
	render_text(in->topo->pfs[r->pf].name, out);
	fputs("\" -> \"", out);
	fates_print_name(in, r, out);
	fputs("\";\n", out);
	if (r->fate < 0)
		return 0;
	fputs("\t\"", out);
	fates_print_name(in, r, out);
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
	struct run r;
	bool has_pf = false;
	int rc = fates_of(in, pf, &f, e);

	if (rc < 0)
		return rc;
	if (!in->domain) {
		print_pf(in, pf, out);
		has_pf = true;
	}
	for (unsigned i = 0; i < f.n; i = r.last + 1) {
		r = fates_run(&f, pf, i);
		if (!fate_is_shown(in, r.fate))
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
