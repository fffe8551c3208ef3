// SPDX-License-Identifier: GPL-2.0-or-later
/* Shows what can be given to a domain now. As in xl, names are shown only with -n, but a listing
 * that could not be made fails. */
#include "cli/cli.h"
#include "report/assignable.h"

static int list_assignable(struct cli *cli, int argc UNUSED, char **argv UNUSED, struct err *e)
{
	bool with_names = cli_opt(cli, 'n') != NULL;
	int r = assignable_look(&cli->s, with_names || cli->json, e);

	if (r < 0)
		return r;
	if (cli->json)
		return cli_document(cli, assignable_json(&cli->s), e);
	assignable_text(&cli->s, with_names, stdout);
	return 0;
}

extern const struct cmd cmd_assignable_list;
const struct cmd cmd_assignable_list = {
	.name = "pci-assignable-list",
	.args = "[-n]",
	.help = "list what can be given to a domain now",
	.optstring = "n",
	.longs = (const struct cmd_long[]){ { "show-names", 'n' }, { 0 } },
	.opts_help = "  -n, --show-names         show the name of each device, too\n",
	.examples = "vfyard pci-assignable-list\n"
		    "vfyard pci-assignable-list -n",
	.run = list_assignable,
};
