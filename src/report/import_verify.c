// SPDX-License-Identifier: GPL-2.0-or-later
/* The import held against the host, by the code of check and plan: what it promises is not taken
 * for granted. */
#include <string.h>

#include "engine/session/apply.h"
#include "report/import_parts.h"
#include "topology/build/load.h"

#define TOLD_MAX 20 /* more of one kind are counted */

/* A session of its own on the same host, with a topology that is in no file. What the first one has
 * open with its hypervisor is closed before, because a monitor has one client. */
static struct session beside(struct session *s, struct topology *t)
{
	struct session v = { .host = s->host,
			     .hypervisor = s->hypervisor,
			     .command = s->command,
			     .lock_fd = -1,
			     .ops = s->ops,
			     .topo = t };

	v.host.log.level = LOG_QUIET;
	v.host.forced = NULL;
	v.host.n_forced = 0;
	v.host.forced_used = NULL;
	if (s->ops && s->ops->open && s->backend) {
		s->ops->close(s->backend);
		s->backend = NULL;
	}
	v.backend = s->backend;
	return v;
}

static void close_beside(const struct session *s, struct session *v)
{
	if (v->backend == s->backend)
		v->backend = NULL;
	v->host.root.dir = NULL; /* the first one closes it */
	session_close(v);
}

/* What is wrong with the host, and would be with any topology, is not the import's to say. */
static int note_problems(struct topo_notes *notes, const struct problems *all)
{
	size_t n = 0;
	int r = 0;

	for (size_t i = 0; r == 0 && i < all->n; i++) {
		const struct problem *p = &all->v[i];

		if (p->is_note || !p->loc.line || n++ >= TOLD_MAX)
			continue;
		r = topo_note(notes, NOTE_END, 0, "CHECK: line %u: %s%s%s", p->loc.line,
			      p->err.step, p->err.step[0] ? ": " : "", p->err.cause);
	}
	if (r == 0 && n > TOLD_MAX)
		r = topo_note(notes, NOTE_END, 0, "CHECK: and %zu more", n - TOLD_MAX);
	notes->n_missing += n;
	return r;
}

/* What files want, and the host is not yet. */
static int note_expected(struct topo_notes *notes, const struct plan *p)
{
	return p->n ? topo_note(notes, NOTE_END, 0, "PLAN: %zu step%s, as vfyard plan tells", p->n,
				p->n == 1 ? "" : "s")
		    : 0;
}

static int note_steps(struct topo_notes *notes, const struct plan *p)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < p->n && i < TOLD_MAX; i++) {
		_cleanup_free_ char *line = step_line(&p->v[i]);

		r = line ? topo_note(notes, NOTE_END, 0, "PLAN: %s", line) : -ENOMEM;
	}
	if (r == 0 && p->n > TOLD_MAX)
		r = topo_note(notes, NOTE_END, 0, "PLAN: and %zu more steps", p->n - TOLD_MAX);
	notes->n_missing += p->n;
	return r;
}

static int look(struct session *v, bool is_expected, struct topo_notes *notes, struct err *e)
{
	struct apply a = { .s = v };
	struct err why = { 0 };
	int r = apply_open(&a, v, false, false, &why);

	if (r < 0 && why.code == ENOMEM)
		r = -ENOMEM;
	else if (r < 0)
		r = topo_note_missing(notes, NOTE_END, 0, "its plan is not known: %s", why.cause);
	if (r == 0)
		r = note_problems(notes, &a.problems);
	if (r == 0)
		r = (is_expected ? note_expected : note_steps)(notes, &a.plan);
	apply_done(&a);
	return r < 0 ? err_set(e, ENOMEM, "out of memory") : 0;
}

int import_verify(struct session *s, const struct import_options *o, struct imported *i,
		  struct err *e)
{
	struct problems problems = { 0 };
	_cleanup_free_ char *text = NULL;
	struct topology *t = NULL;
	struct session v;
	int r = import_text(i, &text, e);

	if (r < 0)
		return r;
	r = topology_parse(&t, text, strlen(text), "import", &problems, e);
	if (r == -EINVAL && problems.n)
		r = err_copy(e, &problems.v[0].err);
	problems_done(&problems);
	if (r < 0)
		return r;
	v = beside(s, t);
	r = look(&v, o->only_files, &i->notes, e);
	close_beside(s, &v);
	return r;
}
