// SPDX-License-Identifier: GPL-2.0-or-later
/* Keeps what apply --confirm did, or undoes it before its time. */
#include "cli/cli.h"
#include "engine/session/trial.h"

static int end_it(struct cli *cli, struct err *e)
{
	if (cli_opt(cli, 'w'))
		return trial_undo_when_due(&cli->s, e);
	return cli_opt(cli, 'u') ? trial_undo(&cli->s, e) : trial_confirm(&cli->s, e);
}

static int confirm(struct cli *cli, int argc UNUSED, char **argv UNUSED, struct err *e)
{
	bool undoes = cli_opt(cli, 'u') || cli_opt(cli, 'w');
	int r = end_it(cli, e);

	if (r < 0)
		session_tell_failure(&cli->s, NULL, e);
	if (r < 0 || cli->s.host.log.level < LOG_NOTE)
		return r < 0 ? r : 0;
	if (!r)
		puts("nothing awaits confirmation");
	else if (cli->s.dry_run)
		puts(undoes ? "it would be undone" : "it would be kept");
	else
		puts(undoes ? "undone" : "confirmed");
	return 0;
}

extern const struct cmd cmd_confirm;
const struct cmd cmd_confirm = {
	.name = "confirm",
	.args = "[--undo]",
	.help = "keep what apply --confirm did, which is undone otherwise",
	.optstring = "uw",
	.longs = (const struct cmd_long[]){ { "undo", 'u' }, { "when-due", 'w' }, { 0 } },
	.opts_help = "      --undo               undo it now\n"
		     "      --when-due           wait until its time is over, then undo it\n",
	.examples = "vfyard apply --confirm 60 && vfyard confirm\n"
		    "vfyard confirm --undo",
	.flags = CMD_MUTATES,
	.run = confirm,
};
