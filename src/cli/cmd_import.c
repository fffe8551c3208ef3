// SPDX-License-Identifier: GPL-2.0-or-later
/* vfyard import: the running state as a topology. */
#include <stdlib.h>

#include "cli/cli.h"
#include "report/import.h"

extern const struct cmd cmd_import;

static int import_run(struct cli *cli, int argc UNUSED, char **argv UNUSED, struct err *e)
{
	struct import_options o = { .select = cli_opt(cli, 's') };
	_cleanup_(imported_done) struct imported i = { 0 };
	_cleanup_free_ char *text = NULL;
	int r = import_make(&cli->s, &o, &i, e);

	if (r == 0)
		r = import_text(&i, &text, e);
	if (r == 0)
		fputs(text, stdout);
	return r;
}

static const struct cmd_long import_longs[] = { { "select", 's' }, { NULL, 0 } };

const struct cmd cmd_import = {
	.name = "import",
	.args = "[--select WORD,...]",
	.help = "write the running state as a topology, on standard output",
	.optstring = "s:",
	.longs = import_longs,
	.opts_help =
		"  -s, --select WORD,...    how PFs are found again, the first that does:\n"
		"                           mac, path, serial, id, netdev, bdf (mac,path,serial)\n",
	.run = import_run,
};
