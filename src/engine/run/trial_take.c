// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/run/trial_take.h"

#include <stdlib.h>
#include <string.h>

#include "host/pci/bind.h"

/* One pass over a plan. */
struct taking {
	const struct engine *en;
	struct attachment *defined; /* what vfyard has put into definitions so far */
	size_t n_defined;
};

static bool is_defined(const struct taking *t, struct bdf bdf)
{
	for (size_t i = 0; i < t->n_defined; i++)
		if (!bdf_cmp(t->defined[i].bdf, bdf))
			return true;
	return false;
}

static int describe(const struct taking *t, struct vf_ref vf, struct vf_saved *o, struct err *e)
{
	enum vf_state state = (enum vf_state)vf_of(vf)->state;
	const struct engine *en = t->en;
	const struct vf_saved *known = state_find_vf(en->saved, vf);
	int r = bind_driver_of(en->host, vf_of(vf)->bdf, o->driver, e);

	if (r == 0)
		r = bind_override_of(en->host, vf_of(vf)->bdf, o->driver_override, e);
	if (r == 0 && !vf_is_whole(vf) && !vf.pf->attrs)
		r = inventory_read_attrs(en->inv, en->host, vf.pf, e);
	if (r < 0)
		return r;
	if (!vf_is_whole(vf))
		o->attrs = vf.pf->attrs[vf.index];
	o->was_attached = state == VF_ATTACHED;
	o->was_assignable = state == VF_ASSIGNABLE;
	o->was_defined = is_defined(t, vf_of(vf)->bdf);
	if (o->was_attached || o->was_assignable)
		o->driver[0] = o->driver_override[0] = '\0';
	if (known)
		memcpy(o->name, known->name, sizeof(o->name));
	return 0;
}

static int take_vf(const struct taking *t, struct vf_ref vf, struct err *e)
{
	const struct vf_ref id = vf_identity(vf);
	struct vf_saved o = { .pf = id.pf->bdf,
			      .bdf = vf_of(vf)->bdf,
			      .index = id.index,
			      .vendor = id.pf->vendor,
			      .device = vf_device_id(vf) };
	int r;

	if (vf_of(vf)->state == VF_ABSENT || state_find(t->en->trial, o.pf, o.index))
		return 0;
	card_copy(o.card, id.pf);
	r = describe(t, vf, &o, e);
	return r < 0 ? r : state_put(t->en->trial, &o, e);
}

static int take_pf(const struct engine *en, const struct step *s, struct err *e)
{
	const struct pf *pf = s->vf.pf;
	const struct pf_saved *old = state_find_pf(en->trial, pf);
	struct pf_saved o = { .pf = pf->bdf,
			      .vendor = pf->vendor,
			      .device = pf->device,
			      .numvfs = pf->numvfs,
			      .autoprobe = pf->autoprobe };

	card_copy(o.card, pf);
	if (old)
		o = *old;
	if (s->kind == STEP_UP && s->to)
		host_boot_id(en->host, o.up_boot);
	else if (old)
		return 0;
	if (!strcmp(o.up_boot, "-"))
		o.up_boot[0] = '\0';
	return state_put_pf(en->trial, &o, e);
}

/* Those that exist are unmade with their siblings. */
static int take_vfs(const struct taking *t, struct pf *pf, struct err *e)
{
	int r = 0;

	for (unsigned i = 0; r == 0 && i < pf->n_vfs; i++)
		r = take_vf(t, (struct vf_ref){ pf, i }, e);
	return r;
}

static int take_one(const struct taking *t, const struct step *s, struct err *e)
{
	int r;

	/* Neither is taken back. */
	if (s->kind == STEP_LOAD || s->kind == STEP_PERMISSIVE)
		return 0;
	if (!step_is_about_pf(s))
		return take_vf(t, s->vf, e);
	r = take_pf(t->en, s, e);
	return r == 0 && s->kind == STEP_NUMVFS ? take_vfs(t, s->vf.pf, e) : r;
}

int trial_take(const struct engine *en, const struct plan *p, size_t first, struct err *e)
{
	char object[VF_LABEL_MAX];
	struct taking t = { .en = en };
	int r = 0;

	if (en->ops->list_defined)
		r = en->ops->list_defined(en->backend, &t.defined, &t.n_defined, e);
	for (size_t i = first; r == 0 && i < p->n; i++) {
		r = take_one(&t, &p->v[i], e);
		err_at(r < 0 ? e : NULL, r, step_object(object, &p->v[i]), "keep for an undo");
	}
	free(t.defined);
	return r < 0 ? r : state_commit(en->trial, e);
}
