// SPDX-License-Identifier: GPL-2.0-or-later
/* Makes the host match the topology. With --dry-run it is plan. */
#include "cli/plan_common.h"

static int open_apply(struct cli *cli, struct apply *a, struct err *e)
{
	unsigned wait_s;
	int r = cli_seconds(cli, 'w', "wait", 0, &wait_s, e);

	if (r == 0)
		r = apply_tries(cli, a, &cli->s, e);
	return r < 0 ? r : apply_prepare(a, &cli->s, wait_s * 1000, cli_opt(cli, 'a') != NULL, e);
}

static int apply(struct cli *cli, int argc UNUSED, char **argv UNUSED, struct err *e)
{
	_cleanup_(apply_done) struct apply a = { .s = &cli->s };
	int r = open_apply(cli, &a, e);

	return apply_outcome(cli, &a, r, e);
}

extern const struct cmd cmd_apply;
const struct cmd cmd_apply = {
	.name = "apply",
	.args = "[--no-attach] [--wait SEC] [--confirm SEC]",
	.help = "make the host match the topology; safe to repeat",
	.optstring = "aw:u:",
	.longs =
		(const struct cmd_long[]){
			{ "no-attach", 'a' }, { "wait", 'w' }, { "confirm", 'u' }, { 0 } },
	.opts_help =
		"      --no-attach          leave domains alone, as at boot\n"
		"      --wait SEC           wait for PFs that are not there yet\n" CONFIRM_HELP,
	.examples = "vfyard apply\n"
		    "vfyard apply --no-attach --wait 60",
	.flags = CMD_MUTATES,
	.run = apply,
};
