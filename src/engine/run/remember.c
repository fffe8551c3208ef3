// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/run/remember.h"

#include <string.h>

#include "base/array.h"
#include "host/pci/bind.h"
#include "engine/run/journal_text.h"
#include "engine/run/unrestored.h"

static struct remember_change *add_change(struct remember *m)
{
	if (ARRAY_GROW(m->v, m->n) < 0)
		return NULL;
	return &m->v[m->n];
}

static bool is_known(const struct vf_saved *o, const struct vf_ref vf)
{
	return o && !o->is_name_only && state_is_about(o, vf_identity(vf).pf);
}

/* Assignable by another tool it was, and is no more: its driver is known now. One that vfyard gave
 * to the host has its driver from the topology, which counts when it is taken again. */
static bool is_over(const struct vf_saved *old, const struct step *s)
{
	return old->is_name_only && vf_of(s->vf)->state == VF_HOST &&
	       (!old->was_assignable || s->kind == STEP_ASSIGN);
}

/* The topology wants for the host what another tool made assignable. */
static bool gives_to_host(const struct plan *p, const struct step *s, const struct vf_saved *o)
{
	return p->remember_all && s->kind == STEP_UNASSIGN && o->is_name_only &&
	       vf_of(s->vf)->state == VF_ASSIGNABLE;
}

/* Records what the VF is now. When the backend already has it, nobody can know what it was
 * before. */
static int describe(const struct engine *en, const struct step *s, struct vf_saved *ret,
		    struct err *e)
{
	const struct vf *vf = vf_of(s->vf);
	struct pf *pf = s->vf.pf;
	const struct vf_ref id = vf_identity(s->vf);
	struct vf_saved o = { .pf = id.pf->bdf,
			      .bdf = vf->bdf,
			      .index = id.index,
			      .vendor = id.pf->vendor,
			      .device = vf_device_id(s->vf) };
	int r = bind_driver_of(en->host, vf->bdf, o.driver, e);

	if (r == 0)
		r = bind_override_of(en->host, vf->bdf, o.driver_override, e);
	if (r == 0 && !vf_is_whole(s->vf) && !pf->attrs)
		r = inventory_read_attrs(en->inv, en->host, pf, e);
	if (r < 0)
		return r;
	if (!vf_is_whole(s->vf))
		o.attrs = pf->attrs[s->vf.index];
	card_copy(o.card, id.pf);
	if (!strcmp(o.driver, en->ops->driver) || vf->state == VF_ASSIGNABLE ||
	    vf->state == VF_ATTACHED) {
		o.is_name_only = true;
		o.driver[0] = o.driver_override[0] = '\0';
	}
	*ret = o;
	return 0;
}

static int take_vf(struct remember *m, const struct engine *en, const struct plan *p,
		   const struct step *s, struct err *e)
{
	const struct vf_saved *old = state_find_vf(en->saved, s->vf);
	const struct pf *pf = vf_identity(s->vf).pf;
	struct remember_change *change = add_change(m);
	struct vf_saved o;
	bool is_new_to_us = false; /* made assignable by this step */
	bool is_about = old && state_is_about(old, pf);
	int r = 0;

	if (!change)
		return err_set(e, ENOMEM, "out of memory");
	/* Nothing more can be known of a VF that another tool made assignable. */
	if (is_about && (is_known(old, s->vf) || (p->remember_all && !is_over(old, s))))
		o = *old;
	else
		r = describe(en, s, &o, e);
	if (r < 0)
		return r;
	/* The settings it had when it was first seen. */
	if (is_about && (p->remember_all || old->was_assignable))
		o.attrs = old->attrs;
	o.was_assignable = (is_about && old->was_assignable) || gives_to_host(p, s, &o);
	if (s->kind == STEP_ASSIGN && vf_of(s->vf)->state != VF_ASSIGNABLE && !o.is_name_only) {
		is_new_to_us = o.assigned != 1;
		o.assigned = 1;
	}
	if (!o.card[0])
		card_copy(o.card, pf);
	if (s->kind == STEP_ASSIGN && (s->options.name[0] || !p->remember_all))
		snprintf(o.name, sizeof(o.name), "%s", s->options.name);
	else if (old && is_known(old, s->vf) && !is_new_to_us)
		return 0;
	if (o.is_name_only && !o.name[0] && !old && !p->remember_all)
		return 0;
	*change = (struct remember_change){ .old = old ? *old : o, .is_new = !old };
	r = state_put(en->saved, &o, e);
	if (r == 0)
		m->n++;
	return r;
}

static int take_pf(struct remember *m, const struct engine *en, const struct step *s, struct err *e)
{
	const struct pf *pf = s->vf.pf;
	struct pf_saved o = { .pf = pf->bdf,
			      .vendor = pf->vendor,
			      .device = pf->device,
			      .numvfs = pf->numvfs,
			      .autoprobe = pf->autoprobe };
	const struct pf_saved *old = state_find_pf(en->saved, pf);
	struct remember_change *change = add_change(m);
	bool brings_up = s->kind == STEP_UP && s->to;
	int r;

	if (!change)
		return err_set(e, ENOMEM, "out of memory");
	card_copy(o.card, pf);
	if (old && !brings_up)
		return 0;
	*change =
		(struct remember_change){ .old_pf = old ? *old : o, .is_pf = true, .is_new = !old };
	if (old)
		o = *old;
	/* In another boot somebody else brought it up, or nobody did. */
	if (brings_up)
		host_boot_id(en->host, o.up_boot);
	if (!strcmp(o.up_boot, "-"))
		o.up_boot[0] = '\0';
	r = state_put_pf(en->saved, &o, e);
	if (r == 0)
		m->n++;
	return r;
}

/* The VFs that exist are unmade now, and must be made again as they are. */
static int take_vfs(struct remember *m, const struct engine *en, const struct plan *p,
		    const struct step *s, struct err *e)
{
	struct step vf = *s;
	int r = 0;

	for (vf.vf.index = 0; r == 0 && vf.vf.index < s->vf.pf->n_vfs; vf.vf.index++)
		if (vf_of(vf.vf)->state != VF_ABSENT)
			r = take_vf(m, en, p, &vf, e);
	return r;
}

static int take_one(struct remember *m, const struct engine *en, const struct plan *p,
		    const struct step *s, struct err *e)
{
	char object[VF_LABEL_MAX];
	int r = 0;

	/* What is not taken back needs no memory, and release would take its VF from a guest that
	 * another tool gave it to. */
	if (s->kind == STEP_LOAD || s->kind == STEP_PERMISSIVE)
		return 0;
	if (step_is_about_pf(s)) {
		r = p->remember_all ? take_pf(m, en, s, e) : 0;
		if (r == 0 && p->remember_all && s->kind == STEP_NUMVFS)
			r = take_vfs(m, en, p, s, e);
	} else if ((s->kind == STEP_ASSIGN || p->remember_all) &&
		   vf_of(s->vf)->state != VF_ABSENT) {
		r = take_vf(m, en, p, s, e);
	}
	return err_at(r < 0 ? e : NULL, r, step_object(object, s), "remember");
}

static void put_back(const struct remember *m, const struct engine *en)
{
	for (size_t i = m->n; i-- > 0;) {
		const struct remember_change *c = &m->v[i];

		if (c->is_pf && c->is_new)
			state_forget_pf(en->saved, c->old_pf.pf);
		else if (c->is_pf)
			state_put_pf(en->saved, &c->old_pf, NULL);
		else if (c->is_new)
			state_forget(en->saved, c->old.pf, c->old.index);
		else
			state_put(en->saved, &c->old, NULL);
	}
}

int remember_take(struct remember *m, const struct engine *en, const struct plan *p, size_t first,
		  struct err *e)
{
	size_t n = m->n;
	int r = 0;

	for (size_t i = first; r == 0 && i < p->n; i++)
		r = take_one(m, en, p, &p->v[i], e);
	if (r == 0)
		r = state_commit(en->saved, e);
	if (r < 0 && !n) {
		put_back(m, en);
		m->n = 0;
	}
	return r;
}

void remember_drop(const struct remember *m, const struct engine *en)
{
	char text[sizeof(struct err)];
	struct err e = { 0 };

	put_back(m, en);
	if (state_commit(en->saved, &e) < 0)
		log_note(&en->host->log, "the memory still has what was not done: %s",
			 err_format(&e, text, sizeof(text)));
}

/* Its name, and the fact that we made it assignable, end when it is unassigned. */
static int clear_released(const struct engine *en, const struct plan *p, struct bdf pf,
			  unsigned index, struct err *e)
{
	const struct vf_saved *old = state_find(en->saved, pf, index);
	struct vf_saved o;

	if (!old || (!old->name[0] && !old->is_name_only && !old->assigned))
		return 0;
	if (old->is_name_only && !(old->was_assignable && p->remember_all) &&
	    !unrestored_keeps(p, pf, index)) {
		state_forget(en->saved, old->pf, old->index);
		return 0;
	}
	o = *old;
	o.name[0] = '\0';
	o.assigned = 0;
	o.was_assignable &= p->remember_all;
	return state_put(en->saved, &o, e);
}

/* Tells whether it is unassigned to make way for new VFs, and assigned again after them. */
static bool is_taken_again(const struct plan *p, size_t i)
{
	for (size_t k = i + 1; k < p->n; k++)
		if (p->v[k].kind == STEP_ASSIGN && p->v[k].vf.pf == p->v[i].vf.pf &&
		    p->v[k].vf.index == p->v[i].vf.index)
			return true;
	return false;
}

static int forget_step(const struct engine *en, const struct plan *p, size_t i, struct err *e)
{
	const struct step *s = &p->v[i];
	struct vf_ref id;

	if (s->kind != STEP_UNASSIGN && s->kind != STEP_RESTORE)
		return 0;
	id = vf_identity(s->vf);
	if (s->kind == STEP_RESTORE && !p->remember_all &&
	    !state_needs(en->saved, id.pf, id.index) &&
	    !unrestored_keeps(p, id.pf->bdf, id.index)) {
		state_forget(en->saved, id.pf->bdf, id.index);
		return 0;
	}
	return is_taken_again(p, i) ? 0 : clear_released(en, p, id.pf->bdf, id.index, e);
}

static int forget(const struct engine *en, const struct plan *p, struct err *e)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < p->n; i++)
		r = forget_step(en, p, i, e);
	for (size_t i = 0; r == 0 && i < p->n_forget; i++)
		if (p->forget[i].index == NO_VF)
			state_forget_pf(en->saved, p->forget[i].pf);
		else if (unrestored_keeps(p, p->forget[i].pf, p->forget[i].index))
			r = clear_released(en, p, p->forget[i].pf, p->forget[i].index, e);
		else
			state_forget(en->saved, p->forget[i].pf, p->forget[i].index);
	return r;
}

int remember_finish(const struct engine *en, const struct plan *p, struct err *e)
{
	int r = forget(en, p, e);

	if (r == 0)
		r = state_commit(en->saved, e);
	if (r < 0) {
		err_status(e, r, EXIT_LEFT);
		err_refix(
			e,
			"the devices are as asked, but the memory is not written; make room there "
			"and run the same command again");
	}
	return r;
}

void remember_done(struct remember *m)
{
	free(m->v);
}
