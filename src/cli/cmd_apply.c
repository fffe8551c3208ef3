// SPDX-License-Identifier: GPL-2.0-or-later
/* Makes the host match the topology. With --dry-run it is plan. */
#include <stdlib.h>

#include "cli/confirm.h"
#include "cli/plan_common.h"
#include "engine/session/apply_look.h"

static int wait_ms_of(const struct cli *cli, unsigned *ret, struct err *e)
{
	const char *s = cli_opt(cli, 'w');
	unsigned long v;
	char *end;

	*ret = 0;
	if (!s)
		return 0;
	v = strtoul(s, &end, 10);
	if (*s < '0' || *s > '9' || *end || v > 86400)
		return err_fix(e, err_usage(e, "--wait: '%s'", s), "use 0 to 86400 seconds");
	*ret = (unsigned)v * 1000;
	return 0;
}

static int open_apply(struct cli *cli, struct apply *a, struct err *e)
{
	unsigned wait_ms;
	int r = wait_ms_of(cli, &wait_ms, e);

	return r < 0 ? r : apply_prepare(a, &cli->s, wait_ms, cli_opt(cli, 'a') != NULL, e);
}

static void print_one(void *arg UNUSED, const struct err *e)
{
	err_print(e, stderr);
}

/* A run is done when a look like that of status says so. A single difference is the sentence of the
 * run itself. */
static int run(const struct cli *cli, struct apply *a, struct err *e)
{
	int r = apply_do(a, e);

	if (r < 0 && a->after && !cli->json && apply_differences(a->after, NULL, NULL) > 1)
		apply_differences(a->after, print_one, NULL);
	return r;
}

/* When a domain could not be asked, everything else may be done, but not all is done. */
static int outcome(const struct cli *cli, const struct apply *a, int r, const struct err *left,
		   struct err *e)
{
	struct plan_report p = plan_report_of(a);
	bool is_left = r == 0 && left->cause[0];

	/* The document of a run contains this; that of a dry run contains its problems. */
	if (is_left && cli->json && !cli->s.dry_run)
		return plan_outcome(cli, &p, err_copy(e, left), e);
	r = plan_outcome(cli, &p, r, e);
	return r == 0 && is_left ? err_copy(e, left) : r;
}

static int apply(struct cli *cli, int argc UNUSED, char **argv UNUSED, struct err *e)
{
	_cleanup_(apply_done) struct apply a = { .s = &cli->s };
	struct err left = { 0 };
	int r = open_apply(cli, &a, e);

	if (r == 0 && plan_problems(cli, &a.problems, &left) < 0 && problems_of_all(&a.problems))
		r = err_copy(e, &left);
	if (r == 0)
		r = confirm_plan(cli, &a.plan, e);
	if (r == 0)
		r = run(cli, &a, e);
	return outcome(cli, &a, r, &left, e);
}

extern const struct cmd cmd_apply;
const struct cmd cmd_apply = {
	.name = "apply",
	.args = "[--no-attach] [--wait SEC]",
	.help = "make the host match the topology; safe to repeat",
	.optstring = "aw:",
	.longs = (const struct cmd_long[]){ { "no-attach", 'a' }, { "wait", 'w' }, { 0 } },
	.opts_help = "      --no-attach          leave domains alone, as at boot\n"
		     "      --wait SEC           wait for PFs that are not there yet\n",
	.examples = "vfyard apply\n"
		    "vfyard apply --no-attach --wait 60",
	.flags = CMD_MUTATES,
	.run = apply,
};
