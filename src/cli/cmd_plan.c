// SPDX-License-Identifier: GPL-2.0-or-later
/* Shows the steps to the topology, without running them. */
#include "cli/plan_common.h"

static int print(struct cli *cli, const struct apply *a, struct err *e)
{
	struct plan_report p = plan_report_of(a);

	if (cli->json)
		return cli_document(cli, plan_json(&p), e);
	return plan_report_text(&p, stdout) < 0 ? err_set(e, ENOMEM, "out of memory") : 0;
}

static int plan(struct cli *cli, int argc UNUSED, char **argv UNUSED, struct err *e)
{
	_cleanup_(apply_done) struct apply a = { 0 };
	int r = apply_open(&a, &cli->s, false, cli_opt(cli, 'a') != NULL, e);

	/* With problems this is not the plan of an apply, because apply would refuse. */
	if (r == 0 && (cli->json || !problems_of_all(&a.problems)))
		r = print(cli, &a, e);
	if (r == 0)
		r = plan_problems(cli, &a.problems, e);
	if (r == 0)
		r = apply_unseen(&a, e);
	if (r == 0 && a.plan.n)
		err_status(e, 0, EXIT_PENDING);
	return r;
}

extern const struct cmd cmd_plan;
const struct cmd cmd_plan = {
	.name = "plan",
	.args = "[--no-attach]",
	.help = "show the exact steps of apply; exit 3 if there are any",
	.optstring = "a",
	.longs = (const struct cmd_long[]){ { "no-attach", 'a' }, { 0 } },
	.opts_help = "      --no-attach          leave domains alone\n",
	.examples = "vfyard plan\n"
		    "vfyard -C new.cfg plan --json",
	.run = plan,
};
