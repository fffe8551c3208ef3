// SPDX-License-Identifier: GPL-2.0-or-later
/* Takes VFs from the host. The name is one word for one device, as in xl. */
#include "cli/plan_common.h"
#include "engine/plan/plan_assign.h"

static int make_assignable(struct cli *cli, int argc, char **argv, struct err *e)
{
	_cleanup_(devlist_done) struct devlist devs = { 0 };
	const char *name = cli_opt(cli, 'n');
	struct change c = { 0 };
	struct engine en;
	int r = session_engine(&cli->s, &en, e);

	if (r == 0)
		r = session_devices(&cli->s, argc, (const char *const *)argv, &devs, e);
	if (r == 0)
		r = change_assign(&en, &devs, name ? name : "", &c, e);
	return change_outcome(cli, &en, &c, false, r, e);
}

extern const struct cmd cmd_assignable_add;
const struct cmd cmd_assignable_add = {
	.name = "pci-assignable-add",
	.args = "[-n NAME] DEV...",
	.help = "take from the host, remember its driver, make assignable",
	.optstring = "n:",
	.longs = (const struct cmd_long[]){ { "name", 'n' }, { 0 } },
	.opts_help = "  -n, --name NAME          a name for the device, to use as DEV\n",
	.examples = "vfyard pci-assignable-add net0/0-3\n"
		    "vfyard pci-assignable-add -n fast 0000:05:10.0",
	.flags = CMD_MUTATES,
	.min_args = 1,
	.max_args = -1,
	.run = make_assignable,
};
