// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/tree.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

/* SGR parameters (ECMA-48 8.3.117). */
#define BOLD   "1"
#define RED    "31"
#define GREEN  "32"
#define YELLOW "33"
#define CYAN   "36"

#define NAMED 4u /* how many network devices of a run are named */

/* One card: its VFs, and for each the domain that the topology gives it to. */
struct card {
	const struct pf *pf;
	const struct topo_domain **wanted;
};

static void card_done(struct card *c)
{
	free(c->wanted);
}

static int read_card(const struct tree_view *v, const struct pf *pf, struct card *ret)
{
	const struct binding *b = v->bound;

	ret->pf = pf;
	ret->wanted = calloc(pf->n_vfs + 1u, sizeof(const struct topo_domain *));
	if (!ret->wanted)
		return -ENOMEM;
	for (size_t d = 0; b->topo && b->wanted && d < b->topo->n_domains; d++)
		for (size_t i = 0; i < b->wanted[d].n; i++) {
			const struct wanted_vf *w = &b->wanted[d].v[i];

			if (b->pfs[w->pf] == pf && w->index < pf->n_vfs)
				ret->wanted[w->index] = &b->topo->domains[d];
		}
	return 0;
}

static bool is_same_text(const char *a, const char *b)
{
	return a == b || (a && b && !strcmp(a, b));
}

static const char *wanted_name(const struct card *c, unsigned i)
{
	return c->wanted[i] ? c->wanted[i]->name : NULL;
}

/* What the topology wants instead; NULL: nothing else, as far as is known. */
static const char *wish(const struct tree_view *v, const struct card *c, unsigned i)
{
	const char *name = wanted_name(c, i);

	if (is_same_text(name, c->pf->vfs[i].domain) || !name || v->inv->domains_unseen)
		return NULL;
	return name;
}

static bool shows(const struct tree_view *v, const struct card *c, unsigned i)
{
	return !v->domain || is_same_text(v->domain, c->pf->vfs[i].domain) ||
	       is_same_text(v->domain, wanted_name(c, i));
}

static bool is_alike(const struct card *c, unsigned a, unsigned b)
{
	const struct pf *pf = c->pf;
	const struct vf *x = &pf->vfs[a], *y = &pf->vfs[b];

	return c->wanted[a] == c->wanted[b] && is_same_text(x->driver, y->driver) &&
	       is_same_text(x->domain, y->domain) && is_same_text(x->why, y->why) &&
	       x->state == y->state && x->permissive == y->permissive && !x->netdev == !y->netdev &&
	       (!pf->attrs ||
		vf_attrs_agree(&pf->attrs[a], &pf->attrs[b], ~(VF_ATTR_MAC | VF_ATTR_GUIDS)));
}

/* The next VFs that are shown and alike, from @first on; false when there are none. */
static bool next_run(const struct tree_view *v, const struct card *c, unsigned *first,
		     unsigned *last)
{
	while (*first < c->pf->n_vfs && !shows(v, c, *first))
		++*first;
	*last = *first;
	while (*last + 1 < c->pf->n_vfs && shows(v, c, *last + 1) && is_alike(c, *first, *last + 1))
		++*last;
	return *first < c->pf->n_vfs;
}

static void put_colored(const struct tree_view *v, FILE *out, const char *sgr, const char *text)
{
	if (v->colors)
		fprintf(out, "\033[%sm", sgr);
	text_put(out, text);
	if (v->colors)
		fputs("\033[0m", out);
}

static void put_head(const struct tree_view *v, const struct pf *pf, FILE *out)
{
	char bdf[BDF_STRLEN];

	put_colored(v, out, BOLD, pf->name ? pf->name : bdf_str(bdf, pf->bdf));
	if (pf->name)
		fprintf(out, "  %s", bdf_str(bdf, pf->bdf));
	if (pf->netdev) {
		putc(' ', out);
		text_put(out, pf->netdev);
	}
	if (pf->driver) {
		putc(' ', out);
		text_put(out, pf->driver);
	}
	if (!pf->of)
		fprintf(out, "  %u of %u VF%s", pf->numvfs, pf->totalvfs, text_s(pf->totalvfs));
	putc('\n', out);
}

static void put_state(const struct tree_view *v, const struct vf *vf, FILE *out)
{
	static const char *const sgr[] = {
		[VF_ABSENT] = BOLD,    [VF_HOST] = "0",	 [VF_ASSIGNABLE] = CYAN,
		[VF_ATTACHED] = GREEN, [VF_STALE] = RED, [VF_BROKEN] = RED
	};

	put_colored(v, out, sgr[vf->state], vf_state_name((enum vf_state)vf->state));
	if (vf->domain) {
		fputs(v->ascii ? " -> " : " \u2192 ", out);
		put_colored(v, out, BOLD, vf->domain);
	}
	if (vf->state == VF_HOST) {
		putc(' ', out);
		text_put(out, vf->driver ? vf->driver : "no driver");
	}
	if (vf->permissive == 1)
		fputs(" permissive", out);
}

static void put_netdevs(const struct pf *pf, unsigned first, unsigned last, FILE *out)
{
	unsigned n = 0;

	for (unsigned i = first; i <= last; i++) {
		if (!pf->vfs[i].netdev)
			continue;
		if (n < NAMED) {
			fputs(n ? ", " : "  ", out);
			text_put(out, pf->vfs[i].netdev);
		}
		n++;
	}
	if (n > NAMED)
		fprintf(out, " and %u more", n - NAMED);
}

/* Only settings that a new VF does not have; the address of a single VF. */
static void put_attrs(const struct pf *pf, unsigned first, unsigned last, FILE *out)
{
	const struct vf_attrs *a = pf->attrs ? &pf->attrs[first] : NULL;
	static const struct vf_attrs zero;
	const unsigned silent = VF_ATTR_PROTO | VF_ATTR_SPOOFCHK | VF_ATTR_GUIDS;
	char text[VF_ATTR_TEXT];

	for (unsigned bit = 0; a && bit < VF_ATTR_N; bit++) {
		const struct vf_attr_info *info = vf_attr_info(bit);
		bool is_mac = info->kind == VF_KIND_MAC;

		if (!(a->given & ~silent & 1u << bit) || (is_mac && first != last) ||
		    (is_mac ? !mac_cmp(a->mac, zero.mac) : !vf_attr_number(a, info)))
			continue;
		fprintf(out, "  %s", vf_attr_text(text, a, (enum vf_attr)(1u << bit)));
	}
}

static void put_run(const struct tree_view *v, const struct card *c, unsigned first, unsigned last,
		    bool is_last, FILE *out)
{
	const struct vf *vf = &c->pf->vfs[first];
	const char *other = wish(v, c, first);
	char range[32];

	snprintf(range, sizeof(range), first == last ? "%u" : "%u-%u", first, last);
	fprintf(out, "%s %-7s ",
		v->ascii ? (is_last ? "`-" : "|-") : (is_last ? "\u2514\u2500" : "\u251c\u2500"),
		range);
	put_state(v, vf, out);
	if (vf->state == VF_HOST)
		put_netdevs(c->pf, first, last, out);
	put_attrs(c->pf, first, last, out);
	if (other) {
		fputs("  ", out);
		put_colored(v, out, YELLOW, "topology: ");
		put_colored(v, out, YELLOW, other);
	}
	if (vf->why) {
		fputs("  (", out);
		text_put(out, vf->why);
		putc(')', out);
	}
	putc('\n', out);
}

static int put_card(const struct tree_view *v, const struct pf *pf, FILE *out)
{
	_cleanup_(card_done) struct card c = { 0 };
	unsigned first = 0, last;
	bool more;

	if (read_card(v, pf, &c) < 0)
		return -ENOMEM;
	more = next_run(v, &c, &first, &last);
	if (!more && v->domain)
		return 0;
	put_head(v, pf, out);
	while (more) {
		unsigned next = last + 1, next_last;
		const unsigned from = first, to = last;

		more = next_run(v, &c, &next, &next_last);
		put_run(v, &c, from, to, !more, out);
		first = next;
		last = next_last;
	}
	return 0;
}

bool tree_has_domain(const struct tree_view *v, const char *name)
{
	const struct topology *t = v->bound->topo;
	struct vf_ref f = { 0 };

	for (size_t i = 0; t && i < t->n_domains; i++)
		if (!strcmp(t->domains[i].name, name))
			return true;
	while (inventory_next(v->inv, &f))
		if (is_same_text(vf_of(f)->domain, name))
			return true;
	return false;
}

int tree_text(const struct tree_view *v, FILE *out)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < v->inv->n_pfs; i++)
		if (!v->pf || v->pf == &v->inv->pfs[i])
			r = put_card(v, &v->inv->pfs[i], out);
	for (size_t i = 0; r == 0 && i < v->inv->n_devices; i++)
		if (!v->pf || v->pf == v->inv->devices[i])
			r = put_card(v, v->inv->devices[i], out);
	return r == 0 && (ferror(out) || fflush(out)) ? -errno : r;
}
