// SPDX-License-Identifier: GPL-2.0-or-later
/* vfyard help: what --help prints. */
#include "cli/cli.h"

extern const struct cmd cmd_help;

static int help_run(struct cli *cli UNUSED, int argc, char **argv, struct err *e)
{
	const struct cmd *cmd = argc ? cmd_find(argv[0]) : NULL;

	if (argc && !cmd)
		return cmd_unknown(argv[0], e);
	if (cmd)
		cmd_print_help(cmd, stdout);
	else
		cmd_print_overview(stdout);
	return 0;
}

const struct cmd cmd_help = {
	.name = "help",
	.args = "[COMMAND]",
	.help = "show what a command does, its options and operands, with examples",
	.optstring = "",
	.examples = "vfyard help\n"
		    "vfyard help pci-attach",
	.max_args = 1,
	.run = help_run,
};
