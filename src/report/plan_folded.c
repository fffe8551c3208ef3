// SPDX-License-Identifier: GPL-2.0-or-later
/* The plan for who must approve it: what changes, and what that interrupts. */
#include "report/plan_report.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "report/plan_changes.h"

/* SGR parameters (ECMA-48 8.3.117). */
#define BOLD   "1"
#define RED    "31"
#define GREEN  "32"
#define YELLOW "33"
#define ALARM  "1;31"

struct page {
	FILE *out;
	bool colors;
};

static void put_colored(const struct page *p, const char *sgr, const char *text)
{
	if (p->colors)
		fprintf(p->out, "\033[%sm%s\033[0m", sgr, text);
	else
		fputs(text, p->out);
}

/* "! ~ numvfs      ", where '!' marks what interrupts. */
static void put_marks(const struct page *p, bool interrupts, char mark, const char *word)
{
	const char text[] = { mark, '\0' };

	if (interrupts)
		put_colored(p, ALARM, "!");
	fputs(interrupts ? " " : "  ", p->out);
	put_colored(p, mark == '+' ? GREEN : mark == '-' ? RED : YELLOW, text);
	fprintf(p->out, " %-11s ", word);
}

static char mark_of(const struct plan_change *c)
{
	const char *property = c->is.property;
	bool counts = !strcmp(property, "numvfs");

	if (!strcmp(property, "module") || (counts && !strcmp(c->is.now, "0")) ||
	    (c->is_new && !c->is.now[0]))
		return '+';
	if ((counts && !strcmp(c->is.want, "0")) || !strcmp(c->is.want, "none"))
		return '-';
	return '~';
}

static void put_value(const struct page *p, const struct plan_object *o, size_t i)
{
	const struct plan_change *c = &o->v[i];
	bool is_own = !strncmp(c->is.property, "mac", 3) || strstr(c->is.property, "guid");

	if (is_own && o->n_indexes > 1) {
		fputs("one each", p->out);
		return;
	}
	if (c->is.now[0]) {
		text_put(p->out, c->is.now);
		fputs(" -> ", p->out);
	}
	text_put(p->out, c->is.want);
	if (c->goes_through_none && !strcmp(c->is.property, "numvfs"))
		fputs(", through 0", p->out);
}

static void put_title(const struct page *p, const struct plan_object *o)
{
	_cleanup_free_ char *text = NULL;
	char bdf[BDF_STRLEN];
	size_t size;
	FILE *f;

	if (o->is_host) {
		put_colored(p, BOLD, "host");
		putc('\n', p->out);
		return;
	}
	f = open_memstream(&text, &size);
	if (!f)
		return;
	if (o->n_indexes)
		plan_print_indexes(o->vf.pf, o->indexes, o->n_indexes, f);
	else
		text_put(f, pf_label(bdf, o->vf.pf));
	if (memstream_close(f, &text) < 0)
		return;
	put_colored(p, BOLD, text);
	if (o->n_indexes > 1)
		fprintf(p->out, " (%zu VFs)", o->n_indexes);
	else if (!o->n_indexes)
		fprintf(p->out, " (%s)", bdf_str(bdf, o->vf.pf->bdf));
	else if (bdf_key(vf_of(o->vf)->bdf))
		fprintf(p->out, " (%s)", bdf_str(bdf, vf_of(o->vf)->bdf));
	putc('\n', p->out);
}

static void put_object(const struct page *p, const struct plan_object *o)
{
	put_title(p, o);
	for (size_t i = 0; i < o->n; i++) {
		put_marks(p, o->v[i].interrupts, mark_of(&o->v[i]), o->v[i].is.property);
		put_value(p, o, i);
		putc('\n', p->out);
	}
}

/* "net0/0-2, net1/0": neighbours of one PF together. */
static void put_devices(const struct page *p, const struct plan_delivery *d)
{
	_cleanup_free_ unsigned *indexes = calloc(d->n, sizeof(*indexes));

	for (size_t i = 0, k; indexes && i < d->n; i = k) {
		for (k = i;
		     k < d->n && d->v[k].pf == d->v[i].pf &&
		     (k == i || (!vf_is_whole(d->v[k]) && d->v[k].index > d->v[k - 1].index));
		     k++)
			indexes[k - i] = d->v[k].index;
		fputs(i ? ", " : "", p->out);
		plan_print_indexes(d->v[i].pf, indexes, k - i, p->out);
	}
	putc('\n', p->out);
}

static char mark_of_delivery(enum step_kind k)
{
	if (k == STEP_PERMISSIVE)
		return '~';
	return k == STEP_ATTACH || k == STEP_DEFINE ? '+' : '-';
}

static void put_deliveries(const struct page *p, const struct plan_changes *c)
{
	for (size_t i = 0; i < c->n_deliveries; i++) {
		const struct plan_delivery *d = &c->deliveries[i];

		if (!i || d->domain != d[-1].domain) {
			fputs("domain ", p->out);
			put_colored(p, BOLD, d->domain->name);
			putc('\n', p->out);
		}
		put_marks(p, d->interrupts, mark_of_delivery(d->kind), step_name(d->kind));
		put_devices(p, d);
	}
}

static void put_count(FILE *out, const char *lead, size_t n, const char *what)
{
	if (n)
		fprintf(out, "%s%zu %s%s", lead, n, what, n == 1 ? "" : "s");
}

static void put_summary(const struct page *p, const struct plan *plan, const struct plan_changes *c)
{
	size_t n_pfs = 0, n_vfs = 0, n_domains = 0;

	for (size_t i = 0; i < c->n_objects; i++) {
		n_pfs += !c->objects[i].n_indexes && !c->objects[i].is_host;
		n_vfs += c->objects[i].n_indexes;
	}
	for (size_t i = 0; i < c->n_deliveries; i++)
		n_domains += !i || c->deliveries[i].domain != c->deliveries[i - 1].domain;
	put_count(p->out, "", plan->n, "step");
	put_count(p->out, "; changes: ", n_pfs, "PF");
	put_count(p->out, n_pfs ? ", " : "; changes: ", n_vfs, "VF");
	put_count(p->out, n_pfs || n_vfs ? ", " : "; changes: ", n_domains, "domain");
	putc('\n', p->out);
}

static int put_interrupts(const struct page *p, const struct plan_report *r)
{
	_cleanup_free_ char *text = NULL;
	size_t size, n;
	FILE *f = open_memstream(&text, &size);

	if (!f)
		return -ENOMEM;
	n = plan_interrupts_text(r->host, r->plan, f);
	if (memstream_close(f, &text) < 0)
		return -ENOMEM;
	if (!n)
		fputs("Nothing that is in use is interrupted.\n", p->out);
	for (const char *s = text; *s; s += strcspn(s, "\n") + 1) {
		put_colored(p, ALARM, "!");
		text_line(p->out, " %.*s", (int)strcspn(s, "\n"), s);
	}
	return 0;
}

int plan_report_folded(const struct plan_report *r, bool colors, FILE *out)
{
	_cleanup_(plan_changes_done) struct plan_changes c = { 0 };
	const struct page p = { out, colors };

	if (!r->plan->n) {
		fputs("nothing to do\n", out);
		return 0;
	}
	if (plan_changes_make(&c, r->plan, r->host) < 0)
		return -ENOMEM;
	for (size_t i = 0; i < c.n_objects; i++)
		put_object(&p, &c.objects[i]);
	put_deliveries(&p, &c);
	putc('\n', out);
	put_summary(&p, r->plan, &c);
	return put_interrupts(&p, r);
}
