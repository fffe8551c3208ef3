// SPDX-License-Identifier: GPL-2.0-or-later
/* vfyard import: the running state as a topology. */
#include <stdlib.h>

#include "cli/cli.h"
#include "report/import.h"

extern const struct cmd cmd_import;

/* The files: of `--xl-cfg FILE...` the first one is the option's. 0 or -ENOMEM. */
static int take_files(const struct cli *cli, int argc, char **argv, struct import_options *o,
		      const char ***ret, struct err *e)
{
	const char *xl = cli_opt(cli, 'x'), *from = cli_opt(cli, 'f');
	const char **files = calloc((size_t)argc + 1, sizeof(*files));
	size_t n = 0;

	if (!files)
		return err_set(e, ENOMEM, "out of memory");
	*ret = files;
	if (xl)
		files[n++] = xl;
	for (int i = 0; i < argc; i++)
		files[n++] = argv[i];
	o->from = from ? from : "xl";
	o->only_files = from != NULL;
	o->files = files;
	o->n_files = n;
	if (xl && from)
		return err_fix(e, err_usage(e, "--xl-cfg and --from"), "give one of them");
	if (n && !xl && !from)
		return err_fix(e, err_usage(e, "unexpected operand '%s'", argv[0]),
			       "say what it is: --xl-cfg %s, or --from KIND %s", argv[0], argv[0]);
	if (from && !n)
		return err_fix(e, err_usage(e, "--from %s: no file", from),
			       "usage: vfyard import --from %s FILE...", from);
	return 0;
}

static int import_run(struct cli *cli, int argc, char **argv, struct err *e)
{
	struct import_options o = { .select = cli_opt(cli, 's') };
	_cleanup_free_ const char **files = NULL;
	_cleanup_(imported_done) struct imported i = { 0 };
	_cleanup_free_ char *text = NULL;
	int r = take_files(cli, argc, argv, &o, &files, e);

	if (r == 0)
		r = import_make(&cli->s, &o, &i, e);
	if (r == 0)
		r = import_text(&i, &text, e);
	if (r == 0)
		fputs(text, stdout);
	return r;
}

static const struct cmd_long import_longs[] = {
	{ "select", 's' }, { "xl-cfg", 'x' }, { "from", 'f' }, { NULL, 0 }
};

const struct cmd cmd_import = {
	.name = "import",
	.args = "[OPTION...] [FILE...]",
	.help = "write the running state as a topology, on standard output",
	.optstring = "s:x:f:",
	.longs = import_longs,
	.opts_help =
		"  -s, --select WORD,...    how PFs are found again, the first that does:\n"
		"                           mac, path, serial, id, netdev, bdf (mac,path,serial)\n"
		"  -x, --xl-cfg FILE...     domains of these files, beside those that run\n"
		"  -f, --from KIND FILE...  guests of these files, and none that runs; KIND is\n"
		"                           xl, libvirt or qemu\n",
	.max_args = -1,
	.run = import_run,
};
