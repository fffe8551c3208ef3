// SPDX-License-Identifier: GPL-2.0-or-later
/* Plans the way out of domains and off the pass-through driver. */
#include <stdlib.h>
#include <string.h>

#include "engine/plan/plan_release_parts.h"
#include "engine/plan/plan_words.h"

/* Steps keep a pointer into the array, so it is as long as it will ever be. */
static int find_domain(struct releasing *x, const char *name, struct domain **ret, struct err *e)
{
	struct change *c = x->change;
	int rc;

	for (size_t i = 0; i < c->n_domains; i++)
		if (!strcmp(c->domains[i].name, name)) {
			*ret = &c->domains[i];
			return 0;
		}
	if (!c->domains)
		c->domains =
			calloc(c->n_attached + x->n_defined + x->en->inv->n_vfs + x->n_wholes + 1,
			       sizeof(*c->domains));
	if (!c->domains)
		return err_set(e, ENOMEM, "out of memory");
	*ret = &c->domains[c->n_domains];
	rc = x->en->ops->domain_find(x->en->backend, name, *ret, e);
	if (rc == 0)
		c->n_domains++;
	return err_at(rc < 0 ? e : NULL, rc, name, "find the domain");
}

/* It was there before the run that is undone (engine/run/trial_take.h). */
static bool keeps_definition(const struct releasing *x, struct vf_ref vf)
{
	const struct vf_saved *o = release_saved(x, vf);

	return o && o->was_defined;
}

/* What vfyard put into what the domain is started with the next time goes too, and nothing else. */
static int plan_undefine(struct releasing *x, const struct step *detach, struct err *e)
{
	const struct engine *en = x->en;
	struct step s = *detach;
	unsigned defined = 0;
	int r;

	if (!en->ops->defined || keeps_definition(x, s.vf))
		return 0;
	r = en->ops->defined(en->backend, s.domain, s.vf, &defined, e);
	s.kind = STEP_UNDEFINE;
	return r < 0 || !(defined & DEFINED_BY_US) ? r : plan_add(&x->change->plan, &s, e);
}

static int plan_detach(struct releasing *x, struct vf_ref vf, struct err *e)
{
	const struct attachment *a = change_attachment(x->change, vf_of(vf)->bdf);
	struct step s = {
		.kind = STEP_DETACH, .vf = vf, .options = DEV_OPTIONS_INIT, .why = "released"
	};
	int r;

	if (!vf_of(vf)->domain)
		return err_refuse(e, EBUSY, "it is attached to an unknown domain");
	if (a)
		s.options = a->options;
	r = find_domain(x, vf_of(vf)->domain, &s.domain, e);
	if (r == 0)
		r = refuse_detach(x->en, &s, e);
	if (r == 0)
		r = plan_add(&x->change->plan, &s, e);
	return r < 0 ? r : plan_undefine(x, &s, e);
}

/* Out of what other domains are started with, most of which are off: they would not start. */
static int plan_undefine_elsewhere(struct releasing *x, struct vf_ref vf, struct err *e)
{
	const struct vf *v = vf_of(vf);
	const char *own = v->state == VF_ATTACHED ? v->domain : NULL;
	struct step s = {
		.kind = STEP_UNDEFINE, .vf = vf, .options = DEV_OPTIONS_INIT, .why = "released"
	};
	int r = 0;

	if (keeps_definition(x, vf))
		return 0;
	for (size_t i = 0; r == 0 && i < x->n_defined; i++) {
		if (bdf_cmp(x->defined[i].bdf, v->bdf) != 0 ||
		    (own && !strcmp(own, x->defined[i].domain)))
			continue;
		r = find_domain(x, x->defined[i].domain, &s.domain, e);
		if (r == 0)
			r = plan_add(&x->change->plan, &s, e);
	}
	return r;
}

/* It was assignable when vfyard first saw it, and that is what it goes back to, unless it must be
 * out of the way first; so is one that the driver it had has made assignable. */
static bool stays_assignable(const struct release_pf *p, const struct vf *vf,
			     const struct vf_saved *o)
{
	return !o || o->is_name_only || o->was_attached || (o->was_assignable && !p->remakes) ||
	       ((vf->state == VF_ASSIGNABLE || vf->state == VF_ATTACHED) && vf->driver &&
		!strcmp(vf->driver, o->driver));
}

static int take_out(struct releasing *x, const struct release_pf *p UNUSED, struct vf_ref vf,
		    struct err *e)
{
	const struct vf_saved *o = release_saved(x, vf);
	int r = 0;

	if (o && o->was_attached)
		return 0;
	if (vf_of(vf)->state == VF_BROKEN)
		return refuse_unsure(x->en, vf, e);
	if (vf_of(vf)->state == VF_ATTACHED)
		r = plan_detach(x, vf, e);
	return r < 0 ? r : plan_undefine_elsewhere(x, vf, e);
}

static int take_off(struct releasing *x, const struct release_pf *p, struct vf_ref vf,
		    struct err *e)
{
	const struct vf *v = vf_of(vf);
	struct step s = { .kind = STEP_UNASSIGN,
			  .vf = vf,
			  .why = v->state == VF_STALE ? v->why : "released" };
	int r;

	if (v->state == VF_ABSENT || v->state == VF_HOST ||
	    stays_assignable(p, v, release_saved(x, vf)))
		return 0;
	r = refuse_kept(x->en, vf, e);
	return r < 0 ? r : plan_add(&x->change->plan, &s, e);
}

static int each_chosen(struct releasing *x,
		       int (*phase)(struct releasing *x, const struct release_pf *p,
				    struct vf_ref vf, struct err *e),
		       struct err *e)
{
	const struct release_pf none = { .pf = NULL };
	int r = 0;

	for (size_t k = 0; r == 0 && k < x->en->inv->n_pfs; k++) {
		const struct release_pf *p = &x->pfs[k];

		for (unsigned i = 0; r == 0 && i < p->pf->n_vfs; i++) {
			struct vf_ref vf = { p->pf, i };

			if (!p->is_chosen[i])
				continue;
			r = phase(x, p, vf, e);
			if (r < 0)
				operand_failed(vf, "unassign", r, e);
		}
	}
	for (size_t i = 0; r == 0 && i < x->n_wholes; i++) {
		r = phase(x, &none, x->wholes[i], e);
		if (r < 0)
			operand_failed(x->wholes[i], "unassign", r, e);
	}
	return r;
}

/* Neighbours of one IOMMU group are all out of their guest before the first of them goes. */
int release_free(struct releasing *x, struct err *e)
{
	int r = each_chosen(x, take_out, e);

	return r < 0 ? r : each_chosen(x, take_off, e);
}
