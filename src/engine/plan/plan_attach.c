// SPDX-License-Identifier: GPL-2.0-or-later
/* Into a running domain, and out of it. */
#include <stdlib.h>
#include <string.h>

#include "engine/plan/plan_assign.h"
#include "engine/plan/plan_mates.h"
#include "engine/plan/plan_words.h"

/* One attach or detach that is being planned. */
struct attaching {
	const struct engine *en;
	struct change *change;
	struct domain *domain; /* the change's only one */
	struct plan attaches;  /* what comes after all else of the plan */
	struct plan defines;   /* what comes after that */
	struct takes takes;    /* all operands */
};

static void attaching_done(struct attaching *c)
{
	plan_done(&c->attaches);
	plan_done(&c->defines);
	takes_done(&c->takes);
}

static int find_domain(struct attaching *c, const char *name, struct err *e)
{
	int r;

	*c->change = (struct change){ .domains = calloc(1, sizeof(*c->domain)) };
	c->domain = c->change->domains;
	if (!c->domain)
		return err_set(e, ENOMEM, "out of memory");
	r = c->en->ops->domain_find(c->en->backend, name, c->domain, e);
	if (r < 0)
		return err_at(e, r, name, "find the domain");
	c->change->n_domains = 1;
	return 0;
}

static bool is_in(const struct attaching *c, struct vf_ref vf)
{
	const struct vf *v = vf_of(vf);

	return v->state == VF_ATTACHED && v->domain && !strcmp(v->domain, c->domain->name);
}

static int refuse_driver(struct vf_ref vf, struct err *e)
{
	const char *driver = vf_of(vf)->driver;

	err_refuse(e, EBUSY, "it is not assignable because it has %s%s",
		   driver ? "driver " : "no driver", driver ? driver : "");
	return err_fix(e, -EBUSY, "run: vfyard pci-assignable-add %s", dev_word(vf).text);
}

/* seize=1 takes the VF from the host first, with the same care as pci-assignable-add. */
static int plan_seize(struct attaching *c, struct vf_ref vf, const struct dev_options *options,
		      struct err *e)
{
	struct step s = { .kind = STEP_ASSIGN, .vf = vf, .options = DEV_OPTIONS_INIT };
	const struct refuse ask = { c->en->host, c->en->ops, c->en->backend, &c->takes };
	int r;

	if (options->seize != 1)
		return refuse_driver(vf, e);
	r = refuse_take(&ask, vf, e);
	s.why = "seize=1";
	return r < 0 ? r : plan_add(&c->change->plan, &s, e);
}

/* Notes what xl accepts and silently drops. seize=1 works here, whatever the hypervisor does with
 * it. */
static void note_options(const struct attaching *c, struct vf_ref vf,
			 const struct dev_options *options)
{
	struct dev_options o = *options;
	char label[VF_LABEL_MAX];
	struct err e = { 0 };

	o.seize = OPTION_NOT_GIVEN;
	if (c->en->ops->check_options && c->en->ops->check_options(c->domain->type, &o, &e) < 0)
		log_note(&c->en->host->log, "%s: %s", vf_label(label, vf), e.cause);
}

/* A domain that is off has nothing to attach to, only what it is started with. */
static int add_attach(struct attaching *c, const struct step *s, struct err *e)
{
	return c->domain->id ? plan_add(&c->attaches, s, e) : 0;
}

/* What it is started with the next time has, or has not, what it has now. */
static int plan_definition(struct attaching *c, const struct step *like, enum step_kind kind,
			   struct plan *plan, struct err *e)
{
	struct step s = *like;
	unsigned defined = 0;
	int r = c->en->ops->defined
			? c->en->ops->defined(c->en->backend, c->domain, s.vf, &defined, e)
			: 0;

	if (r < 0 || !(defined & DEFINED_KNOWN) ||
	    (kind == STEP_DEFINE) == ((defined & DEFINED_NEXT) != 0))
		return r;
	s.kind = kind;
	return plan_add(plan, &s, e);
}

static int plan_attach(struct attaching *c, struct vf_ref vf, const struct dev_options *options,
		       struct err *e)
{
	struct step s = { .kind = STEP_ATTACH, .vf = vf, .domain = c->domain, .options = *options };
	int r = 0;

	switch ((enum vf_state)vf_of(vf)->state) {
	case VF_ABSENT:
		return err_set(e, ENODEV, "it does not exist now");
	case VF_ATTACHED:
		return is_in(c, vf) ? plan_definition(c, &s, STEP_DEFINE, &c->defines, e)
				    : refuse_held(vf, e);
	case VF_STALE:
	case VF_BROKEN:
		r = refuse_unsure(c->en, vf, e);
		break;
	case VF_HOST:
		r = plan_seize(c, vf, options, e);
		break;
	case VF_ASSIGNABLE:
		break;
	}
	if (r == 0)
		note_options(c, vf, options);
	if (r == 0)
		r = add_attach(c, &s, e);
	return r < 0 ? r : plan_definition(c, &s, STEP_DEFINE, &c->defines, e);
}

/* Checks everything that this run would attach at once, because each may fit alone where together
 * they do not. */
static int check_limits(struct attaching *c, struct err *e)
{
	const struct refuse ask = { c->en->host, c->en->ops, c->en->backend, &c->takes };
	const struct plan *p = c->domain->id ? &c->attaches : &c->defines;
	_cleanup_free_ struct vf_ref *vfs = calloc(p->n + 1, sizeof(*vfs));
	_cleanup_free_ struct dev_options *options = calloc(p->n + 1, sizeof(*options));
	struct err unseen = { 0 };
	struct refuse_gets gets = { c->domain, vfs, options, p->n, false };
	int r;

	if (!vfs || !options)
		return err_set(e, ENOMEM, "out of memory");
	for (size_t i = 0; i < p->n; i++) {
		vfs[i] = p->v[i].vf;
		options[i] = p->v[i].options;
	}
	r = refuse_attach(&ask, &gets, &unseen, e);
	/* A capture may lack the answers; nothing is attached there anyway. */
	if (r == 0 && unseen.cause[0])
		log_note(&c->en->host->log, "domain %s: its limits are not checked: %s",
			 c->domain->name, unseen.cause);
	return err_at(r < 0 ? e : NULL, r, c->domain->name, "check limits");
}

/* All neighbours of one IOMMU group leave the host before the first of them is attached. */
static int append_attaches(struct attaching *c, struct err *e)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < c->attaches.n; i++)
		r = plan_add(&c->change->plan, &c->attaches.v[i], e);
	for (size_t i = 0; r == 0 && i < c->defines.n; i++)
		r = plan_add(&c->change->plan, &c->defines.v[i], e);
	return r;
}

int change_attach(const struct engine *en, const char *domain, const struct devlist *devs,
		  struct change *ret, struct err *e)
{
	_cleanup_(attaching_done) struct attaching c = { .en = en, .change = ret };
	int r = find_domain(&c, domain, e);

	if (r == 0)
		r = takes_of_devs(&c.takes, devs, e);
	for (size_t i = 0; r == 0 && i < devs->n; i++) {
		r = plan_attach(&c, devs->vfs[i], &devs->options[i], e);
		if (r < 0)
			operand_failed(devs->vfs[i], "attach", r, e);
	}
	plan_mates(&c.attaches);
	plan_mates(&c.defines);
	if (r == 0)
		r = check_limits(&c, e);
	if (r == 0)
		r = append_attaches(&c, e);
	if (r == 0)
		r = ready_to_assign(en, &ret->plan, e);
	return r;
}

static int refuse_not_in(const struct attaching *c, struct vf_ref vf, struct err *e)
{
	const struct vf *v = vf_of(vf);

	if (v->state == VF_ATTACHED)
		return err_fix(e,
			       err_refuse(e, EINVAL, "it is not in domain %s but in %s",
					  c->domain->name, v->domain ? v->domain : "another"),
			       "run: vfyard pci-detach %s %s", v->domain ? v->domain : "DOMAIN",
			       dev_word(vf).text);
	return err_fix(e,
		       err_refuse(e, EINVAL, "it is not in domain %s, and its state is %s",
				  c->domain->name, vf_state_name(v->state)),
		       "see what is in it, run: vfyard pci-list %s", c->domain->name);
}

/*
 * When another tool damages the claim of a domain that has the device, the device is broken. The
 * way back is to take it out of the domain that lists it.
 */
static bool may_leave(const struct attaching *c, struct vf_ref vf)
{
	return is_in(c, vf) ||
	       (vf_of(vf)->state == VF_BROKEN && change_attachment(c->change, vf_of(vf)->bdf));
}

/* Returns the options that it was attached with, so that an undo puts it back as it was. */
static void options_of(const struct attaching *c, struct vf_ref vf, struct dev_options *ret)
{
	const struct attachment *a = change_attachment(c->change, vf_of(vf)->bdf);

	*ret = a ? a->options : (struct dev_options)DEV_OPTIONS_INIT;
}

/* Out of the domain first: while its guest keeps it the definition stays, too. */
static int plan_detach(struct attaching *c, const struct step *s, struct err *e)
{
	struct plan *plan = &c->change->plan;
	bool is_there = may_leave(c, s->vf);
	size_t before = plan->n;
	int r = is_there ? plan_add(plan, s, e) : 0;

	if (r == 0)
		r = plan_definition(c, s, STEP_UNDEFINE, plan, e);
	if (r == 0 && plan->n == before)
		return refuse_not_in(c, s->vf, e);
	return r < 0 ? r : refuse_detach(c->en, s, e);
}

int change_detach(const struct engine *en, const char *domain, const struct devlist *devs,
		  bool force, struct change *ret, struct err *e)
{
	_cleanup_(attaching_done) struct attaching c = { .en = en, .change = ret };
	int r = find_domain(&c, domain, e);

	if (r == 0) {
		r = en->ops->list(en->backend, c.domain, &ret->attached, &ret->n_attached, e);
		err_at(r < 0 ? e : NULL, r, domain, "list its devices");
	}
	if (r < 0)
		return r;
	change_sort(ret);
	for (size_t i = 0; r == 0 && i < devs->n; i++) {
		struct step s = {
			.kind = STEP_DETACH, .vf = devs->vfs[i], .domain = c.domain, .force = force
		};

		options_of(&c, s.vf, &s.options);
		r = plan_detach(&c, &s, e);
		if (r < 0)
			operand_failed(s.vf, "detach", r, e);
	}
	plan_mates(&ret->plan);
	return r < 0 ? r : plan_mates_refuse(ret, e);
}
