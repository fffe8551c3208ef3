// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/session/apply_look.h"
#include "base/text.h"
#include "engine/session/trial.h"

#include <stdlib.h>
#include <string.h>

#define LOOK "look again"

/* The driver accepted it and does not report it, so no later look will know more. */
static bool is_not_reported(const struct step *s)
{
	unsigned bits = vf_setting_bits(s->setting) & s->want.given;

	return s->kind == STEP_SET && (s->was.given & bits) != bits;
}

static void difference(const struct step *s, const struct topology *t, struct err *ret)
{
	char object[VF_LABEL_MAX];
	const char *driver = s->vf.pf->driver;
	struct step_change c;

	step_change(s, &c);
	*ret = (struct err){ 0 };
	if (is_not_reported(s)) {
		err_set(ret, ENODATA,
			"%s was set to %s, but driver %s does not report it, so nobody can tell "
			"whether it is set",
			c.property, c.want, driver ? driver : "of its PF");
		if (t->is_made)
			err_fix(ret, 0, "see in the guest whether %s works", c.property);
		err_fix(ret, 0, "remove %s from the topology, so that apply and status can succeed",
			c.property);
	} else {
		err_set(ret, EIO, "after all steps %s is %s, wanted %s", c.property,
			c.now[0] ? c.now : "not known", c.want);
		err_fix(ret, 0, "see who changed it, run: dmesg | tail; then run %s again",
			topology_word(t, "vfyard apply", "it"));
	}
	err_at(ret, 0, step_object(object, s), LOOK);
}

/* The first look said already that a guest could not be asked. */
static bool was_known(const struct apply *after, const struct problem *p)
{
	return p->domain && after->before &&
	       problems_has_domain(&after->before->problems, p->domain);
}

size_t apply_differences(const struct apply *after, void (*say)(void *arg, const struct err *e),
			 void *arg)
{
	size_t n = 0;

	for (size_t i = 0; i < after->problems.n; i++) {
		if (after->problems.v[i].is_note || was_known(after, &after->problems.v[i]))
			continue;
		n++;
		if (say)
			say(arg, &after->problems.v[i].err);
	}
	for (size_t i = 0; i < after->plan.n; i++) {
		struct err e;

		if (after->plan.v[i].is_intermediate)
			continue;
		n++;
		difference(&after->plan.v[i], after->s->topo, &e);
		if (say)
			say(arg, &e);
	}
	return n;
}

static void keep(void *arg, const struct err *e)
{
	*(struct err *)arg = *e;
}

static int differs(const struct apply *a, struct err *e)
{
	struct err one = { 0 };
	size_t n = apply_differences(a->after, keep, &one);

	if (n == 1) {
		err_copy(e, &one);
	} else {
		err_set(e, EIO, "%zu step%s %s done, but %zu things differ from %s", a->plan.n,
			text_s(a->plan.n), a->plan.n == 1 ? "is" : "are", n,
			topology_word(a->s->topo, "the topology", "what was asked"));
		err_at(e, 0, a->s->topo->is_made ? a->s->topo->file : a->s->topo_path, LOOK);
		err_fix(e, 0, "%s",
			topology_word(a->s->topo,
				      "see them, run: vfyard status; then run vfyard apply again",
				      "see them, run: vfyard list; then run it again"));
	}
	err_status(e, 0, EXIT_FAILED);
	return -EIO;
}

/* The plan that ran borrows from the inventory, and is yet to be reported. */
static void keep_inventory(struct apply *a)
{
	a->inv = STEAL(a->s->inv);
	a->bound = a->s->bound;
	a->s->bound = (struct binding){ 0 };
}

/* Nobody knows what came of the steps, so it is not a success. */
static int not_seen(const struct apply *a, int r, struct err *e)
{
	const char *how = topology_word(a->s->topo, "vfyard status", "vfyard list");

	err_status(e, r, EXIT_FAILED);
	err_fix(e, r, "all steps are done; to look again, run: %s", how);
	return err_at(e, r, "host", LOOK);
}

int apply_look_again(struct apply *a, struct err *e)
{
	struct log *log = &a->s->host.log;
	enum log_level level = log->level;
	int r;

	if (!a->plan.n)
		return 0;
	a->after = calloc(1, sizeof(*a->after));
	if (!a->after)
		return not_seen(a, err_set(e, ENOMEM, "out of memory"), e);
	a->after->before = a;
	keep_inventory(a);
	/* The first look has written the notes already. */
	if (log->level == LOG_NOTE)
		log->level = LOG_QUIET;
	r = apply_open(a->after, a->s, false, a->desired.no_attach, e);
	log->level = level;
	if (r < 0) {
		apply_done(a->after);
		free(STEAL(a->after));
		return not_seen(a, r, e);
	}
	if (!apply_sees_all(a->after)) {
		err_copy(e, &a->s->unseen);
		return not_seen(a, -(a->s->unseen.code ? a->s->unseen.code : EIO), e);
	}
	if (apply_in_sync(a->after) ||
	    (!a->after->plan.n && !apply_differences(a->after, NULL, NULL)))
		return 0;
	return differs(a, e);
}

int apply_do(struct apply *a, struct err *e)
{
	bool is_trial = a->confirm_s && a->plan.n && !a->s->dry_run;
	int r = is_trial ? trial_begin(a, a->confirm_s, e) : 0;

	if (r < 0 || a->s->dry_run)
		return r;
	r = apply_run(a, e);
	if (r == 0)
		r = apply_look_again(a, e);
	return is_trial ? trial_end(a, r, e) : r;
}
