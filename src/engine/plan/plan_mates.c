// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/plan/plan_mates.h"

#include <string.h>

#include "engine/plan/plan_words.h"
#include "topology/slot_mates.h"

/* Which function comes first, of steps of each kind. */
enum direction {
	NO_ORDER,
	FIRST_FUNCTION_FIRST,
	FIRST_FUNCTION_LAST,
};

static enum direction direction_of(const struct step *s)
{
	switch (s->kind) {
	case STEP_ATTACH:
	case STEP_UNDEFINE:
		return FIRST_FUNCTION_LAST;
	case STEP_DETACH:
	case STEP_DEFINE:
		return FIRST_FUNCTION_FIRST;
	default:
		return NO_ORDER;
	}
}

static bool are_mates(const struct step *a, const struct step *b)
{
	struct slot_function x, y;

	if (a->kind != b->kind || a->domain != b->domain || !vf_is_whole(a->vf) ||
	    !vf_is_whole(b->vf))
		return false;
	x = slot_function_of(a->vf, &a->options);
	y = slot_function_of(b->vf, &b->options);
	return slot_mates(&x, &y);
}

/* What is detached has the mates that the guest has it with. */
static void join(struct plan *p, size_t i)
{
	struct step *s = &p->v[i];
	unsigned fns = 0, own = 1u << vf_of(s->vf)->bdf.fn;

	for (size_t k = 0; k < p->n; k++)
		if (are_mates(&p->v[k], s))
			fns |= 1u << vf_of(p->v[k].vf)->bdf.fn;
	if (s->kind != STEP_DETACH)
		s->options.mates = (uint8_t)(fns == own ? 0 : fns);
}

/* The best of those that the device still has, for place @i. */
static size_t choose(const struct plan *p, size_t i)
{
	bool is_last = direction_of(&p->v[i]) == FIRST_FUNCTION_LAST;
	size_t best = i;

	for (size_t k = i + 1; k < p->n; k++) {
		unsigned fn = vf_of(p->v[k].vf)->bdf.fn, so_far = vf_of(p->v[best].vf)->bdf.fn;

		if (are_mates(&p->v[k], &p->v[i]) && (is_last ? fn > so_far : fn < so_far))
			best = k;
	}
	return best;
}

static bool has_order(const struct step *s)
{
	return direction_of(s) != NO_ORDER && vf_is_whole(s->vf);
}

void plan_mates(struct plan *p)
{
	for (size_t i = 0; i < p->n; i++)
		if (has_order(&p->v[i]))
			join(p, i);
	for (size_t i = 0; i < p->n; i++) {
		size_t k = has_order(&p->v[i]) ? choose(p, i) : i;
		struct step s = p->v[i];

		p->v[i] = p->v[k];
		p->v[k] = s;
	}
}

static bool is_detached(const struct change *c, const struct attachment *a)
{
	for (size_t i = 0; i < c->plan.n; i++)
		if (c->plan.v[i].kind == STEP_DETACH &&
		    !bdf_cmp(vf_of(c->plan.v[i].vf)->bdf, a->bdf))
			return true;
	return false;
}

static bool is_one_device(const struct attachment *a, const struct attachment *b)
{
	return a->device && a->device == b->device && !strcmp(a->domain, b->domain);
}

/* Names all that leave together. */
static int refuse_part(const struct change *c, const struct step *s, const struct attachment *a,
		       struct err *e)
{
	char label[VF_LABEL_MAX], bdf[BDF_STRLEN], others[256] = "";
	size_t n = 0;

	for (size_t i = 0; i < c->n_attached && n < sizeof(others); i++)
		if (bdf_cmp(c->attached[i].bdf, a->bdf) != 0 && is_one_device(&c->attached[i], a))
			n += (size_t)snprintf(others + n, sizeof(others) - n, "%s%s", n ? " " : "",
					      bdf_str(bdf, c->attached[i].bdf));
	err_refuse(e, EBUSY,
		   "domain %s has it in one device with %s, and a guest releases all functions of "
		   "a device or none",
		   s->domain->name, others);
	err_fix(e, 0, "run: vfyard pci-detach %s %s %s", s->domain->name, bdf_str(bdf, a->bdf),
		others);
	return err_at(e, -EBUSY, vf_label(label, s->vf), "detach");
}

static int refuse_stays(const struct step *s, const struct attachment *a, struct err *e)
{
	char label[VF_LABEL_MAX];

	err_refuse(e, EBUSY, "it cannot leave domain %s while that runs: %s", s->domain->name,
		   a->stays);
	err_fix(e, 0, "shut domain %s down, and run the same command again", s->domain->name);
	return err_at(e, -EBUSY, vf_label(label, s->vf), "detach");
}

int plan_mates_refuse(const struct change *c, struct err *e)
{
	for (size_t i = 0; i < c->plan.n; i++) {
		const struct step *s = &c->plan.v[i];
		const struct attachment *a =
			s->kind == STEP_DETACH ? change_attachment(c, vf_of(s->vf)->bdf) : NULL;

		if (a && a->stays)
			return refuse_stays(s, a, e);
		for (size_t k = 0; a && k < c->n_attached; k++)
			if (is_one_device(&c->attached[k], a) && !is_detached(c, &c->attached[k]))
				return refuse_part(c, s, a, e);
	}
	return 0;
}
