// SPDX-License-Identifier: GPL-2.0-or-later
/* A picture of cards, VFs and domains on the terminal. Needs neither root nor a hypervisor. */
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "report/tree.h"

extern const struct cmd cmd_tree;

/* Whether the locale's characters are UTF-8, by the rule of setlocale(3). */
static bool is_utf8(void)
{
	static const char *const names[] = { "LC_ALL", "LC_CTYPE", "LANG" };

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		const char *s = getenv(names[i]);

		if (s && *s)
			return strcasestr(s, "utf-8") || strcasestr(s, "utf8");
	}
	return false;
}

/* A word is a domain where one has that name, else a PF. */
static int choose(struct cli *cli, const char *word, struct tree_view *v, struct err *e)
{
	struct pf *pf;
	int r;

	v->pf = inventory_find_device(cli->s.inv, word);
	if (v->pf)
		return 0;
	if (tree_has_domain(v, word)) {
		v->domain = word;
		return 0;
	}
	r = operand_find_pf(&cli->s.host, cli->s.inv, NULL, word, &pf, e);
	v->pf = r < 0 ? NULL : pf;
	return r < 0 ? err_at(e, r, word, NULL) : 0;
}

/* The picture is whole without them, too. */
static void read_attrs(struct cli *cli, const struct pf *only)
{
	for (size_t i = 0; i < cli->s.inv->n_pfs; i++) {
		struct pf *pf = &cli->s.inv->pfs[i];
		struct err why = { 0 };
		char name[BDF_STRLEN];

		if ((!only || only == pf) &&
		    inventory_read_attrs(cli->s.inv, &cli->s.host, pf, &why) < 0)
			log_note(&cli->s.host.log, "%s: its VFs' settings are not shown: %s",
				 pf_label(name, pf), why.cause);
	}
}

static int tree_run(struct cli *cli, int argc, char **argv, struct err *e)
{
	struct tree_view v = { .colors = cli_colors(cli), .ascii = !is_utf8() };
	int r;

	if (cli->json)
		return err_fix(e, err_usage(e, "a picture is no document"),
			       "run: vfyard list --attrs --json");
	r = session_inventory(&cli->s, INVENTORY_NETDEV, e);
	if (r < 0)
		return r;
	v.inv = cli->s.inv;
	v.bound = &cli->s.bound;
	r = argc ? choose(cli, argv[0], &v, e) : 0;
	if (r < 0)
		return r;
	if (!v.inv->n_pfs && !v.inv->n_devices)
		log_note(&cli->s.host.log, "this host has no SR-IOV physical function");
	read_attrs(cli, v.pf);
	r = tree_text(&v, stdout);
	if (r < 0)
		return err_at(e, err_set(e, -r, "%s", strerror(-r)), "standard output", "write");
	return 0;
}

const struct cmd cmd_tree = {
	.name = "tree",
	.args = "[PF|DOMAIN]",
	.help = "a picture of cards, their VFs, and the domains that have them",
	.optstring = "",
	.examples = "vfyard tree\n"
		    "vfyard tree web1",
	.max_args = 1,
	.run = tree_run,
};
