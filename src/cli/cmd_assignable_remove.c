// SPDX-License-Identifier: GPL-2.0-or-later
/* Unassigns VFs. As in xl, the driver comes back only when asked for. */
#include "cli/plan_common.h"
#include "engine/plan/plan_assign.h"

static int unassign(struct cli *cli, int argc, char **argv, struct err *e)
{
	_cleanup_(devlist_done) struct devlist devs = { 0 };
	struct change c = { 0 };
	struct engine en;
	int r = session_engine(&cli->s, &en, e);

	if (r == 0)
		r = session_devices(&cli->s, argc, (const char *const *)argv, &devs, e);
	if (r == 0)
		r = change_unassign(&en, &devs, cli_opt(cli, 'r') != NULL, &c, e);
	return change_outcome(cli, &en, &c, false, r, e);
}

extern const struct cmd cmd_assignable_remove;
const struct cmd cmd_assignable_remove = {
	.name = "pci-assignable-remove",
	.args = "[-r] DEV...",
	.help = "unassign; -r returns to the remembered driver",
	.optstring = "r",
	.longs = (const struct cmd_long[]){ { "rebind", 'r' }, { 0 } },
	.opts_help = "  -r, --rebind             return each device to the driver it had before\n",
	.examples = "vfyard pci-assignable-remove -r net0/2\n"
		    "vfyard pci-assignable-remove -r 'net0/*'",
	.flags = CMD_MUTATES,
	.min_args = 1,
	.max_args = -1,
	.run = unassign,
};
