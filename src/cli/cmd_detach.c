// SPDX-License-Identifier: GPL-2.0-or-later
/* Hot unplug. -f does not wait for the guest, but never takes what is not in the domain. */
#include "cli/plan_common.h"
#include "engine/plan/plan_assign.h"

extern const struct cmd cmd_detach;

static int detach(struct cli *cli, int argc, char **argv, struct err *e)
{
	_cleanup_(devlist_done) struct devlist devs = { 0 };
	struct change c = { 0 };
	struct engine en;
	int r = session_engine(&cli->s, &en, e);

	if (r == 0)
		r = domain_comes_first(
			cli, cmd_detach.name, argv,
			session_devices(&cli->s, argc - 1, (const char *const *)argv + 1, &devs, e),
			e);
	if (r == 0)
		r = change_detach(&en, cli_domain(cli, argv[0]), &devs, cli_opt(cli, 'f') != NULL,
				  &c, e);
	return change_outcome(cli, &en, &c, false, r, e);
}

const struct cmd cmd_detach = {
	.name = "pci-detach",
	.args = "[-f] DOMAIN DEV...",
	.help = "hot-unplug devices; wait for the guest up to a deadline",
	.optstring = "f",
	.opts_help = "  -f                       do not wait for the guest\n",
	.examples = "vfyard pci-detach web1 net0/2\n"
		    "vfyard pci-detach -f web1 net0/3",
	.flags = CMD_MUTATES,
	.min_args = 2,
	.max_args = -1,
	.run = detach,
};
