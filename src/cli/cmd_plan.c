// SPDX-License-Identifier: GPL-2.0-or-later
/* Shows the steps to the topology, without running them. */
#include <unistd.h>

#include "cli/plan_common.h"

/* On a terminal somebody reads it; elsewhere somebody searches it. */
static bool folds(const struct cli *cli)
{
	return cli_opt(cli, 'F') || (!cli_opt(cli, 'U') && isatty(STDOUT_FILENO));
}

static int print(struct cli *cli, const struct apply *a, struct err *e)
{
	struct plan_report p = plan_report_of(a);
	int r;

	if (cli->json)
		return cli_document(cli, plan_json(&p), e);
	r = folds(cli) ? plan_report_folded(&p, cli_colors(cli), stdout)
		       : plan_report_text(&p, stdout);
	return r < 0 ? err_set(e, ENOMEM, "out of memory") : 0;
}

static int plan(struct cli *cli, int argc, char **argv, struct err *e)
{
	_cleanup_(apply_done) struct apply a = { 0 };
	int r = take_file(cli, argc, argv, e);

	if (r == 0 && cli_opt(cli, 'F') && cli_opt(cli, 'U'))
		return err_fix(e, err_usage(e, "--fold and --full exclude each other"),
			       "leave out one of them");
	if (r == 0)
		r = apply_open(&a, &cli->s, false, cli_opt(cli, 'a') != NULL, e);

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
	.args = "[--no-attach] [--fold | --full] [FILE]",
	.help = "show the exact steps of apply; exit 3 if there are any",
	.optstring = "a",
	.longs =
		(const struct cmd_long[]){
			{ "no-attach", 'a' }, { "fold", 'F' }, { "full", 'U' }, { 0 } },
	.opts_help =
		"      --no-attach          leave domains alone\n"
		"      --fold, --full       what changes, by PF, VF and domain (on a terminal),\n"
		"                           or each step in its order (elsewhere)\n",
	.examples = "vfyard plan\n"
		    "vfyard -C new.cfg plan --json",
	.max_args = 1,
	.run = plan,
};
