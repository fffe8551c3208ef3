// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/plan_common.h"

#include "report/problem_json.h"

struct plan_report plan_report_of(const struct apply *a)
{
	return (struct plan_report){ .hypervisor = a->s->inv ? a->s->inv->hypervisor : "none",
				     .plan = &a->plan,
				     .topo = a->s->topo,
				     .problems = a->after ? &a->after->problems : &a->problems,
				     .left = a->after ? &a->after->plan : NULL,
				     .domains_unseen = a->s->inv && !apply_sees_all(a) };
}

int plan_unseen(const struct apply *a, struct err *e)
{
	if (apply_sees_all(a))
		return 0;
	*e = a->s->unseen;
	err_status(e, 0, EXIT_FAILED);
	return err_at(e, -(e->code ? e->code : EIO), "host", "look at its domains");
}

int plan_problems(const struct cli *cli, const struct problems *all, struct err *e)
{
	for (size_t i = 0; !cli->json && i < all->n; i++)
		if (!all->v[i].is_note || cli->s.host.log.level >= LOG_INFO)
			err_print(&all->v[i].err, stderr);
	if (!all->n_errors)
		return 0;
	err_refuse(e, EBUSY, "%zu problem%s, nothing was changed", all->n_errors,
		   all->n_errors == 1 ? "" : "s");
	err_fix(e, -EBUSY, "set that right; vfyard check shows it again");
	return err_at(e, -EBUSY, all->file, NULL);
}

int plan_outcome(const struct cli *cli, const struct plan_report *p, int r, struct err *e)
{
	struct err why = { 0 };
	size_t n_left = 0;

	if (cli->json) {
		if (json_print(cli->s.dry_run && r >= 0 ? plan_json(p) : run_json(p, r, e), &why) <
			    0 &&
		    r >= 0) {
			*e = why;
			return -why.code;
		}
		return r;
	}
	if (r < 0 || cli->s.host.log.level < LOG_NOTE)
		return r;
	if (!p->plan->n) {
		puts("nothing to do");
		return r;
	}
	/* Of what was left there is a note (engine/run/unrestored.h). */
	for (size_t i = 0; i < p->plan->n; i++)
		n_left += p->plan->v[i].outcome == OUTCOME_LEFT;
	printf("%zu step%s done", p->plan->n - n_left, p->plan->n - n_left == 1 ? "" : "s");
	if (n_left)
		printf(", %zu left", n_left);
	putchar('\n');
	return r;
}
