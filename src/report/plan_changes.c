// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/plan_changes.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"

static bool is_delivery(const struct step *s)
{
	return s->kind == STEP_ATTACH || s->kind == STEP_DETACH || s->kind == STEP_PERMISSIVE ||
	       s->kind == STEP_DEFINE || s->kind == STEP_UNDEFINE;
}

static int rank(const struct step *s)
{
	return s->kind == STEP_LOAD ? 0 : 1;
}

/* The host, PFs by address, each before its VFs; the steps of one object in their order. */
static int by_object(const void *a, const void *b)
{
	const struct step *x = *(const struct step *const *)a, *y = *(const struct step *const *)b;
	int r = rank(x) - rank(y);

	if (r == 0 && rank(x))
		r = bdf_cmp(x->vf.pf->bdf, y->vf.pf->bdf);
	/* NO_VF + 1 is 0 */
	if (r == 0 && rank(x) && x->vf.index != y->vf.index)
		r = x->vf.index + 1 < y->vf.index + 1 ? -1 : 1;
	return r ? r : (x > y) - (x < y);
}

static bool is_of(const struct plan_object *o, const struct step *s)
{
	return o->is_host == (s->kind == STEP_LOAD) && !o->is_host && o->vf.pf == s->vf.pf &&
	       o->vf.index == s->vf.index;
}

static bool is_none(const struct step_change *c)
{
	return !strcmp(c->want, "none") || !strcmp(c->want, "0");
}

static struct plan_change *find_change(struct plan_object *o, const char *property)
{
	for (size_t i = 0; i < o->n; i++)
		if (!strcmp(o->v[i].is.property, property))
			return &o->v[i];
	return NULL;
}

static int take_step(struct plan_object *o, const struct step *s, const struct host *h)
{
	struct plan_change new = { .is_new = s->is_new, .step = step_name(s->kind) }, *c;

	new.interrupts = step_interrupts(h, s);
	step_change(s, &new.is);
	c = find_change(o, new.is.property);
	if (c) {
		c->goes_through_none |= is_none(&c->is) && strcmp(c->is.now, c->is.want) != 0;
		c->interrupts |= new.interrupts;
		c->step = new.step;
		memcpy(c->is.want, new.is.want, sizeof(c->is.want));
		return 0;
	}
	if (ARRAY_GROW(o->v, o->n) < 0)
		return -ENOMEM;
	o->v[o->n++] = new;
	return 0;
}

static int add_index(struct plan_object *o, unsigned index)
{
	if (ARRAY_GROW(o->indexes, o->n_indexes) < 0)
		return -ENOMEM;
	o->indexes[o->n_indexes++] = index;
	return 0;
}

static int add_object(struct plan_changes *c, const struct step *s)
{
	struct plan_object *o;

	if (ARRAY_GROW(c->objects, c->n_objects) < 0)
		return -ENOMEM;
	o = &c->objects[c->n_objects++];
	*o = (struct plan_object){ .vf = s->vf, .is_host = s->kind == STEP_LOAD };
	return step_is_about_pf(s) ? 0 : add_index(o, s->vf.index);
}

static void object_done(struct plan_object *o)
{
	free(o->indexes);
	free(o->v);
}

/* What is as it was in the end, as autoprobe while VFs are made, is no change. */
static void drop_unchanged(struct plan_object *o)
{
	size_t n = 0;

	for (size_t i = 0; i < o->n; i++) {
		const struct plan_change *c = &o->v[i];

		if (strcmp(c->is.now, c->is.want) != 0 || c->interrupts ||
		    (c->goes_through_none && !strcmp(c->is.property, "numvfs")))
			o->v[n++] = *c;
	}
	o->n = n;
}

/* Addresses are the VF's own. */
static bool is_own(const char *property)
{
	return !strcmp(property, "mac") || !strcmp(property, "node_guid") ||
	       !strcmp(property, "port_guid");
}

static bool is_alike(const struct plan_object *a, const struct plan_object *b)
{
	bool same = a->vf.pf == b->vf.pf && a->n == b->n && a->n_indexes && b->n_indexes &&
		    !vf_is_whole(a->vf) && !vf_is_whole(b->vf) && !a->is_host && !b->is_host;

	for (size_t i = 0; same && i < a->n; i++) {
		const struct plan_change *x = &a->v[i], *y = &b->v[i];

		same = !strcmp(x->is.property, y->is.property) && x->is_new == y->is_new &&
		       x->interrupts == y->interrupts &&
		       (is_own(x->is.property) ||
			(!strcmp(x->is.now, y->is.now) && !strcmp(x->is.want, y->is.want)));
	}
	return same;
}

/* The VFs of @o join those that change alike; objects of @o's PF stand behind @first. */
static bool join(struct plan_changes *c, size_t first, struct plan_object *o, int *r)
{
	for (size_t i = first; i < c->n_objects; i++)
		if (&c->objects[i] != o && is_alike(&c->objects[i], o)) {
			*r = add_index(&c->objects[i], o->indexes[0]);
			return true;
		}
	return false;
}

/* The last object is whole now: drop it when it is none, or when it is like another. */
static int end_object(struct plan_changes *c, size_t *first)
{
	struct plan_object *o;
	int r = 0;

	if (!c->n_objects)
		return 0;
	o = &c->objects[c->n_objects - 1];
	drop_unchanged(o);
	if (c->objects[*first].vf.pf != o->vf.pf)
		*first = c->n_objects - 1;
	if (!o->n || join(c, *first, o, &r)) {
		object_done(o);
		c->n_objects--;
	}
	if (*first >= c->n_objects)
		*first = c->n_objects ? c->n_objects - 1 : 0;
	return r;
}

static int add_delivery(struct plan_changes *c, const struct step *s, const struct host *h)
{
	struct plan_delivery *d = NULL;
	size_t at = c->n_deliveries;

	for (size_t i = 0; i < c->n_deliveries; i++) {
		if (c->deliveries[i].domain != s->domain)
			continue;
		at = i + 1;
		if (c->deliveries[i].kind == s->kind)
			d = &c->deliveries[i];
	}
	if (!d) {
		if (ARRAY_GROW(c->deliveries, c->n_deliveries) < 0)
			return -ENOMEM;
		d = &c->deliveries[at];
		memmove(d + 1, d, (c->n_deliveries++ - at) * sizeof(*d));
		*d = (struct plan_delivery){ .domain = s->domain, .kind = s->kind };
	}
	if (ARRAY_GROW(d->v, d->n) < 0)
		return -ENOMEM;
	d->v[d->n++] = s->vf;
	d->interrupts |= step_interrupts(h, s);
	return 0;
}

static int add_steps(struct plan_changes *c, const struct step *const *sorted, size_t n,
		     const struct host *h)
{
	size_t first = 0;
	int r = 0;

	for (size_t i = 0; r == 0 && i < n; i++) {
		if (!i || !is_of(&c->objects[c->n_objects - 1], sorted[i])) {
			r = end_object(c, &first);
			if (r == 0)
				r = add_object(c, sorted[i]);
		}
		if (r == 0)
			r = take_step(&c->objects[c->n_objects - 1], sorted[i], h);
	}
	return r == 0 ? end_object(c, &first) : r;
}

int plan_changes_make(struct plan_changes *ret, const struct plan *p, const struct host *h)
{
	_cleanup_free_ const struct step **sorted = calloc(p->n + 1, sizeof(*sorted));
	size_t n = 0;
	int r = sorted ? 0 : -ENOMEM;

	*ret = (struct plan_changes){ 0 };
	for (size_t i = 0; r == 0 && i < p->n; i++)
		if (is_delivery(&p->v[i]))
			r = add_delivery(ret, &p->v[i], h);
		else
			sorted[n++] = &p->v[i];
	if (r < 0)
		return r;
	qsort(sorted, n, sizeof(const struct step *), by_object);
	return add_steps(ret, sorted, n, h);
}

void plan_changes_done(struct plan_changes *c)
{
	for (size_t i = 0; i < c->n_objects; i++)
		object_done(&c->objects[i]);
	for (size_t i = 0; i < c->n_deliveries; i++)
		free(c->deliveries[i].v);
	free(c->objects);
	free(c->deliveries);
	*c = (struct plan_changes){ 0 };
}

void plan_print_indexes(const struct pf *pf, const unsigned *indexes, size_t n, FILE *out)
{
	char label[VF_LABEL_MAX], name[BDF_STRLEN];
	const struct vf_ref first = { (struct pf *)pf, indexes[0] };

	if (vf_is_whole(first)) {
		vf_label(label, first);
		label[strcspn(label, " ")] = '\0';
		text_put(out, label);
		return;
	}
	text_put(out, pf_label(name, pf));
	for (size_t i = 0, k; i < n; i = k + 1) {
		for (k = i; k + 1 < n && indexes[k + 1] == indexes[k] + 1;)
			k++;
		fprintf(out, k > i ? "%c%u-%u" : "%c%u", i ? ',' : '/', indexes[i], indexes[k]);
	}
}
