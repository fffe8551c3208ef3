// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/plan_common.h"

#include "report/problem_json.h"

int plan_problems(const struct cli *cli, const struct problems *all, struct err *e)
{
	for (size_t i = 0; !cli->json && i < all->n; i++)
		if (!all->v[i].is_note || cli->s.host.log.level >= LOG_INFO)
			err_print(&all->v[i].err, stderr);
	return apply_refused(all, e);
}

/* Returns @r, or the failure to print. */
static int print_document(const struct cli *cli, const struct plan_report *p, int r, struct err *e)
{
	struct err why = { 0 };

	if (json_print(outcome_json(p, cli->s.dry_run, r, e), &why) == 0 || r < 0)
		return r;
	err_copy(e, &why);
	return -why.code;
}

/* When something was left, a note says so (engine/run/unrestored.h). */
static void print_done(const struct plan *p)
{
	size_t n_left = 0;

	if (!p->n) {
		puts("nothing to do");
		return;
	}
	for (size_t i = 0; i < p->n; i++)
		n_left += p->v[i].outcome == OUTCOME_LEFT;
	printf("%zu step%s done", p->n - n_left, p->n - n_left == 1 ? "" : "s");
	if (n_left)
		printf(", %zu left", n_left);
	putchar('\n');
}

int plan_outcome(const struct cli *cli, const struct plan_report *p, int r, struct err *e)
{
	if (cli->json)
		return print_document(cli, p, r, e);
	if (r < 0)
		return r;
	if (cli->s.dry_run && plan_print(p->plan, stdout) < 0)
		return err_set(e, ENOMEM, "out of memory");
	if (!cli->s.dry_run && cli->s.host.log.level >= LOG_NOTE)
		print_done(p->plan);
	return r;
}

int change_outcome(const struct cli *cli, struct engine *en, struct change *c, bool says_done,
		   int r, struct err *e)
{
	struct plan_report p;

	if (r == 0 && !cli->s.dry_run)
		r = engine_run(en, &c->plan, e);
	p = change_report(&cli->s, c);
	if (says_done || cli->json || cli->s.dry_run)
		r = plan_outcome(cli, &p, r, e);
	change_done(c, cli->s.ops);
	return r;
}
