// SPDX-License-Identifier: GPL-2.0-or-later
/* Makes the host match the topology. With --dry-run it is plan. */
#include "cli/plan_common.h"

static int open_apply(struct cli *cli, struct apply *a, struct err *e)
{
	unsigned wait_s;
	int r = cli_seconds(cli, 'w', "wait", 0, &wait_s, e);

	if (r == 0)
		r = apply_tries(cli, a, &cli->s, e);
	if (r == 0 && cli_opt(cli, 'p')) {
		r = apply_only(&cli->s, cli_opt(cli, 'p'), wait_s * 1000, e);
		if (r == 0)
			return err_fix(e,
				       err_set(e, ENODEV, "the topology has no PF '%s'",
					       cli_opt(cli, 'p')),
				       "see the PFs, run: vfyard list");
		r = r < 0 ? r : 0;
	}
	return r < 0 ? r : apply_prepare(a, &cli->s, wait_s * 1000, cli_opt(cli, 'a') != NULL, e);
}

static int apply(struct cli *cli, int argc, char **argv, struct err *e)
{
	_cleanup_(apply_done) struct apply a = { .s = &cli->s };
	int r = take_file(cli, argc, argv, e);

	if (r == 0)
		r = open_apply(cli, &a, e);
	return apply_outcome(cli, &a, r, e);
}

extern const struct cmd cmd_apply;
const struct cmd cmd_apply = {
	.name = "apply",
	.args = "[--no-attach] [--pf PF] [--wait SEC] [--confirm SEC] [FILE]",
	.help = "make the host match the topology; safe to repeat",
	.optstring = "aw:u:p:",
	.longs = (const struct cmd_long[]){ { "no-attach", 'a' },
					    { "wait", 'w' },
					    { "confirm", 'u' },
					    { "pf", 'p' },
					    { 0 } },
	.opts_help =
		"      --no-attach          leave domains alone, as at boot\n"
		"      --pf PF              only this PF and its VFs\n"
		"      --wait SEC           wait for PFs that are not there yet\n" CONFIRM_HELP,
	.examples = "vfyard apply\n"
		    "vfyard apply --no-attach --wait 60",
	.flags = CMD_MUTATES,
	.max_args = 1,
	.run = apply,
};
