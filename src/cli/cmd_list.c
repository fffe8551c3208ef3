// SPDX-License-Identifier: GPL-2.0-or-later
/* Lists PFs and VFs, and with --all every other function. Needs neither root nor a hypervisor. */
#include <string.h>
#include <unistd.h>

#include "base/closest.h"
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

/* Options without a short form. */
enum {
	OPT_ATTRS = 'A',
	OPT_STATE = 'S',
	OPT_DRIVER = 'D',
	OPT_DOMAIN = 'G',
	OPT_FOLD = 'F',
	OPT_FULL = 'U',
};

#define N_STATES (VF_BROKEN + 1)

/* The words of "host,attached" are states. */
static int check_states(const char *list, struct err *e)
{
	const char *names[N_STATES + 1] = { NULL }, *close;
	size_t k;

	for (size_t i = 0; i < N_STATES; i++)
		names[i] = vf_state_name((enum vf_state)i);
	for (const char *s = list; s; s = s[k] ? s + k + 1 : NULL) {
		char word[32];
		bool is_state = false;

		k = strcspn(s, ",");
		snprintf(word, sizeof(word), "%.*s", (int)k, s);
		for (size_t i = 0; i < N_STATES; i++)
			is_state |= !strcmp(word, names[i]);
		if (is_state)
			continue;
		err_usage(e, "--state: '%s' is not a state", word);
		close = closest_word(word, names);
		if (close)
			return err_fix(e, -EINVAL, "did you mean %s?", close);
		return err_fix(e, -EINVAL,
			       "use host, assignable, attached, stale or broken, or several with "
			       "commas between them");
	}
	return 0;
}

static int options(const struct cli *cli, struct list_view *l, struct err *e)
{
	bool is_fold = cli_opt(cli, OPT_FOLD), is_full = cli_opt(cli, OPT_FULL);

	if (is_fold && is_full)
		return err_fix(e, err_usage(e, "--fold and --full exclude each other"),
			       "leave out one of them");
	l->fold = is_fold			      ? LIST_FOLD
		  : is_full || !isatty(STDOUT_FILENO) ? LIST_FULL
						      : LIST_FOLD_LONG;
	l->has_attrs = cli_opt(cli, OPT_ATTRS) != NULL;
	l->filter = (struct list_filter){ cli_opt(cli, OPT_STATE), cli_opt(cli, OPT_DRIVER),
					  cli_opt(cli, OPT_DOMAIN) };
	return l->filter.states ? check_states(l->filter.states, e) : 0;
}

/* One request to the kernel for each PF. Where one fails, the others are shown all the same, and
 * the listing has failed. */
static int read_attrs(struct cli *cli, const struct list_view *l, struct err *e)
{
	int r = 0;

	for (size_t p = 0; p < l->inv->n_pfs; p++) {
		struct pf *pf = &cli->s.inv->pfs[p];
		struct err why = { 0 };
		char name[BDF_STRLEN];
		int rc = l->shown[p] ? inventory_read_attrs(cli->s.inv, &cli->s.host, pf, &why) : 0;

		if (rc < 0 && r == 0)
			r = err_at(e, err_copy(e, &why), pf_label(name, pf), "read its VFs");
	}
	return r;
}

static int print(struct cli *cli, struct list_view *l)
{
	int r;

	cli->has_document = cli->json;
	if (cli->json)
		return list_view_json(l, stdout);
	if (l->inv->n_pfs || l->inv->has_functions)
		l->names = names_open(&cli->s.host.root);
	r = list_view_text(l, stdout);
	names_close(l->names);
	return r;
}

/* Says why a listing is empty. */
static void note_nothing(const struct cli *cli, const struct list_view *l)
{
	bool any = l->inv->has_functions;

	if (!l->inv->n_pfs && !l->inv->has_functions)
		log_note(&cli->s.host.log, "this host has no SR-IOV physical function");
	for (size_t p = 0; p < l->inv->n_pfs; p++)
		any |= list_shows_pf(l, p);
	if (l->inv->n_pfs && !any)
		log_note(&cli->s.host.log, "no VF is as the options ask");
}

/*
 * The table has no column for driver_override, and reading it would cost a third of the whole run
 * (an open, a read and a close for each VF); netdevs come from one directory and cost nearly
 * nothing.
 */
static int list_run(struct cli *cli, int argc, char **argv, struct err *e)
{
	_cleanup_free_ bool *shown = NULL;
	struct list_view l = { .colors = cli_colors(cli) };
	unsigned flags = cli->json ? INVENTORY_ALL : INVENTORY_NETDEV;
	bool all = cli_opt(cli, 'a') != NULL;
	int r = options(cli, &l, e), rc;

	if (r < 0)
		return r;
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
	l.inv = cli->s.inv;
	l.shown = shown;
	note_nothing(cli, &l);
	r = l.has_attrs ? read_attrs(cli, &l, e) : 0;
	setvbuf(stdout, NULL, _IOFBF, 1 << 16);
	rc = print(cli, &l);
	if (rc < 0)
		return err_at(e, err_set(e, -rc, "%s", strerror(-rc)), "standard output", "write");
	return r;
}

static const struct cmd_long list_longs[] = {
	{ "all", 'a' },		  { "attrs", OPT_ATTRS },
	{ "state", OPT_STATE },	  { "driver", OPT_DRIVER },
	{ "domain", OPT_DOMAIN }, { "fold", OPT_FOLD },
	{ "full", OPT_FULL },	  { NULL, 0 },
};

const struct cmd cmd_list = {
	.name = "list",
	.args = "[-a] [--attrs] [--state STATE] [--driver NAME] [--domain DOMAIN] [PF...]",
	.help = "show every PF and its VFs: driver, IOMMU group, netdev, state, domain",
	.optstring = "aS:D:G:",
	.longs = list_longs,
	.opts_help =
		"  -a, --all                every other function that can be given, too\n"
		"      --attrs              MAC, VLAN, spoofchk, trust, link, rate of each VF\n"
		"      --state STATE        only VFs in this state, or in one of a,b,c\n"
		"      --driver NAME        only VFs with this driver; none: without one\n"
		"      --domain DOMAIN      only VFs that this domain has\n"
		"      --fold, --full       equal VFs share a line, or never do; without\n"
		"                           them on a terminal, where a PF shows more than 16\n",
	.examples = "vfyard list net0 --json\n"
		    "vfyard list --attrs --state attached",
	.max_args = -1,
	.run = list_run,
};
