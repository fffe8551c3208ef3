// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/memory.h"

#include <string.h>

#include "core/bind.h"

static bool is_known(const struct original *o, const struct vf_ref vf)
{
	return o && !o->is_name_only && store_is_about(o, vf.pf);
}

/* What the VF is now. In the hands of the backend already, what it was before cannot be known. */
static int describe(const struct engine *en, const struct step *s, struct original *ret,
		    struct err *e)
{
	const struct vf *vf = vf_of(s->vf);
	struct original o = { .pf = s->vf.pf->bdf,
			      .bdf = vf->bdf,
			      .index = s->vf.index,
			      .vendor = s->vf.pf->vendor,
			      .device = s->vf.pf->vf_device };
	int r = bind_driver_of(en->host, vf->bdf, o.driver, e);

	if (r == 0)
		r = bind_override_of(en->host, vf->bdf, o.driver_override, e);
	if (r < 0)
		return r;
	if (!strcmp(o.driver, en->ops->driver)) {
		o.is_name_only = true;
		o.driver[0] = o.driver_override[0] = '\0';
	}
	*ret = o;
	return 0;
}

static int take_one(struct memory *m, const struct engine *en, const struct step *s, struct err *e)
{
	const struct original *old = store_find(en->store, s->vf.pf->bdf, s->vf.index);
	struct memory_change *change = &m->v[m->n];
	struct original o;
	int r = 0;

	if (is_known(old, s->vf))
		o = *old;
	else
		r = describe(en, s, &o, e);
	if (r < 0)
		return r;
	snprintf(o.name, sizeof(o.name), "%s", s->options.name);
	if (o.is_name_only && !o.name[0] && !old)
		return 0;
	*change = (struct memory_change){ .old = old ? *old : o, .is_new = !old };
	r = store_put(en->store, &o, e);
	if (r == 0)
		m->n++;
	return r;
}

static void put_back(const struct memory *m, const struct engine *en)
{
	for (size_t i = m->n; i-- > 0;) {
		const struct memory_change *c = &m->v[i];

		if (c->is_new)
			store_forget(en->store, c->old.pf, c->old.index);
		else
			store_put(en->store, &c->old, NULL);
	}
}

int memory_take(struct memory *m, const struct engine *en, const struct plan *p, struct err *e)
{
	char label[VF_LABEL_MAX];
	int r = 0;

	m->v = calloc(p->n, sizeof(*m->v));
	if (!m->v)
		return err_set(e, ENOMEM, "out of memory");
	for (size_t i = 0; r == 0 && i < p->n; i++) {
		if (p->v[i].kind != STEP_ASSIGN)
			continue;
		r = take_one(m, en, &p->v[i], e);
		err_at(r < 0 ? e : NULL, r, vf_label(label, p->v[i].vf), "remember");
	}
	if (r == 0)
		r = store_commit(en->store, e);
	if (r < 0)
		put_back(m, en);
	return r;
}

void memory_drop(const struct memory *m, const struct engine *en)
{
	char text[sizeof(struct err)];
	struct err e = { 0 };

	put_back(m, en);
	if (store_commit(en->store, &e) < 0)
		log_note(&en->host->log, "the memory keeps what was not done: %s",
			 err_format(&e, text, sizeof(text)));
}

static int clear_name(const struct engine *en, const struct step *s, struct err *e)
{
	const struct original *old = store_find(en->store, s->vf.pf->bdf, s->vf.index);
	struct original o;

	if (!old || (!old->name[0] && !old->is_name_only))
		return 0;
	if (old->is_name_only) {
		store_forget(en->store, old->pf, old->index);
		return 0;
	}
	o = *old;
	o.name[0] = '\0';
	return store_put(en->store, &o, e);
}

int memory_finish(const struct engine *en, const struct plan *p, struct err *e)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < p->n; i++) {
		const struct step *s = &p->v[i];

		if (s->kind == STEP_GIVE_BACK)
			store_forget(en->store, s->vf.pf->bdf, s->vf.index);
		else if (s->kind == STEP_RELEASE)
			r = clear_name(en, s, e);
	}
	if (r == 0)
		r = store_commit(en->store, e);
	if (r < 0) {
		err_status(e, r, EXIT_LEFT);
		if (e)
			e->fix[0] = '\0';
		err_fix(e, r,
			"the devices are as asked, only the memory is not; make room there and "
			"run the same command again");
	}
	return r;
}

void memory_done(struct memory *m)
{
	free(m->v);
}
