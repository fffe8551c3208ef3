// SPDX-License-Identifier: GPL-2.0-or-later
/* vfyard render: text for other tools. */
#include "cli/cli.h"
#include "report/render_host.h"

extern const struct cmd cmd_render;

static int render_run(struct cli *cli, int argc, char **argv, struct err *e)
{
	const struct render_options o = { .compact = cli_opt(cli, 'k') != NULL };
	_cleanup_free_ char *text = NULL;
	int r = render_host(&cli->s, argv[0], argc > 1 ? argv[1] : NULL, &o, &text, e);

	if (r == 0)
		fputs(text, stdout);
	return r;
}

static const struct cmd_long render_longs[] = { { "compact", 'k' }, { NULL, 0 } };

const struct cmd cmd_render = {
	.name = "render",
	.args = "[--compact] FORMAT [DOMAIN]",
	.help = "text for other tools out of the topology: xl, grub, modprobe, dot",
	.optstring = "k",
	.longs = render_longs,
	.opts_help =
		"  -k, --compact            wildcards in hide=, where they match nothing else\n",
	.min_args = 1,
	.max_args = 2,
	.run = render_run,
};
