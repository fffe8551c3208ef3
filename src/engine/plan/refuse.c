// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/plan/refuse.h"

#include <stdlib.h>

#include "base/array.h"
#include "host/guard/guard.h"

int takes_add(struct takes *t, struct bdf dev, struct err *e)
{
	if (ARRAY_GROW(t->v, t->n) < 0)
		return err_set(e, ENOMEM, "out of memory");
	t->v[t->n++] = dev;
	return 0;
}

void takes_sort(struct takes *t)
{
	if (t->n)
		qsort(t->v, t->n, sizeof(*t->v), bdf_order);
}

int takes_of_plan(struct takes *ret, const struct plan *p, struct err *e)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < p->n; i++)
		if (p->v[i].kind == STEP_ASSIGN)
			r = takes_add(ret, vf_of(p->v[i].vf)->bdf, e);
	takes_sort(ret);
	return r;
}

void takes_done(struct takes *t)
{
	free(t->v);
	*t = (struct takes){ 0 };
}

static struct refusal_ask ask_of(const struct refuse *r, struct vf_ref vf)
{
	return (struct refusal_ask){ .host = r->host,
				     .backend = r->backend,
				     .vf = vf,
				     .with = r->takes ? r->takes->v : NULL,
				     .n_with = r->takes ? r->takes->n : 0 };
}

int refuse_host(const struct refuse *r, struct err *e)
{
	const struct refusal_ask ask = ask_of(r, (struct vf_ref){ 0 });

	return r->ops ? refusal_ask(r->ops->refusals, &ask, e) : 0;
}

int refuse_assign(const struct refuse *r, struct vf_ref vf, struct err *e)
{
	const struct refusal_ask ask = ask_of(r, vf);

	return r->ops ? refusal_ask(r->ops->refusals, &ask, e) : 0;
}

static int ask_guard(const struct refuse *r, struct vf_ref vf, struct err *e)
{
	char label[VF_LABEL_MAX];

	if (vf_of(vf)->state == VF_ABSENT)
		return 0;
	vf_label(label, vf);
	if (vf_is_whole(vf))
		return guard_take_whole(r->host, vf_of(vf)->bdf, label, e);
	return guard_take(r->host, vf_of(vf)->bdf, label, e);
}

int refuse_take(const struct refuse *r, struct vf_ref vf, struct err *e)
{
	int x = ask_guard(r, vf, e);

	return x < 0 ? x : refuse_assign(r, vf, e);
}

void refuse_take_each(const struct refuse *r, struct vf_ref vf,
		      void (*say)(void *arg, const struct err *e), void *arg)
{
	const struct refusal_ask ask = ask_of(r, vf);
	const struct refusal *row = r->ops ? r->ops->refusals : NULL;
	struct err why = { 0 };

	if (ask_guard(r, vf, &why) < 0)
		say(arg, &why);
	while ((row = refusal_next(row, &ask, &why))) {
		say(arg, &why);
		row++;
	}
}

void refuse_host_walk(const struct refuse *r, refuse_say *say, void *arg)
{
	const struct refusal_ask ask = ask_of(r, (struct vf_ref){ 0 });

	if (r->ops)
		refusal_walk(r->ops->refusals, &ask, say, arg);
}

void refuse_take_walk(const struct refuse *r, struct vf_ref vf, refuse_say *say, void *arg)
{
	static const struct refusal guard = { .name = "guard" };
	const struct refusal_ask ask = ask_of(r, vf);
	struct err why = { 0 };

	say(arg, &guard, ask_guard(r, vf, &why) < 0 ? &why : NULL, false);
	if (r->ops)
		refusal_walk(r->ops->refusals, &ask, say, arg);
}

static struct refusal_ask ask_of_domain(const struct refuse *r, const struct refuse_gets *g,
					struct err *unseen)
{
	struct refusal_ask ask = ask_of(r, (struct vf_ref){ 0 });

	ask.domain = g->domain;
	ask.vfs = g->vfs;
	ask.options = g->options;
	ask.n = g->n;
	ask.is_last = g->is_last;
	ask.unseen = unseen;
	return ask;
}

int refuse_attach(const struct refuse *r, const struct refuse_gets *g, struct err *unseen,
		  struct err *e)
{
	const struct refusal_ask ask = ask_of_domain(r, g, unseen);

	return r->ops && g->n ? refusal_ask(r->ops->attach_refusals, &ask, e) : 0;
}

void refuse_attach_each(const struct refuse *r, const struct refuse_gets *g, struct err *unseen,
			bool (*say)(void *arg, const struct refusal *row, const struct err *e),
			void *arg)
{
	const struct refusal_ask ask = ask_of_domain(r, g, unseen);
	const struct refusal *row = r->ops && g->n ? r->ops->attach_refusals : NULL;
	struct err why;

	while ((row = refusal_next(row, &ask, &why)) && say(arg, row, &why))
		row++;
}

void refuse_attach_walk(const struct refuse *r, const struct refuse_gets *g, refuse_say *say,
			void *arg)
{
	const struct refusal_ask ask = ask_of_domain(r, g, NULL);

	if (r->ops)
		refusal_walk(r->ops->attach_refusals, &ask, say, arg);
}
