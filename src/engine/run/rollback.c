// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/run/rollback.h"

#include <string.h>

#include "engine/run/actions.h"
#include "engine/run/unrestored.h"

/* Adds a failed undo to the sentence of the step that failed first. */
static void add_left(const struct engine *en, const struct step *s, const struct err *why,
		     struct err *e)
{
	const struct action *a = &actions[s->kind];
	char label[VF_LABEL_MAX], line[sizeof(struct err)];
	bool first = e->status != EXIT_LEFT || !strstr(e->cause, "rollback incomplete");

	step_object(label, s);
	log_note(&en->host->log, "%s: undo %s: %s", label, step_name(s->kind),
		 err_format(why, line, sizeof(line)));
	err_append(e, "%s%s stays as %s left it (%s)", first ? "; rollback incomplete: " : ", ",
		   label, step_name(s->kind), why->cause);
	if (!first)
		return;
	err_status(e, 0, EXIT_LEFT);
	if (!a->repair) {
		err_refix(e, "fix the cause, then run: vfyard apply");
		return;
	}
	err_refix(e, "fix the cause, then run: vfyard %s %s%s%.*s", a->repair,
		  a->repair_domain ? s->domain->name : "", a->repair_domain ? " " : "",
		  (int)strcspn(label, " "), label);
}

void step_event(const struct host *h, enum event_kind kind, const struct step *s)
{
	_cleanup_free_ char *line = step_line(s), *message = NULL;
	char label[VF_LABEL_MAX];

	if (asprintf(&message, "%s%s", kind == EVENT_UNDONE ? "undone: " : "",
		     line ? line : step_name(s->kind)) < 0)
		return;
	event_send(h, &(struct event){ .kind = kind,
				       .object = step_object(label, s),
				       .step = step_name(s->kind),
				       .message = message });
}

bool is_unfinished(const struct step *s, const struct err *e)
{
	return e->code == ETIMEDOUT && (e->status == EXIT_LEFT || s->kind == STEP_SET);
}

/* The driver refuses to set the VF's address back to none, so the VF keeps the one that it has. */
static bool keeps_address(const struct engine *en, const struct step *s, const struct before *b,
			  int r, const struct err *why)
{
	char label[VF_LABEL_MAX];

	if (s->kind != STEP_SET || !(unrestored_is_refusal(r) || r == -EBADE) ||
	    !unrestored_is_none(s->setting, &b->attrs))
		return false;
	unrestored_note(en->host, step_object(label, s), s->setting, &b->attrs, &s->want, why);
	return true;
}

static int undo_one(struct job *j, size_t i, struct err *e)
{
	struct step *s = &j->plan->v[i];
	char label[VF_LABEL_MAX];
	struct err why = { 0 };
	int r;

	log_info(&j->en->host->log, "undo %s %s", step_name(s->kind), step_object(label, s));
	journal_undo(j->journal, j->plan, j->before, i);
	r = actions[s->kind].undo(j->en, s, &j->before[i], &why);
	/* The next run must examine what is stuck. */
	if (r == 0 || !is_unfinished(s, &why))
		journal_end(j->journal, i);
	if (r == 0) {
		if (s->outcome == OUTCOME_DONE) {
			s->outcome = OUTCOME_UNDONE;
			step_event(j->en->host, EVENT_UNDONE, s);
		}
		return 0;
	}
	s->outcome = OUTCOME_LEFT;
	if (keeps_address(j->en, s, &j->before[i], r, &why))
		return 0;
	add_left(j->en, s, &why, e);
	return r;
}

/* Adds the steps that were not even tried, because they would wait as long as the one that is
 * stuck. */
static void add_behind(size_t n, struct err *e)
{
	err_append(e, "; not undone after it: %zu step%s", n, n == 1 ? "" : "s");
	err_status(e, 0, EXIT_LEFT);
	err_refix(e,
		  "see what hangs, run: dmesg | tail; when it answers again, run: vfyard apply, or "
		  "vfyard release");
}

/* @stuck is of the same function, or of that function's PF. Settings share one lock for all network
 * devices. */
static bool is_stuck(const struct step *s, const struct step *stuck)
{
	if (stuck->kind == STEP_SET && s->kind == STEP_SET)
		return true;
	return s->vf.pf == stuck->vf.pf &&
	       (step_is_about_pf(stuck) || step_is_about_pf(s) || s->vf.index == stuck->vf.index ||
		vf_is_whole(s->vf) || vf_is_whole(stuck->vf));
}

static bool is_behind_any(const struct job *j, const struct step *s)
{
	for (size_t i = 0; i < j->plan->n; i++)
		if (j->hangs[i] && is_stuck(s, &j->plan->v[i]))
			return true;
	return false;
}

bool roll_back(struct job *j, size_t failed, struct err *e)
{
	struct step *v = j->plan->v;
	bool is_clean = e->status != EXIT_LEFT, any_hangs;
	size_t n_behind = 0;
	int r;

	j->hangs[failed] |= is_unfinished(&v[failed], e);
	any_hangs = memchr(j->hangs, true, j->plan->n * sizeof(*j->hangs));
	for (size_t i = j->plan->n; i-- > 0;) {
		bool is_done = v[i].outcome == OUTCOME_DONE;

		if (!is_done && v[i].outcome != OUTCOME_HALF)
			continue;
		if (!any_hangs || !is_behind_any(j, &v[i])) {
			r = undo_one(j, i, e);
			is_clean &= r == 0;
			j->hangs[i] = r == -ETIMEDOUT;
			any_hangs |= j->hangs[i];
			continue;
		}
		if (is_done)
			v[i].outcome = OUTCOME_LEFT;
		n_behind += is_done;
		is_clean = false;
	}
	if (n_behind)
		add_behind(n_behind, e);
	return is_clean;
}

#define MAX_NAMED 4

void leave_standing(const struct job *j, struct err *e)
{
	const struct plan *p = j->plan;
	size_t n = 0;
	char label[VF_LABEL_MAX];

	for (size_t i = 0; i < p->n; i++) {
		bool is_half = p->v[i].outcome == OUTCOME_HALF;

		if ((p->v[i].outcome != OUTCOME_DONE && !is_half) || n++ >= MAX_NAMED)
			continue;
		err_append(e, "%s%s %s%s", n > 1 ? ", " : "; it stopped, and these steps stay: ",
			   step_name(p->v[i].kind), step_object(label, &p->v[i]),
			   is_half ? " (perhaps partly)" : "");
	}
	if (!n)
		return;
	if (n > MAX_NAMED)
		err_append(e, " and %zu more", n - MAX_NAMED);
	err_refix(e, "fix the cause and run vfyard apply to continue, or vfyard release to undo "
		     "everything");
	e->status = EXIT_LEFT;
}
