// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/run/run.h"

#include <string.h>

#include "engine/run/actions.h"
#include "engine/run/batch.h"
#include "engine/run/batch_run.h"
#include "engine/run/progress.h"
#include "engine/plan/refuse.h"
#include "engine/run/run_setting.h"

static void heed_signals(struct loop *l, bool heed)
{
	struct stop *stop = l->j.en->host->stop;

	if (stop)
		*stop = (struct stop){ .held = l->interrupt.held, .is_on = heed };
}

/* Steps first..last-1 are about to begin: records what they find, in memory and in the journal. */
static int begin(struct loop *l, size_t first, size_t last, struct err *e)
{
	struct job *j = &l->j;
	int r = loop_interrupted(l, e);

	for (size_t i = first; r == 0 && i < last; i++) {
		l->failed = i;
		r = action_look(j->en, &j->plan->v[i], &j->before[i], e);
	}
	return r < 0 ? r : journal_begin(j->journal, j->plan, j->before, first, last, e);
}

/* Returns the first of the settings of the same PF that end with step @last - 1. */
static size_t first_setting(const struct plan *p, size_t last)
{
	size_t i = last;

	while (i > 0 && p->v[i - 1].kind == STEP_SET && p->v[i - 1].vf.pf == p->v[last - 1].vf.pf)
		i--;
	return i;
}

/* Reads settings back when no further setting of that PF follows right away. */
static int verify_settings(struct loop *l, size_t last, struct err *e)
{
	struct plan *p = l->j.plan;
	int r;

	if (p->v[last - 1].kind != STEP_SET || (last < p->n && p->v[last].kind == STEP_SET &&
						p->v[last].vf.pf == p->v[last - 1].vf.pf))
		return 0;
	r = setting_verify(l->j.en, p, first_setting(p, last), last, &l->failed, e);
	while (r == -EBADE && p->v[l->failed].is_restore) {
		const struct step *s = &p->v[l->failed];

		/* The driver refused it silently. */
		unrestored_leave(&l->unrestored, l->j.en->host, p, &p->v[l->failed],
				 &s->vf.pf->attrs[s->vf.index], e);
		*e = (struct err){ 0 };
		r = setting_compare(p, l->failed + 1, last, &l->failed, e);
	}
	if (r < 0)
		p->v[l->failed].outcome = OUTCOME_HALF;
	return r;
}

static int run_steps(struct loop *l, struct err *e)
{
	struct plan *p = l->j.plan;
	int r = 0;

	for (size_t i = 0, next; r == 0 && i < p->n; i = next) {
		next = batch_end(p, i);
		l->failed = i;
		r = begin(l, i, next, e);
		if (r == 0)
			r = batch_run(l, i, next, e);
		if (r == 0)
			r = verify_settings(l, next, e);
	}
	return r;
}

/* The journal must be gone before entries of the memory are forgotten. If the run were killed in
 * between, the next one would take back the last step, whose end the journal lacks, on a host about
 * which nothing is known any more. */
static void close_journal(struct loop *l)
{
	journal_close(l->j.journal);
	l->j.journal = NULL;
}

static int failed(struct loop *l, int r, struct err *e)
{
	const struct step *s = &l->j.plan->v[l->failed];
	char label[VF_LABEL_MAX];

	progress_clear(l->j.en->progress);
	err_at(e, r, step_object(label, s), step_name(s->kind));
	err_fix(e, r, "see what the kernel says, run: dmesg | tail");
	if (l->j.plan->stop_on_error) {
		leave_standing(&l->j, e);
		return r;
	}
	/* Undoing has deadlines of its own, and signals do not cut it short. */
	heed_signals(l, false);
	if (!roll_back(&l->j, l->failed, e))
		return err_status(e, r, EXIT_LEFT);
	close_journal(l);
	remember_drop(&l->remember, l->j.en);
	return r;
}

/* The memory comes first: what is on disk describes the host before its first change. */
static int run_and_remember(struct loop *l, struct err *e)
{
	struct job *j = &l->j;
	int r = remember_take(&l->remember, j->en, j->plan, 0, e);

	if (r < 0)
		return r;
	r = journal_open(&j->journal, j->en->host, j->en->command, e);
	if (r < 0) {
		remember_drop(&l->remember, j->en);
		return r;
	}
	r = run_steps(l, e);
	if (r < 0)
		return failed(l, r, e);
	close_journal(l);
	r = remember_finish(j->en, j->plan, e);
	return r < 0 ? r : unrestored_end(&l->unrestored, e);
}

int engine_run(struct engine *en, struct plan *p, struct err *e)
{
	_cleanup_(takes_done) struct takes takes = { 0 };
	struct err local = { 0 };
	struct loop l = { .j = { .en = en, .plan = p } };
	int r;

	if (!p->n && !p->n_forget)
		return 0;
	l.j.before = calloc(p->n + 1, sizeof(*l.j.before));
	l.j.hangs = calloc(p->n + 1, sizeof(*l.j.hangs));
	r = l.j.before && l.j.hangs ? takes_of_plan(&takes, p, e)
				    : err_set(e, ENOMEM, "out of memory");
	if (r < 0) {
		free(l.j.before);
		free(l.j.hangs);
		return r;
	}
	en->takes = &takes;
	interrupt_hold(&l.interrupt);
	heed_signals(&l, true);
	r = run_and_remember(&l, e ? e : &local);
	en->takes = NULL;
	close_journal(&l);
	progress_clear(en->progress);
	heed_signals(&l, false);
	interrupt_done(&l.interrupt);
	remember_done(&l.remember);
	for (size_t i = 0; i < p->n; i++)
		snapshot_done(&l.j.before[i].vfs);
	free(l.j.before);
	free(l.j.hangs);
	return r;
}
