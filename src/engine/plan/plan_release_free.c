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
		c->domains = calloc(c->n_attached + x->en->inv->n_vfs + x->n_wholes + 1,
				    sizeof(*c->domains));
	if (!c->domains)
		return err_set(e, ENOMEM, "out of memory");
	*ret = &c->domains[c->n_domains];
	rc = x->en->ops->domain_find(x->en->backend, name, *ret, e);
	if (rc == 0)
		c->n_domains++;
	return err_at(rc < 0 ? e : NULL, rc, name, "find the domain");
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
	return r < 0 ? r : plan_add(&x->change->plan, &s, e);
}

/* A VF that was assignable when vfyard first saw it goes back to that; so does one that was made
 * assignable by the driver that it had. */
static bool stays_assignable(const struct vf *vf, const struct vf_saved *o)
{
	return !o || o->is_name_only ||
	       ((vf->state == VF_ASSIGNABLE || vf->state == VF_ATTACHED) && vf->driver &&
		!strcmp(vf->driver, o->driver));
}

static int free_vf(struct releasing *x, struct vf_ref vf, struct err *e)
{
	const struct vf_saved *o = release_saved(x, vf);
	struct step s = { .kind = STEP_UNASSIGN, .vf = vf, .why = "released" };
	int r = 0;

	switch ((enum vf_state)vf_of(vf)->state) {
	case VF_ABSENT:
	case VF_HOST:
		return 0;
	case VF_BROKEN:
		r = refuse_unsure(x->en, vf, e);
		break;
	case VF_STALE:
		s.why = vf_of(vf)->why;
		break;
	case VF_ATTACHED:
		r = plan_detach(x, vf, e);
		break;
	case VF_ASSIGNABLE:
		break;
	}
	if (r < 0 || stays_assignable(vf_of(vf), o))
		return r;
	r = refuse_kept(x->en, vf, e);
	return r < 0 ? r : plan_add(&x->change->plan, &s, e);
}

static int free_one(struct releasing *x, struct vf_ref vf, struct err *e)
{
	int r = free_vf(x, vf, e);

	return r < 0 ? operand_failed(vf, "unassign", r, e) : 0;
}

int release_free(struct releasing *x, struct err *e)
{
	int r = 0;

	for (size_t p = 0; r == 0 && p < x->en->inv->n_pfs; p++)
		for (unsigned i = 0; r == 0 && i < x->pfs[p].pf->n_vfs; i++) {
			if (x->pfs[p].is_chosen[i])
				r = free_one(x, (struct vf_ref){ x->pfs[p].pf, i }, e);
		}
	for (size_t i = 0; r == 0 && i < x->n_wholes; i++)
		r = free_one(x, x->wholes[i], e);
	return r;
}
