// SPDX-License-Identifier: GPL-2.0-or-later
/* One case: it is refused or planned, done step by step, stopped at each step, taken back, and
 * planned again. */
#include <stdlib.h>
#include <string.h>

#include "engine/check/check.h"
#include "engine/plan/desired_read.h"
#include "engine/plan/plan_release.h"
#include "engine/plan/refuse.h"
#include "engine/run/remember.h"
#include "topology/build/load.h"
#include "look.h"

/* A topology planned for a host. */
struct planned {
	struct look look;
	struct binding bound;
	struct desired desired;
	struct problems problems;
	struct plan plan;
};

/* The case under test. The last topology is kept, because many hosts share it. */
struct trial {
	const struct prove_case *c;
	const struct topology *topo;
	struct prove_count *n;
	FILE *say;
	struct prove_host first; /* the host before */
	struct prove_host back;	 /* what release makes of the first */
	bool has_back;		 /* set unless that is refused */
};

static const struct topology *topology_of(const char *json, FILE *say)
{
	static struct topology *topo;
	static char *last;
	struct problems problems = { 0 };

	if (last && !strcmp(last, json))
		return topo;
	topology_free(topo);
	free(last);
	topo = NULL;
	last = strdup(json);
	if (topology_parse(&topo, json, strlen(json), "t.json", &problems, NULL) < 0) {
		fputs(json, say);
		problems_print(&problems, say);
	}
	problems_done(&problems);
	return topo;
}

/* Does it as engine/session/apply.c does. */
static void plan_open(struct planned *x, const struct trial *t, const struct prove_host *h,
		      struct state *saved)
{
	struct desired_source from;
	const struct host *host = look_host();

	memset(x, 0, sizeof(*x));
	look_open(&x->look, h, saved);
	look_must(binding_make(&x->bound, t->topo, host, &x->look.inv, NULL), "bind");
	look_must(check_host(&x->bound, host, &x->look.inv, saved, &look_ops, &x->look.backend,
			     t->c->v[F_NO_ATTACH], &x->problems, NULL),
		  "check");
	if (x->problems.n_errors)
		return;
	from = (struct desired_source){ host,	   &x->bound,	     &x->look.inv,
					&look_ops, &x->look.backend, saved };
	look_must(desired_read(&x->desired, &from, NULL), "read");
	x->desired.no_attach = t->c->v[F_NO_ATTACH];
	look_must(plan_apply(&x->desired, &x->plan, NULL), "plan");
	check_steps(&x->plan, host, &x->problems);
	check_names(&x->plan, &x->desired, host, &x->problems);
	look_must(check_neighbours(&x->plan, &x->desired, &look_ops, &x->problems, NULL),
		  "check neighbours");
	look_must(check_guests(&x->plan, &x->desired, host, &x->problems, NULL), "check guests");
}

static void plan_close(struct planned *x)
{
	plan_done(&x->plan);
	if (x->desired.vfs)
		desired_done(&x->desired, &look_ops);
	problems_done(&x->problems);
	binding_done(&x->bound);
	look_close(&x->look);
}

static const char *violated(const struct trial *t, const char *what, const char *more)
{
	if (t->say)
		fprintf(t->say, "%s%s%s\n", what, more ? ": " : "", more ? more : "");
	return what;
}

static void say_plan(const struct trial *t, const char *title, const struct plan *p)
{
	if (!t->say)
		return;
	fprintf(t->say, "%s\n", title);
	plan_print(p, t->say);
}

/* Checks that every reason has a sentence. */
static const char *check_reasons(const struct trial *t, const struct problems *p)
{
	for (size_t i = 0; i < p->n; i++)
		if (!p->v[i].is_note && !p->v[i].err.cause[0])
			return violated(t, "refused without a reason", NULL);
	return NULL;
}

/* As a run asks again before each assign and attach: what was promised is not refused then. */
static const char *asked_again(const struct plan *p, const struct step *s,
			       const struct prove_host *h)
{
	_cleanup_(takes_done) struct takes takes = { 0 };
	struct backend backend = { h };
	const struct refuse ask = { look_host(), &look_ops, &backend, &takes };
	const struct refuse_gets gets = { s->domain, &s->vf, &s->options, 1, true };
	int r = 0;

	if (!h->groups || s->is_new)
		return NULL;
	look_must(takes_of_plan(&takes, p, NULL), "takes");
	if (s->kind == STEP_ASSIGN && vf_of(s->vf)->state == VF_HOST)
		r = refuse_assign(&ask, s->vf, NULL);
	else if (s->kind == STEP_ATTACH)
		r = refuse_attach(&ask, &gets, NULL, NULL);
	return r < 0 ? "a step is refused when it is its turn" : NULL;
}

static const char *do_one(const struct trial *t, const struct plan *p, size_t i,
			  struct prove_host *h)
{
	const char *why = asked_again(p, &p->v[i], h);
	_cleanup_free_ char *line = NULL;

	if (!why)
		why = prove_step(h, &p->v[i]);
	if (!why || !t->say)
		return why;
	line = step_line(&p->v[i]);
	fprintf(t->say, "step %zu: %s\n", i + 1, line);
	return why;
}

static const char *do_steps(const struct trial *t, const struct plan *p, struct prove_host *h)
{
	const char *why = NULL;

	for (size_t i = 0; !why && i < p->n; i++)
		why = do_one(t, p, i, h);
	return why;
}

/* Permissive is not taken back: of what a guest keeps it is not asked. */
static bool is_back(const struct prove_host *a, const struct prove_host *b)
{
	struct prove_host x = *a, y = *b;

	for (unsigned k = 0; k < PROVE_PFS * PROVE_VFS; k++) {
		x.pfs[k / PROVE_VFS].vfs[k % PROVE_VFS].permissive = 0;
		y.pfs[k / PROVE_VFS].vfs[k % PROVE_VFS].permissive = 0;
	}
	return !memcmp(&x, &y, sizeof(x));
}

/* Finds what release makes of @h, which stays as it is. Returns 1 when release is refused. */
static int release(const struct trial *t, const struct prove_host *h, struct state *saved,
		   struct prove_host *ret, const char **why)
{
	struct change change;
	struct look look;
	struct err e = { 0 };
	int r;

	*ret = *h;
	*why = NULL;
	look_open(&look, h, saved);
	r = change_release(&look.en, NULL, &change, &e);
	t->n->releases++;
	if (r == 0) {
		*why = do_steps(t, &change.plan, ret);
		if (*why)
			say_plan(t, "release:", &change.plan);
	} else if (t->say) {
		fprintf(t->say, "release is refused: %s\n", e.cause);
	}
	change_done(&change, &look_ops);
	look_close(&look);
	return r < 0;
}

/* The last one, with its memory, stopped before each step: the next release does the rest. */
static const char *release_stopped(const struct trial *t, const struct prove_host *from,
				   struct state *saved)
{
	struct prove_host h = *from, back;
	struct remember m = { 0 };
	const char *why = NULL;
	struct change change;
	struct look look;

	look_open(&look, &h, saved);
	look_must(change_release(&look.en, NULL, &change, NULL), "release");
	look_must(remember_take(&m, &look.en, &change.plan, 0, NULL), "remember");
	for (size_t i = 0; !why && i < change.plan.n; i++) {
		why = do_one(t, &change.plan, i, &h);
		look_again(&look, &h);
		t->n->stops++;
		if (!why && release(t, &h, saved, &back, &why))
			why = "release stopped, then release is refused";
		if (!why && !is_back(&back, &t->back))
			why = "release stopped, then release does not reach the first";
		look_again(&look, &h);
	}
	if (why)
		say_plan(t, "release:", &change.plan);
	remember_done(&m);
	change_done(&change, &look_ops);
	look_close(&look);
	return why;
}

/* From a host in the middle: the next apply reaches the topology, and release the first. */
static const char *stopped(const struct trial *t, const struct prove_host *h, struct state *saved)
{
	struct prove_host end = *h, back;
	struct planned x;
	const char *why = NULL;

	t->n->stops++;
	plan_open(&x, t, h, saved);
	if (x.problems.n_errors && expect_kept(t->c, &t->first)) {
		why = check_reasons(t, &x.problems);
		plan_close(&x);
		return why;
	}
	if (x.problems.n_errors) {
		if (t->say)
			problems_print(&x.problems, t->say);
		why = violated(t, "stopped, then apply is refused", NULL);
	}
	if (!why)
		why = do_steps(t, &x.plan, &end);
	if (!why)
		why = expect_reached(t->c, &t->first, &end);
	if (why)
		say_plan(t, "the second apply:", &x.plan);
	plan_close(&x);
	if (why || !t->has_back)
		return why ? violated(t, "stopped, then apply does not reach it", why) : NULL;
	if (release(t, h, saved, &back, &why))
		return violated(t, "stopped, then release is refused", NULL);
	if (why)
		return violated(t, "stopped, then release does what it may not", why);
	if (!is_back(&back, &t->back))
		return violated(t, "stopped, then release does not reach the first", NULL);
	return NULL;
}

/* Runs step by step, as engine/run/run.c does, remembering before the first step, and when VFs were
 * made. */
static const char *run(const struct trial *t, struct planned *x, struct prove_host *h,
		       struct state *saved)
{
	struct remember m = { 0 };
	const char *why = NULL;

	look_must(remember_take(&m, &x->look.en, &x->plan, 0, NULL), "remember");
	for (size_t i = 0; !why && i < x->plan.n; i++) {
		why = stopped(t, h, saved);
		if (why && t->say)
			fprintf(t->say, "stopped before step %zu\n", i + 1);
		if (!why)
			why = do_one(t, &x->plan, i, h);
		look_again(&x->look, h);
		if (!why && x->plan.v[i].kind == STEP_NUMVFS &&
		    (i + 1 == x->plan.n || x->plan.v[i + 1].kind != STEP_NUMVFS))
			look_must(remember_take(&m, &x->look.en, &x->plan, i + 1, NULL),
				  "remember");
		t->n->steps++;
	}
	if (!why)
		why = stopped(t, h, saved);
	look_must(remember_finish(&x->look.en, &x->plan, NULL), "finish");
	remember_done(&m);
	return why;
}

/* Nothing must be left to do, except what was refused before. */
static const char *again(const struct trial *t, const struct prove_host *h, struct state *saved)
{
	const char *why = NULL;
	struct planned x;

	plan_open(&x, t, h, saved);
	if (x.problems.n_errors && expect_kept(t->c, &t->first)) {
		why = check_reasons(t, &x.problems);
	} else if (x.problems.n_errors) {
		if (t->say)
			problems_print(&x.problems, t->say);
		why = violated(t, "done, then refused", NULL);
	} else if (x.plan.n) {
		say_plan(t, "once more:", &x.plan);
		why = violated(t, "done, then planned again", NULL);
	}
	plan_close(&x);
	return why;
}

static const char *accepted(struct trial *t, struct planned *x, struct state *saved)
{
	struct prove_host h = t->first, back;
	const char *why;

	t->n->accepted++;
	why = run(t, x, &h, saved);
	if (!why)
		why = expect_reached(t->c, &t->first, &h);
	if (!why && !expect_ours(&t->first, &h, saved))
		why = "made assignable, and not remembered as vfyard's work";
	if (!why)
		why = again(t, &h, saved);
	if (!why && t->has_back) {
		if (release(t, &h, saved, &back, &why))
			why = "done, then release is refused";
		else if (!why && !is_back(&back, &t->back))
			why = "done, then release does not reach the first";
		if (!why)
			why = release_stopped(t, &h, saved);
	}
	if (why)
		say_plan(t, "the plan:", &x->plan);
	return why ? violated(t, why, NULL) : NULL;
}

static const char *judge(struct trial *t, struct state *saved)
{
	const char *why = NULL, *expected = expect_refusal(t->c, &t->first, saved);
	struct planned x;

	t->has_back = !release(t, &t->first, saved, &t->back, &why) &&
		      expect_back(t->c, &t->first, saved);
	if (why && expect_back(t->c, &t->first, saved))
		return violated(t, "release does what it may not", why);
	plan_open(&x, t, &t->first, saved);
	if (x.problems.n_errors && !expected) {
		if (t->say)
			problems_print(&x.problems, t->say);
		why = violated(t, "refused, and nothing stands against it", NULL);
	} else if (!x.problems.n_errors && expected) {
		say_plan(t, "the plan:", &x.plan);
		why = violated(t, "not refused", expected);
	} else if (expected) {
		t->n->refused++;
		why = check_reasons(t, &x.problems);
	} else {
		why = accepted(t, &x, saved);
	}
	plan_close(&x);
	return why;
}

const char *prove_case(const struct prove_case *c, struct prove_count *n, FILE *say)
{
	struct trial t = { .c = c, .n = n, .say = say, .first = case_host(c) };
	_cleanup_free_ char *json = case_topology(c);
	struct state *saved;
	const char *why;

	n->cases++;
	t.topo = topology_of(json, say ? say : stderr);
	if (!t.topo)
		return "the topology is not read";
	saved = look_memory();
	case_memory(c, saved);
	why = judge(&t, saved);
	state_close(saved);
	look_end();
	return why;
}

void prove_outcome(const struct prove_case *c, struct prove_outcome *ret)
{
	struct prove_count ignored = { 0 };
	struct trial t = { .c = c, .n = &ignored, .first = case_host(c) };
	_cleanup_free_ char *json = case_topology(c);
	struct state *saved = look_memory();
	const char *why = NULL;
	struct planned x;

	*ret = (struct prove_outcome){ .end = t.first };
	t.topo = topology_of(json, stderr);
	look_must(t.topo ? 0 : -EINVAL, "the topology");
	case_memory(c, saved);
	ret->has_back =
		!release(&t, &t.first, saved, &ret->back, &why) && expect_back(c, &t.first, saved);
	plan_open(&x, &t, &t.first, saved);
	ret->is_refused = x.problems.n_errors > 0;
	ret->n_steps = x.plan.n;
	if (!ret->is_refused)
		why = do_steps(&t, &x.plan, &ret->end);
	look_must(why ? -EINVAL : 0, "steps");
	plan_close(&x);
	state_close(saved);
	look_end();
}
