// SPDX-License-Identifier: GPL-2.0-or-later
/* Makes the host match the topology. With --dry-run it is plan. */
#include <stdlib.h>

#include "cli/plan_common.h"

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

static int apply(struct cli *cli, int argc UNUSED, char **argv UNUSED, struct err *e)
{
	_cleanup_(apply_done) struct apply a = { .s = &cli->s };
	int r = open_apply(cli, &a, e);

	return apply_outcome(cli, &a, r, e);
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
