// SPDX-License-Identifier: GPL-2.0-or-later
/* Lists PFs and VFs, and with --all every other function. Needs neither root nor a hypervisor. */
#include <string.h>

#include "cli/cli.h"
#include "report/list.h"

extern const struct cmd cmd_list;

/* Chooses which PFs are shown: all, or those that are named; always in address order. */
static int choose(struct cli *cli, int argc, char **argv, bool **ret, struct err *e)
{
	struct inventory *inv = cli->s.inv;
	_cleanup_free_ bool *shown = calloc(inv->n_pfs ? inv->n_pfs : 1, sizeof(*shown));
	struct pf *pf;
	int r;

	if (!shown)
		return err_set(e, ENOMEM, "out of memory");
	if (argc == 0)
		memset(shown, true, inv->n_pfs);
	for (int i = 0; i < argc; i++) {
		r = operand_find_pf(&cli->s.host, inv, NULL, argv[i], &pf, e);
		if (r < 0)
			return err_at(e, r, argv[i], NULL);
		shown[pf - inv->pfs] = true;
	}
	*ret = STEAL(shown);
	return 0;
}

static int print(struct cli *cli, const bool *shown)
{
	struct listing l = { cli->s.inv, shown, NULL, cli_colors(cli) };
	int r;

	if (cli->json)
		return list_json(&l, stdout);
	if (cli->s.inv->n_pfs || cli->s.inv->has_functions)
		l.names = names_open(&cli->s.host.root);
	r = list_text(&l, stdout);
	names_close(l.names);
	return r;
}

/*
 * The table has no column for driver_override, and reading it would cost a third of the whole run
 * (an open, a read and a close for each VF); netdevs come from one directory and cost nearly
 * nothing.
 */
static int list_run(struct cli *cli, int argc, char **argv, struct err *e)
{
	_cleanup_free_ bool *shown = NULL;
	unsigned flags = cli->json ? INVENTORY_ALL : INVENTORY_NETDEV;
	bool all = cli_opt(cli, 'a') != NULL;
	int r;

	if (all && argc)
		return err_fix(
			e, err_usage(e, "--all shows every function, and %s names one PF", argv[0]),
			"leave out one of them");
	r = session_inventory(&cli->s, flags | (all ? INVENTORY_FUNCTIONS : 0), e);
	if (r < 0)
		return r;
	r = choose(cli, argc, argv, &shown, e);
	if (r < 0)
		return r;
	if (!cli->s.inv->n_pfs && !all)
		log_note(&cli->s.host.log, "this host has no SR-IOV physical function");
	setvbuf(stdout, NULL, _IOFBF, 1 << 16);
	r = print(cli, shown);
	if (r < 0)
		return err_at(e, err_set(e, -r, "%s", strerror(-r)), "standard output", "write");
	return 0;
}

const struct cmd cmd_list = {
	.name = "list",
	.args = "[-a] [PF...]",
	.help = "show every PF and its VFs: driver, IOMMU group, netdev, state, domain",
	.optstring = "a",
	.longs = (const struct cmd_long[]){ { "all", 'a' }, { 0 } },
	.opts_help = "  -a, --all                every other function that can be given, too\n",
	.examples = "vfyard list\n"
		    "vfyard list net0 --json",
	.max_args = -1,
	.run = list_run,
};
