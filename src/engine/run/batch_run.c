// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/run/batch_run.h"

#include "engine/run/actions.h"
#include "engine/run/in_flight.h"
#include "engine/run/progress.h"
#include "engine/run/run_numvfs.h"
#include "engine/run/trial_take.h"

int loop_interrupted(struct loop *l, struct err *e)
{
	const char *came = interrupt_take(&l->interrupt);

	if (!came)
		return 0;
	return err_fix(e, err_set(e, EINTR, "interrupted by %s", came),
		       l->j.plan->stop_on_error ? "run it again"
						: "what was done is undone; run it again");
}

/* Says which step begins; of those that run at once only the first one is progress. */
static void announce(const struct loop *l, size_t i, bool is_progress)
{
	const struct job *j = &l->j;
	_cleanup_free_ char *line = step_line(&j->plan->v[i]);

	log_info(&j->en->host->log, "%zu/%zu %s", i + 1, j->plan->n, line ? line : "");
	if (is_progress)
		progress_step(j->en->progress, j->plan, i);
}

/* The host's log has what was done to it. */
static void tell_done(const struct job *j, size_t i)
{
	if (j->plan->v[i].outcome == OUTCOME_DONE)
		step_event(j->en->host, EVENT_DONE, &j->plan->v[i]);
}

/* Step @i has ended with @r and @why; adds that to @e and *@ret, which are about the first failure.
 * The next run must examine what is stuck. */
static void ended(struct loop *l, size_t i, int r, const struct err *why, int *ret, struct err *e)
{
	struct job *j = &l->j;
	struct step *s = &j->plan->v[i];
	char object[VF_LABEL_MAX];

	if (s->outcome != OUTCOME_LEFT)
		s->outcome = r == 0			    ? OUTCOME_DONE
			     : actions[s->kind].undo_failed ? OUTCOME_HALF
							    : OUTCOME_FAILED;
	tell_done(j, i);
	j->hangs[i] = r < 0 && is_unfinished(s, why);
	if (!j->hangs[i])
		journal_end(j->journal, i);
	if (r < 0 && *ret == 0) {
		l->failed = i;
		err_copy(e, why);
		*ret = r;
	} else if (r < 0) {
		log_note(&j->en->host->log, "%s: %s", step_object(object, s), why->cause);
		if (why->status == EXIT_LEFT)
			err_status(e, *ret, EXIT_LEFT);
	}
}

static int run_one(struct loop *l, size_t i, struct err *e)
{
	struct job *j = &l->j;
	struct step *s = &j->plan->v[i];
	struct err why = { 0 };
	int r = actions[s->kind].run(j->en, s, &why), ret = 0;

	/* A signal ended the wait for a guest. What is left matters more than the signal's name. */
	if (r == -EINTR && why.status != EXIT_LEFT)
		loop_interrupted(l, &why);
	/* The VF must not wait for this setting, or its driver would never come back. */
	if (r < 0 && s->is_restore && unrestored_is_refusal(r)) {
		unrestored_leave(&l->unrestored, j->en->host, j->plan, s, &j->before[i].attrs,
				 &why);
		r = 0;
	}
	ended(l, i, r, &why, &ret, e);
	return ret;
}

/* Tells whether one more of a batch may begin. Between two of them a signal is heeded, as between
 * two batches. */
static int may_begin(struct loop *l, size_t i, struct err *e)
{
	int r = loop_interrupted(l, e);

	if (r < 0)
		l->failed = i;
	else
		announce(l, i, true);
	return r;
}

/* One after the other. *@begun is the first that has not begun. */
static int run_in_turn(struct loop *l, size_t *begun, size_t last, struct err *e)
{
	int r = 0;

	while (r == 0 && *begun < last) {
		r = may_begin(l, *begun, e);
		if (r == 0)
			r = run_one(l, (*begun)++, e);
	}
	return r;
}

/* A place for one that waits. */
struct place {
	struct in_flight flight;
	size_t step;
	bool is_taken;
};

static int refuse_batch(struct loop *l, size_t first, size_t last, struct err *e)
{
	struct plan *p = l->j.plan;
	int r = flights_look(l->j.en, p->v[first].kind, e);

	for (size_t i = first; r == 0 && i < last; i++) {
		r = flight_refuse(l->j.en, &p->v[i], e);
		if (r < 0) {
			l->failed = i;
			p->v[i].outcome = OUTCOME_FAILED;
		}
	}
	return r;
}

/* Goes on with the one that waits in @k, and lets the next step begin there when it has ended. */
static void attend(struct loop *l, struct place *k, size_t *begun, size_t last, int *ret,
		   struct err *e)
{
	struct err why = { 0 };
	int r;

	if (k->is_taken) {
		r = flight_go_on(l->j.en, &k->flight, &why);
		k->is_taken = r > 0;
		if (r <= 0)
			ended(l, k->step, r, &why, ret, e);
	}
	while (!k->is_taken && *ret == 0 && *begun < last) {
		*ret = may_begin(l, *begun, e);
		if (*ret < 0)
			return;
		k->step = (*begun)++;
		r = flight_start(l->j.en, &l->j.plan->v[k->step], &k->flight, &why);
		k->is_taken = r > 0;
		if (r <= 0)
			ended(l, k->step, r, &why, ret, e);
	}
}

/*
 * Several wait at once. When one fails, or a signal comes, those that have begun go on to their
 * end, so that there is something whole to undo, and no further one begins.
 */
static int run_at_once(struct loop *l, size_t *begun, size_t last, struct err *e)
{
	struct place places[FLIGHTS_MAX] = { 0 };
	int r = refuse_batch(l, *begun, last, e);
	bool any = r == 0;

	while (any) {
		any = false;
		for (size_t k = 0; k < FLIGHTS_MAX; k++) {
			attend(l, &places[k], begun, last, &r, e);
			any |= places[k].is_taken;
		}
	}
	return r;
}

static int run_numvfs(struct loop *l, size_t first, size_t last, struct err *e)
{
	struct job *j = &l->j;
	int r;

	for (size_t i = first; i < last; i++)
		announce(l, i, i == first);
	r = numvfs_run(j->en, j->plan, j->before, first, last, &l->failed, e);
	for (size_t i = first; i < last; i++) {
		tell_done(j, i);
		if (r == 0 || !is_unfinished(&j->plan->v[i], e))
			journal_end(j->journal, i);
	}
	if (r == 0)
		r = remember_take(&l->remember, j->en, j->plan, last, e);
	return r == 0 && j->en->trial ? trial_take(j->en, j->plan, last, e) : r;
}

int batch_run(struct loop *l, size_t first, size_t last, struct err *e)
{
	struct job *j = &l->j;
	enum step_kind kind = j->plan->v[first].kind;
	size_t begun = first;
	int r;

	l->failed = first;
	if (kind == STEP_NUMVFS)
		return run_numvfs(l, first, last, e);
	if (last - first > 1 && flights_wait(j->en, kind))
		r = run_at_once(l, &begun, last, e);
	else
		r = run_in_turn(l, &begun, last, e);
	while (begun < last)
		journal_end(j->journal, begun++);
	return r;
}
