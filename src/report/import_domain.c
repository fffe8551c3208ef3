// SPDX-License-Identifier: GPL-2.0-or-later
/* Running domains that have VFs, or functions as a whole, and how they have them. */
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "report/import_parts.h"

/* A domain as the survey calls it, looked at once. */
struct known {
	const char *name;
	size_t index; /* in topo->domains; NO_IMPORT: it cannot be there */
	bool is_managed;
};

struct looking {
	struct importing *im;
	struct known *known;
	size_t n_known;
	struct attachment *given; /* by address; NULL: not to be had */
	size_t n_given;
	struct err *e;
};

static int no_memory(struct err *e)
{
	return err_set(e, ENOMEM, "out of memory");
}

static int note_said(struct looking *l, size_t index, const struct err *said)
{
	return said->cause[0] ? topo_note(l->im->notes, NOTE_DOMAIN, index, "%s", said->cause) : 0;
}

/* The place of @name among those that are known. -ENOMEM. */
static int know(struct looking *l, const char *name, size_t *ret)
{
	struct topo_domain d = { .defaults = DEV_OPTIONS_INIT };
	const struct session *s = l->im->s;
	struct err why = { 0 };
	struct known *k;
	int r;

	for (*ret = 0; *ret < l->n_known; ++*ret)
		if (!strcmp(l->known[*ret].name, name))
			return 0;
	if (ARRAY_GROW(l->known, l->n_known) < 0)
		return -ENOMEM;
	k = &l->known[l->n_known++];
	*k = (struct known){ .name = name, .index = NO_IMPORT };
	r = s->ops->describe ? s->ops->describe(s->backend, name, &d, &why) : 0;
	if (r == 0)
		r = import_guest_add(l->im, name, &d, &k->index, &why);
	topo_domain_done(&d);
	if (r == 0)
		return note_said(l, k->index, &why);
	if (r == -ENOMEM)
		return r;
	k->is_managed = r == -EBUSY;
	return topo_note_missing(l->im->notes, NOTE_END, 0, "domain %s: %s", name, why.cause);
}

static const struct attachment *given_to(const struct looking *l, const struct vf *vf)
{
	const struct attachment *a =
		l->given ? bsearch(&vf->bdf, l->given, l->n_given, sizeof(*l->given), bdf_order)
			 : NULL;

	return a && !strcmp(a->domain, vf->domain) ? a : NULL;
}

/* What is not as without a word of anybody. What the kernel lets the guest write counts, whatever
 * was asked for when it was attached. */
static struct dev_options options_of(const struct attachment *a, const struct vf *vf)
{
	struct dev_options o = DEV_OPTIONS_INIT;
	bool asked = a && a->options.permissive == 1;

	if (vf->permissive == 1 || (vf->permissive == UNKNOWN && asked))
		o.permissive = 1;
	if (!a)
		return o;
	if (a->options.msitranslate == 1)
		o.msitranslate = 1;
	if (a->options.power_mgmt == 1)
		o.power_mgmt = 1;
	if (a->options.rdm_policy == RDM_RELAXED)
		o.rdm_policy = RDM_RELAXED;
	memcpy(o.name, a->options.name, sizeof(o.name));
	return o;
}

static int add_vf(struct looking *l, size_t p, unsigned i)
{
	struct importing *im = l->im;
	const struct vf *vf = &im->inv->pfs[p].vfs[i];
	struct import_holder *h = &im->holders[p][i];
	struct dev_options o;
	size_t k;
	int r;

	if (vf->state != VF_ATTACHED || !vf->domain)
		return 0;
	r = know(l, vf->domain, &k);
	if (r < 0)
		return r;
	h->domain = l->known[k].index;
	h->is_managed = l->known[k].is_managed;
	if (h->domain == NO_IMPORT)
		return topo_note_missing(im->notes, NOTE_END, 0, "%s/%u is in domain %s",
					 im->topo->pfs[p].name, i, vf->domain);
	o = options_of(given_to(l, vf), vf);
	return import_guest_give(im, h->domain, p, i, &o);
}

/* One that a domain has as a whole. */
static int add_whole(struct looking *l, struct vf_ref at)
{
	const struct vf *vf = vf_of(at);
	char bdf[BDF_STRLEN];
	struct dev_options o;
	size_t k;
	int r;

	if (vf->state != VF_ATTACHED || !vf->domain)
		return 0;
	r = know(l, vf->domain, &k);
	if (r < 0)
		return r;
	if (l->known[k].index == NO_IMPORT)
		return topo_note_missing(l->im->notes, NOTE_END, 0, "%s is in domain %s",
					 bdf_str(bdf, vf->bdf), vf->domain);
	o = options_of(given_to(l, vf), vf);
	return import_whole_add(l->im, vf_identity(at).pf, l->known[k].index, &o);
}

static int add_wholes(struct looking *l)
{
	struct vf_ref at = { 0 };
	int r = 0;

	while (r == 0 && inventory_next(l->im->inv, &at))
		if (vf_is_whole(at))
			r = add_whole(l, at);
	return r;
}

/* Bridges, and what is not there. */
static int note_others(struct looking *l)
{
	char bdf[BDF_STRLEN];
	struct vf_ref f;
	int r = 0;

	for (size_t i = 0; r == 0 && i < l->n_given; i++)
		if (!inventory_find_function(l->im->inv, l->given[i].bdf, &f))
			r = topo_note_missing(l->im->notes, NOTE_END, 0,
					      "%s, which domain %s has, is no function that can be "
					      "given",
					      bdf_str(bdf, l->given[i].bdf), l->given[i].domain);
	return r;
}

/* The options of each, which are no reason not to go on. */
static int read_given(struct looking *l)
{
	struct session *s = l->im->s;
	struct err why = { 0 };

	if (!s->ops->list)
		return 0;
	if (s->ops->list(s->backend, NULL, &l->given, &l->n_given, &why) < 0)
		return why.code == ENOMEM ? -ENOMEM
					  : topo_note_missing(l->im->notes, NOTE_END, 0,
							      "options of devices: %s", why.cause);
	qsort(l->given, l->n_given, sizeof(*l->given), bdf_order);
	return 0;
}

static int look(struct looking *l)
{
	const struct inventory *inv = l->im->inv;
	int r = read_given(l);

	for (size_t p = 0; r == 0 && p < inv->n_pfs; p++)
		for (unsigned i = 0; r == 0 && i < inv->pfs[p].numvfs; i++)
			r = add_vf(l, p, i);
	if (r == 0)
		r = add_wholes(l);
	return r == 0 ? note_others(l) : r;
}

static int make_holders(struct importing *im)
{
	im->holders = calloc(im->inv->n_pfs + 1, sizeof(*im->holders));
	for (size_t p = 0; im->holders && p < im->inv->n_pfs; p++) {
		const struct pf *pf = &im->inv->pfs[p];
		unsigned n = pf->n_vfs > pf->totalvfs ? pf->n_vfs : pf->totalvfs;

		im->holders[p] = calloc(n + 1, sizeof(**im->holders));
		if (!im->holders[p])
			return -ENOMEM;
		for (unsigned i = 0; i < n; i++)
			im->holders[p][i].domain = NO_IMPORT;
	}
	return im->holders ? 0 : -ENOMEM;
}

int import_domains(struct importing *im, struct err *e)
{
	struct looking l = { .im = im, .e = e };
	struct session *s = im->s;
	int r = make_holders(im);

	if (r == 0 && im->o->only_files)
		return 0;
	if (r == 0 && im->inv->domains_unseen && s->unseen.code == ENOMEM)
		r = -ENOMEM;
	if (r == 0 && im->inv->domains_unseen)
		r = topo_note_missing(im->notes, NOTE_END, 0,
				      "domains, and which VFs they have: %s", s->unseen.cause);
	else if (r == 0 && s->ops && s->backend)
		r = look(&l);
	free(l.known);
	free(l.given);
	return r < 0 ? no_memory(e) : 0;
}
