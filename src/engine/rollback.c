// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/rollback.h"

#include <string.h>

#include "engine/actions.h"

/* Adds one failed undo to the sentence of the step that failed first. */
static void add_left(const struct engine *en, const struct step *s, const struct err *why,
		     struct err *e)
{
	const struct action *a = &actions[s->kind];
	char label[VF_LABEL_MAX], line[sizeof(struct err)];
	bool first = e->status != EXIT_LEFT || !strstr(e->cause, "rollback incomplete");
	size_t n = strlen(e->cause);

	step_object(label, s);
	log_note(&en->host->log, "%s: undo %s: %s", label, step_name(s->kind),
		 err_format(why, line, sizeof(line)));
	snprintf(e->cause + n, sizeof(e->cause) - n, "%s%s stays as %s left it (%s)",
		 first ? "; rollback incomplete: " : ", ", label, step_name(s->kind), why->cause);
	if (!first)
		return;
	e->fix[0] = '\0';
	err_fix(e, 0, "remove the cause, then run: vfyard %s %s%s%.*s", a->repair,
		a->repair_domain ? s->domain->name : "", a->repair_domain ? " " : "",
		(int)strcspn(label, " "), label);
	e->status = EXIT_LEFT;
}

static bool undo_one(struct job *j, size_t i, struct err *e)
{
	struct step *s = &j->plan->v[i];
	char label[VF_LABEL_MAX];
	struct err why = { 0 };

	log_info(&j->en->host->log, "undo %s %s", step_name(s->kind), step_object(label, s));
	journal_undo(j->journal, j->plan, j->before, i);
	if (actions[s->kind].undo(j->en, s, &j->before[i], &why) == 0) {
		journal_end(j->journal, i);
		if (s->outcome == OUTCOME_DONE)
			s->outcome = OUTCOME_UNDONE;
		return true;
	}
	journal_end(j->journal, i);
	s->outcome = OUTCOME_LEFT;
	add_left(j->en, s, &why, e);
	return false;
}

/* The same function, or the PF it is of. */
static bool is_stuck(const struct step *s, const struct step *stuck)
{
	return stuck && s->vf.pf == stuck->vf.pf &&
	       (step_is_about_pf(stuck) || step_is_about_pf(s) || s->vf.index == stuck->vf.index);
}

bool roll_back(struct job *j, size_t failed, struct err *e)
{
	struct step *v = j->plan->v;
	bool is_clean = e->status != EXIT_LEFT;
	const struct step *stuck = !is_clean && e->code == ETIMEDOUT ? &v[failed] : NULL;

	for (size_t i = j->plan->n; i-- > 0;) {
		bool is_done = v[i].outcome == OUTCOME_DONE;
		bool is_half = v[i].outcome == OUTCOME_FAILED && actions[v[i].kind].undo_failed;

		if (!is_done && !is_half)
			continue;
		if (!is_stuck(&v[i], stuck)) {
			is_clean &= undo_one(j, i, e);
			continue;
		}
		if (is_done) {
			v[i].outcome = OUTCOME_LEFT;
			is_clean = false;
		}
	}
	return is_clean;
}

#define MAX_NAMED 4

void leave_standing(const struct job *j, struct err *e)
{
	const struct plan *p = j->plan;
	size_t n = 0, len = strlen(e->cause);
	char label[VF_LABEL_MAX];

	for (size_t i = 0; i < p->n; i++) {
		if (p->v[i].outcome != OUTCOME_DONE || n++ >= MAX_NAMED || len >= sizeof(e->cause))
			continue;
		len += (size_t)snprintf(e->cause + len, sizeof(e->cause) - len, "%s%s %s",
					n > 1 ? ", " : "; stopped, these stand: ",
					step_name(p->v[i].kind), step_object(label, &p->v[i]));
	}
	if (!n)
		return;
	if (n > MAX_NAMED && len < sizeof(e->cause))
		snprintf(e->cause + len, sizeof(e->cause) - len, " and %zu more", n - MAX_NAMED);
	e->fix[0] = '\0';
	err_fix(e, 0,
		"remove the cause and run vfyard apply to go on, or take all back: vfyard "
		"release");
	e->status = EXIT_LEFT;
}
