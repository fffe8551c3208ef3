// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/apply_report.h"

#include "report/also_held.h"

static const char *hypervisor_of(const struct session *s)
{
	return s->inv ? s->inv->hypervisor : "none";
}

struct plan_report plan_report_of(const struct apply *a)
{
	const struct session *s = a->s;
	const struct problems *problems = a->after ? &a->after->problems : &a->problems;

	return (struct plan_report){ .hypervisor = hypervisor_of(s),
				     .plan = &a->plan,
				     .topo = s->topo,
				     .problems = s->faults.n_errors ? &s->faults : problems,
				     .left = a->after ? &a->after->plan : NULL,
				     .domains_unseen = s->inv && !apply_sees_all(a),
				     .host = &s->host };
}

struct plan_report change_report(const struct session *s, const struct change *c)
{
	return (struct plan_report){ .hypervisor = hypervisor_of(s),
				     .plan = &c->plan,
				     .topo = s->topo,
				     .problems = s->faults.n_errors ? &s->faults : NULL,
				     .host = &s->host };
}

json_t *outcome_json(const struct plan_report *p, bool dry_run, int r, const struct err *e)
{
	return dry_run && r >= 0 ? plan_json(p) : run_json(p, r, e);
}

json_t *status_json(const struct apply *a)
{
	struct plan_report p = plan_report_of(a);
	json_t *doc = drift_json(&p);

	if (!doc || json_object_set_new(doc, "also_held", also_held_json(a)) == 0)
		return doc;
	json_decref(doc);
	return NULL;
}
