// SPDX-License-Identifier: GPL-2.0-or-later
/* vfyard import: the running state as a topology. */
#include <stdlib.h>

#include "cli/cli.h"
#include "render/topology_print.h"
#include "report/import.h"

extern const struct cmd cmd_import;

/* Of what kind files are, and whether running guests are imported beside theirs. */
static const struct {
	char letter;
	const char *kind; /* NULL: the option's value */
} sources[] = { { 'x', "xl" }, { 'l', "libvirt" }, { 'f', NULL } };

static int check_files(const struct import_options *o, unsigned n_given, char **argv, struct err *e)
{
	if (n_given > 1)
		return err_fix(e, err_usage(e, "files of two kinds"),
			       "give one of --xl-cfg, --libvirt-xml and --from");
	if (!n_given && o->n_files)
		return err_fix(e, err_usage(e, "unexpected operand '%s'", argv[0]),
			       "say what it is: --xl-cfg %s, or --from KIND %s", argv[0], argv[0]);
	if (o->only_files && !o->n_files)
		return err_fix(e, err_usage(e, "--from %s: no file", o->from),
			       "usage: vfyard import --from %s FILE...", o->from);
	return 0;
}

/* Of `--xl-cfg FILE...` the first file is the option's value, the others are operands. */
static int take_files(const struct cli *cli, int argc, char **argv, struct import_options *o,
		      const char ***ret, struct err *e)
{
	const char **files = calloc((size_t)argc + ARRAY_SIZE(sources), sizeof(*files));
	unsigned n_given = 0;

	if (!files)
		return err_set(e, ENOMEM, "out of memory");
	*ret = files;
	o->files = files;
	for (size_t i = 0; i < ARRAY_SIZE(sources); i++) {
		const char *value = cli_opt(cli, sources[i].letter);

		if (!value)
			continue;
		n_given++;
		o->from = sources[i].kind ? sources[i].kind : value;
		o->only_files = !sources[i].kind;
		if (sources[i].kind)
			files[o->n_files++] = value;
	}
	for (int i = 0; i < argc; i++)
		files[o->n_files++] = argv[i];
	return check_files(o, n_given, argv, e);
}

/* JSON has no comments: they are said. */
static int print(struct cli *cli, const struct imported *i, struct err *e)
{
	_cleanup_free_ char *text = NULL;
	int r;

	if (cli->json) {
		import_say_notes(i, &cli->s.host.log);
		return cli_document(cli, topology_json(i->topo), e);
	}
	r = import_text(i, &text, e);
	if (r == 0)
		fputs(text, stdout);
	return r;
}

static int import_run(struct cli *cli, int argc, char **argv, struct err *e)
{
	struct import_options o = { .select = cli_opt(cli, 's') };
	_cleanup_free_ const char **files = NULL;
	_cleanup_(imported_done) struct imported i = { 0 };
	int r = take_files(cli, argc, argv, &o, &files, e);

	if (r == 0)
		r = import_make(&cli->s, &o, &i, e);
	return r < 0 ? r : print(cli, &i, e);
}

static const struct cmd_long import_longs[] = {
	{ "select", 's' }, { "xl-cfg", 'x' }, { "libvirt-xml", 'l' }, { "from", 'f' }, { NULL, 0 }
};

const struct cmd cmd_import = {
	.name = "import",
	.args = "[OPTION...] [FILE...]",
	.help = "write the running state as a topology, on standard output",
	.optstring = "s:x:l:f:",
	.longs = import_longs,
	.opts_help =
		"  -s, --select WORD,...    how PFs are found again, the first that does:\n"
		"                           mac, path, serial, id, netdev, bdf (mac,path,serial)\n"
		"  -x, --xl-cfg FILE...     domains of these files, beside those that run\n"
		"  -f, --from KIND FILE...  guests of these files, and none that runs; KIND is\n"
		"                           xl, libvirt or qemu\n",
	.examples = "vfyard import > /etc/vfyard/topology.cfg\n"
		    "vfyard import --from xl /etc/xen/web1.cfg",
	.max_args = -1,
	.run = import_run,
};
