// SPDX-License-Identifier: GPL-2.0-or-later
/* The one loop that changes a host. */
#include <string.h>

#include "core/bind.h"
#include "engine/interrupt.h"
#include "engine/memory.h"
#include "engine/steps.h"

/* What an undo needs to know: how the function was bound when its step began. */
struct before {
	char driver[DRIVER_MAX], override[DRIVER_MAX];
};

struct job {
	struct engine *en;
	const struct plan *plan;
	struct before *before; /* one for each step */
	struct interrupt interrupt;
	bool is_interrupted; /* the step that failed was not begun */
};

static int do_assign(struct engine *en, const struct step *s, struct err *e)
{
	return en->ops->assign(en->backend, s->vf, s->options.name, e);
}

/* An override that held the function for the backend would pull it back; any other one is the
 * user's. */
static int do_release(struct engine *en, const struct step *s, struct err *e)
{
	struct bdf dev = vf_of(s->vf)->bdf;
	char override[DRIVER_MAX];
	int r = en->ops->release(en->backend, s->vf, e);

	if (r == 0)
		r = bind_override_of(en->host, dev, override, e);
	if (r < 0 || strcmp(override, en->ops->driver) != 0)
		return r;
	return bind_set_override(en->host, dev, "", e);
}

static int do_give_back(struct engine *en, const struct step *s, struct err *e)
{
	return bind_give_back(en->host, vf_of(s->vf)->bdf, s->original->driver,
			      s->original->driver_override, e);
}

static int do_attach(struct engine *en, const struct step *s, struct err *e)
{
	return en->ops->attach(en->backend, s->domain, s->vf, &s->options, e);
}

static int do_detach(struct engine *en, const struct step *s, struct err *e)
{
	return en->ops->detach(en->backend, s->domain, s->vf, s->force, e);
}

/* A step that only gave a name to what was assignable already has nothing to take back. */
static int undo_assign(struct engine *en, const struct step *s, const struct before *b,
		       struct err *e)
{
	int r;

	if (vf_of(s->vf)->state == VF_ASSIGNABLE)
		return 0;
	r = do_release(en, s, e);
	return r < 0 ? r : bind_give_back(en->host, vf_of(s->vf)->bdf, b->driver, b->override, e);
}

static int undo_release(struct engine *en, const struct step *s, const struct before *b,
			struct err *e)
{
	const struct vf *vf = vf_of(s->vf);
	const struct original *o = store_find(en->store, s->vf.pf->bdf, s->vf.index);
	int r;

	/* What was stale or broken is not made so again. */
	if (vf->state != VF_ASSIGNABLE)
		return 0;
	r = en->ops->assign(en->backend, s->vf, o ? o->name : "", e);
	return r < 0 ? r : bind_set_override(en->host, vf->bdf, b->override, e);
}

static int undo_give_back(struct engine *en, const struct step *s, const struct before *b,
			  struct err *e)
{
	struct bdf dev = vf_of(s->vf)->bdf;
	int r = b->driver[0] ? 0 : bind_unbind(en->host, dev, e);

	return r < 0 ? r : bind_set_override(en->host, dev, b->override, e);
}

static int undo_attach(struct engine *en, const struct step *s, const struct before *b UNUSED,
		       struct err *e)
{
	return en->ops->detach(en->backend, s->domain, s->vf, false, e);
}

static int undo_detach(struct engine *en, const struct step *s, const struct before *b UNUSED,
		       struct err *e)
{
	return en->ops->attach(en->backend, s->domain, s->vf, &s->options, e);
}

static const struct {
	int (*run)(struct engine *en, const struct step *s, struct err *e);
	int (*undo)(struct engine *en, const struct step *s, const struct before *b, struct err *e);
	bool undo_failed;   /* made of several verbs: what a failure left is undone too */
	const char *repair; /* what the user runs when the undo failed; PF/INDEX follows */
	bool repair_domain; /* the domain's name comes first */
} kinds[] = {
	[STEP_ASSIGN] = { do_assign, undo_assign, false, "pci-assignable-remove -r", false },
	[STEP_RELEASE] = { do_release, undo_release, true, "pci-assignable-add", false },
	[STEP_GIVE_BACK] = { do_give_back, undo_give_back, true, "pci-assignable-remove -r",
			     false },
	[STEP_ATTACH] = { do_attach, undo_attach, false, "pci-detach", true },
	[STEP_DETACH] = { do_detach, undo_detach, false, "pci-attach", true },
};

static int look(const struct engine *en, const struct step *s, struct before *ret, struct err *e)
{
	struct bdf dev = vf_of(s->vf)->bdf;
	int r;

	if (s->kind == STEP_ATTACH || s->kind == STEP_DETACH)
		return 0;
	r = bind_driver_of(en->host, dev, ret->driver, e);
	return r < 0 ? r : bind_override_of(en->host, dev, ret->override, e);
}

/* Adds one failed undo to the sentence of the step that failed first. */
static void add_left(const struct engine *en, const struct step *s, const struct err *why,
		     struct err *e)
{
	char label[VF_LABEL_MAX], line[sizeof(struct err)];
	bool first = e->status != EXIT_LEFT || !strstr(e->cause, "rollback incomplete");
	size_t n = strlen(e->cause);

	vf_label(label, s->vf);
	log_note(&en->host->log, "%s: undo %s: %s", label, step_name(s->kind),
		 err_format(why, line, sizeof(line)));
	snprintf(e->cause + n, sizeof(e->cause) - n, "%s%s stays as %s left it (%s)",
		 first ? "; rollback incomplete: " : ", ", label, step_name(s->kind), why->cause);
	if (!first)
		return;
	e->fix[0] = '\0';
	err_fix(e, 0, "remove the cause, then run: vfyard %s %s%s%.*s", kinds[s->kind].repair,
		kinds[s->kind].repair_domain ? s->domain->name : "",
		kinds[s->kind].repair_domain ? " " : "", (int)strcspn(label, " "), label);
	e->status = EXIT_LEFT;
}

static bool undo_one(struct job *j, size_t i, struct err *e)
{
	const struct step *s = &j->plan->v[i];
	char label[VF_LABEL_MAX];
	struct err why = { 0 };

	log_info(&j->en->host->log, "undo %s %s", step_name(s->kind), vf_label(label, s->vf));
	if (kinds[s->kind].undo(j->en, s, &j->before[i], &why) == 0)
		return true;
	add_left(j->en, s, &why, e);
	return false;
}

/*
 * Step @failed did not work, or was not begun; those before it were done. True when all is
 * as before. A function that is stuck in the kernel is left alone: each further write to it would
 * hang as long again.
 */
static bool roll_back(struct job *j, size_t failed, struct err *e)
{
	const struct step *v = j->plan->v;
	bool is_clean = e->status != EXIT_LEFT;
	const struct vf *stuck = !is_clean && e->code == ETIMEDOUT ? vf_of(v[failed].vf) : NULL;

	if (kinds[v[failed].kind].undo_failed && !stuck && !j->is_interrupted)
		is_clean &= undo_one(j, failed, e);
	for (size_t i = failed; i-- > 0;)
		if (vf_of(v[i].vf) == stuck)
			is_clean = false;
		else
			is_clean &= undo_one(j, i, e);
	return is_clean;
}

static int run_step(struct job *j, size_t i, struct err *e)
{
	const struct step *s = &j->plan->v[i];
	const char *came = interrupt_take(&j->interrupt);
	_cleanup_free_ char *line = step_line(s);
	int r;

	if (came) {
		j->is_interrupted = true;
		return err_fix(e, err_set(e, EINTR, "interrupted by %s", came),
			       "what was done is undone, run it again");
	}
	log_info(&j->en->host->log, "%zu/%zu %s", i + 1, j->plan->n, line ? line : "");
	r = look(j->en, s, &j->before[i], e);
	return r < 0 ? r : kinds[s->kind].run(j->en, s, e);
}

static int run_steps(struct job *j, struct err *e)
{
	const struct plan *p = j->plan;
	char label[VF_LABEL_MAX];
	int r;

	for (size_t i = 0; i < p->n; i++) {
		const struct step *s = &p->v[i];

		r = run_step(j, i, e);
		if (r == 0)
			continue;
		err_at(e, r, vf_label(label, s->vf), step_name(s->kind));
		if (roll_back(j, i, e))
			return r;
		return err_status(e, r, EXIT_LEFT);
	}
	return 0;
}

/* Memory first: what is on disk describes the host before its first change. */
static int run_with_memory(struct job *j, struct err *e)
{
	_cleanup_(memory_done) struct memory memory = { 0 };
	int r = memory_take(&memory, j->en, j->plan, e);

	if (r < 0)
		return r;
	r = run_steps(j, e);
	if (r == 0)
		return memory_finish(j->en, j->plan, e);
	if (e->status != EXIT_LEFT)
		memory_drop(&memory, j->en);
	return r;
}

int engine_run(struct engine *en, const struct plan *p, struct err *e)
{
	struct err local = { 0 };
	struct job j = { .en = en, .plan = p };
	int r;

	if (en->dry_run) {
		plan_print(p, stdout);
		return 0;
	}
	if (!p->n)
		return 0;
	j.before = calloc(p->n, sizeof(*j.before));
	if (!j.before)
		return err_set(e, ENOMEM, "out of memory");
	interrupt_hold(&j.interrupt);
	r = run_with_memory(&j, e ? e : &local);
	interrupt_done(&j.interrupt);
	free(j.before);
	return r;
}
