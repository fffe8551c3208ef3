// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Draws the same picture as dot without Graphviz: PFs on the left, their VFs in the middle, domains
 * on the right, a row for each run of VFs.
 */
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "render/fates.h"

/* Pixels. Widths of texts are guesses, so boxes have room to spare. */
#define ROW	26u
#define BOX	22u
#define GAP	70u
#define MARGIN	10u
#define CHAR	7u
#define PADDING 16u

/* A row of the middle column. */
struct row {
	struct run run;
	char *name, *note; /* "net0/0-3", "host driver" or "" */
};

/* A box on either side, centred on its rows. */
struct side {
	char *title, *note;
	size_t sum, n; /* of the numbers of its rows */
	unsigned y;
};

struct picture {
	struct row *rows;
	size_t n_rows;
	struct side *pfs, *domains; /* of the topology, by index; those without rows are left out */
	size_t n_pfs, n_domains;
	unsigned pf_width, row_width, domain_width;
};

static void picture_done(struct picture *p)
{
	for (size_t i = 0; i < p->n_rows; i++) {
		free(p->rows[i].name);
		free(p->rows[i].note);
	}
	for (size_t i = 0; p->pfs && i < p->n_pfs; i++) {
		free(p->pfs[i].title);
		free(p->pfs[i].note);
	}
	for (size_t i = 0; p->domains && i < p->n_domains; i++) {
		free(p->domains[i].title);
		free(p->domains[i].note);
	}
	free(p->rows);
	free(p->pfs);
	free(p->domains);
}

static void put_xml(const char *s, FILE *out)
{
	_cleanup_free_ char *clean = NULL;
	size_t size;
	FILE *f = open_memstream(&clean, &size);

	if (!f)
		return;
	render_text(s, f);
	if (memstream_close(f, &clean) < 0)
		return;
	for (const char *c = clean; *c; c++)
		if (*c == '&' || *c == '<' || *c == '>')
			fputs(*c == '&' ? "&amp;" : *c == '<' ? "&lt;" : "&gt;", out);
		else
			putc(*c, out);
}

static unsigned width_of(const char *a, const char *b)
{
	size_t n = strlen(a) + strlen(b) + 2;

	return (unsigned)(n > 200 ? 200 : n) * CHAR + PADDING;
}

static void widen(unsigned *width, unsigned w)
{
	if (w > *width)
		*width = w;
}

static char *run_name(const struct render_in *in, const struct run *r)
{
	char *text = NULL;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	if (!f)
		return NULL;
	fates_print_name(in, r, f);
	return memstream_close(f, &text) < 0 ? NULL : text;
}

/* "0000:01:10.0", or what the VFs are when no domain gets them. */
static char *run_note(const struct render_in *in, const struct run *r)
{
	char text[BDF_STRLEN];
	struct bdf b;

	if (r->fate < 0)
		return strdup(fate_words(r->fate));
	return strdup(wanted_bdf(in->pfs[r->pf], r->first, &b) ? bdf_str(text, b) : "");
}

static int add_row(struct picture *p, const struct render_in *in, const struct run *r)
{
	struct row *row;

	if (ARRAY_GROW(p->rows, p->n_rows) < 0)
		return -ENOMEM;
	row = &p->rows[p->n_rows];
	*row = (struct row){ *r, run_name(in, r), run_note(in, r) };
	p->pfs[r->pf].sum += p->n_rows;
	p->pfs[r->pf].n++;
	if (r->fate >= 0) {
		p->domains[r->fate].sum += p->n_rows;
		p->domains[r->fate].n++;
	}
	p->n_rows++;
	if (!row->name || !row->note)
		return -ENOMEM;
	widen(&p->row_width, width_of(row->name, row->note));
	return 0;
}

static int add_pf(struct picture *p, const struct render_in *in, size_t i)
{
	const struct topo_pf *want = &in->topo->pfs[i];
	const struct pf *have = in->pfs[i];
	char bdf[BDF_STRLEN], note[96];

	if (have)
		snprintf(note, sizeof(note), "%s %.40s", bdf_str(bdf, have->bdf),
			 have->driver ? have->driver : "");
	else
		snprintf(note, sizeof(note), "not on this host");
	p->pfs[i].title = strdup(want->name);
	p->pfs[i].note = strdup(note);
	if (!p->pfs[i].title || !p->pfs[i].note)
		return -ENOMEM;
	widen(&p->pf_width, width_of(want->name, note));
	return 0;
}

static int add_vfs(struct picture *p, const struct render_in *in, size_t pf, struct err *e)
{
	_cleanup_(fates_done) struct fates f = { 0 };
	struct run r;
	int rc = fates_of(in, pf, &f, e);

	for (unsigned i = 0; rc == 0 && i < f.n; i = r.last + 1) {
		r = fates_run(&f, pf, i);
		if (fate_is_shown(in, r.fate))
			rc = add_row(p, in, &r);
	}
	return rc < 0 ? err_set(e, ENOMEM, "out of memory") : 0;
}

static int add_domains(struct picture *p, const struct render_in *in)
{
	static const char *const types[] = {
		[DOMAIN_UNKNOWN] = "",
		[DOMAIN_PV] = "PV",
		[DOMAIN_HVM] = "HVM",
		[DOMAIN_PVH] = "PVH",
	};

	for (size_t i = 0; i < p->n_domains; i++) {
		const struct topo_domain *d = &in->topo->domains[i];

		p->domains[i].title = strdup(d->name);
		p->domains[i].note = strdup(types[d->xen_type]);
		if (!p->domains[i].title || !p->domains[i].note)
			return -ENOMEM;
		widen(&p->domain_width, width_of(d->name, types[d->xen_type]));
	}
	return 0;
}

static int fill(struct picture *p, const struct render_in *in, struct err *e)
{
	int r;

	p->n_pfs = in->topo->n_pfs;
	p->n_domains = in->topo->n_domains;
	p->pfs = calloc(p->n_pfs + 1, sizeof(*p->pfs));
	p->domains = calloc(p->n_domains + 1, sizeof(*p->domains));
	r = p->pfs && p->domains ? add_domains(p, in) : -ENOMEM;
	for (size_t i = 0; r == 0 && i < p->n_pfs; i++) {
		r = add_pf(p, in, i);
		if (r == 0)
			r = add_vfs(p, in, i, e);
	}
	return r < 0 ? err_set(e, ENOMEM, "out of memory") : 0;
}

/* Boxes stand at the middle of their rows, and below the one before. Returns the end of the last.
 */
static unsigned place(struct side *v, size_t n, bool with_empty)
{
	unsigned end = MARGIN;

	for (size_t i = 0; i < n; i++) {
		if (!v[i].n && !with_empty)
			continue;
		v[i].y = MARGIN + (v[i].n ? (unsigned)(v[i].sum * ROW / v[i].n) : 0);
		if (v[i].y < end)
			v[i].y = end;
		end = v[i].y + ROW;
	}
	return end;
}

static void put_box(FILE *out, const char *class, unsigned x, unsigned y, unsigned width,
		    const char *title, const char *note)
{
	fprintf(out, "<rect class=\"%s\" x=\"%u\" y=\"%u\" width=\"%u\" height=\"%u\" rx=\"4\"/>\n",
		class, x, y, width, BOX);
	fprintf(out, "<text x=\"%u\" y=\"%u\"><tspan class=\"name\">", x + PADDING / 2, y + 15);
	put_xml(title, out);
	fputs("</tspan>", out);
	if (*note) {
		fputs(" <tspan class=\"note\">", out);
		put_xml(note, out);
		fputs("</tspan>", out);
	}
	fputs("</text>\n", out);
}

/* A curve from the right edge of one box to the left edge of another. */
static void put_line(FILE *out, unsigned x1, unsigned y1, unsigned x2, unsigned y2)
{
	unsigned middle = (x1 + x2) / 2;

	fprintf(out, "<path d=\"M%u %uC%u %u %u %u %u %u\"/>\n", x1, y1 + BOX / 2, middle,
		y1 + BOX / 2, middle, y2 + BOX / 2, x2, y2 + BOX / 2);
}

static const char *class_of(long fate)
{
	static const char *const classes[] = {
		[-FATE_FREE] = "free", [-FATE_HOST] = "host", [-FATE_NONE] = "free",
		[-FATE_ASSIGN] = "vf", [-FATE_KEEP] = "free",
	};

	return fate >= 0 ? "vf" : classes[-fate];
}

static void draw(const struct picture *p, unsigned height, bool with_empty, FILE *out)
{
	unsigned x_row = MARGIN + p->pf_width + GAP, x_domain = x_row + p->row_width + GAP;
	unsigned width = x_domain + p->domain_width + MARGIN;

	fprintf(out,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%u\" height=\"%u\" "
		"viewBox=\"0 0 %u %u\">\n",
		width, height, width, height);
	fputs("<style>\n"
	      "text{font:12px sans-serif;fill:#222}.name{font-weight:bold}.note{fill:#666}\n"
	      "rect{fill:#fff;stroke:#555}.pf{fill:#dde8f5}.domain{fill:#e3f2dc}.host{fill:#eee}\n"
	      ".free{stroke-dasharray:4 3}path{fill:none;stroke:#888}\n"
	      "</style>\n",
	      out);
	fprintf(out, "<rect width=\"%u\" height=\"%u\" style=\"stroke:none\"/>\n", width, height);
	for (size_t i = 0; i < p->n_rows; i++) {
		const struct row *r = &p->rows[i];
		unsigned y = MARGIN + (unsigned)i * ROW;

		put_line(out, MARGIN + p->pf_width, p->pfs[r->run.pf].y, x_row, y);
		if (r->run.fate >= 0)
			put_line(out, x_row + p->row_width, y, x_domain, p->domains[r->run.fate].y);
		put_box(out, class_of(r->run.fate), x_row, y, p->row_width, r->name, r->note);
	}
	for (size_t i = 0; i < p->n_pfs; i++)
		if (p->pfs[i].n || with_empty)
			put_box(out, "pf", MARGIN, p->pfs[i].y, p->pf_width, p->pfs[i].title,
				p->pfs[i].note);
	for (size_t i = 0; i < p->n_domains; i++)
		if (p->domains[i].n || with_empty)
			put_box(out, "domain", x_domain, p->domains[i].y, p->domain_width,
				p->domains[i].title, p->domains[i].note);
	fputs("</svg>\n", out);
}

static int svg(const struct render_in *in, FILE *out, struct problems *notes UNUSED, struct err *e)
{
	_cleanup_(picture_done) struct picture p = { 0 };
	unsigned height, other;
	int r = fill(&p, in, e);

	if (r < 0)
		return r;
	height = MARGIN + (unsigned)p.n_rows * ROW;
	other = place(p.pfs, p.n_pfs, !in->domain);
	height = other > height ? other : height;
	other = place(p.domains, p.n_domains, !in->domain);
	height = other > height ? other : height;
	draw(&p, height + MARGIN, !in->domain, out);
	return 0;
}

const struct renderer render_svg = {
	.name = "svg",
	.help = "the same picture as SVG, for a browser or a page",
	.takes_domain = true,
	.fn = svg,
};
