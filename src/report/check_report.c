// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/check_report.h"

#include "report/problem_json.h"

static int verdict(const struct problems *all, struct err *e)
{
	if (!all->n_errors)
		return 0;
	err_refuse(e, EINVAL, "%zu problem%s on this host", all->n_errors,
		   all->n_errors == 1 ? "" : "s");
	return err_at(e, -EINVAL, all->file, NULL);
}

static int add_writers(struct problems *all, const struct topology *t)
{
	struct err note = { 0 };
	struct problem *p;

	if (!topology_writers(t, &note))
		return 0;
	p = problems_add(all, (struct loc){ 0 }, true);
	if (!p)
		return -ENOMEM;
	p->err = note;
	return 0;
}

int check_report_make(struct session *s, struct check_report *ret, struct err *e)
{
	struct err why = { 0 };
	int r = session_load_topology(s, e), found;

	if (r < 0) {
		ret->problems = s->faults.n_errors ? &s->faults : NULL;
		return r;
	}
	r = apply_open(&ret->apply, s, false, false, &why);
	if (r < 0 && !ret->apply.problems.n)
		return err_copy(e, &why);
	if (add_writers(&ret->apply.problems, s->topo) < 0)
		return err_set(e, ENOMEM, "out of memory");
	ret->topo = s->topo;
	ret->problems = &ret->apply.problems;
	found = verdict(ret->problems, e);
	return r < 0 ? err_copy(e, &why) : found;
}

void check_report_done(struct check_report *c)
{
	apply_done(&c->apply);
	*c = (struct check_report){ 0 };
}

json_t *check_json(const struct problems *all, const struct topology *t)
{
	return json_pack("{s:i, s:o}", "version", 1, "problems", problems_json(all, t));
}
