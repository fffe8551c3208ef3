// SPDX-License-Identifier: GPL-2.0-or-later
/* Shows drift between topology and host. */
#include <stdlib.h>

#include "cli/plan_common.h"
#include "report/also_held.h"

static void print_in_sync(const struct apply *a)
{
	const struct topology *t = a->s->topo;
	size_t n_pfs = 0, n_vfs = 0, n_functions = 0;

	for (size_t i = 0; i < t->n_pfs; i++) {
		unsigned n = a->s->bound.pfs[i]->numvfs;

		n_pfs += !t->pfs[i].is_dev;
		n_vfs += t->pfs[i].is_dev ? 0 : n;
		n_functions += t->pfs[i].is_dev ? n : 0;
	}
	printf("in sync: %zu PF%s, %zu VF%s", n_pfs, n_pfs == 1 ? "" : "s", n_vfs,
	       n_vfs == 1 ? "" : "s");
	if (n_functions)
		printf(", %zu function%s", n_functions, n_functions == 1 ? "" : "s");
	printf(", %zu domain%s\n", t->n_domains, t->n_domains == 1 ? "" : "s");
}

static int print(struct cli *cli, const struct apply *a, struct err *e)
{
	struct plan_report p = plan_report_of(a);

	if (cli->json)
		return cli_document(cli, status_json(a), e);
	drift_text(&p, stdout);
	if (apply_in_sync(a) && cli->s.host.log.level >= LOG_NOTE)
		print_in_sync(a);
	return 0;
}

static int status(struct cli *cli, int argc, char **argv, struct err *e)
{
	_cleanup_(apply_done) struct apply a = { 0 };
	struct err refused = { 0 };
	int r = take_file(cli, argc, argv, e);

	if (r == 0)
		r = apply_open(&a, &cli->s, false, false, e);

	if (r == 0)
		r = print(cli, &a, e);
	if (r < 0)
		return r;
	also_held_note(&a);
	/* Here, what apply would refuse is drift like any other. */
	plan_problems(cli, &a.problems, &refused);
	r = apply_unseen(&a, e);
	if (r < 0)
		return r;
	return err_status(e, 0, apply_in_sync(&a) ? EXIT_DONE : EXIT_PENDING);
}

extern const struct cmd cmd_status;
const struct cmd cmd_status = {
	.name = "status",
	.args = "[FILE]",
	.help = "show drift between topology and host; exit 3 if any",
	.optstring = "",
	.examples = "vfyard status\n"
		    "vfyard status --json",
	.max_args = 1,
	.run = status,
};
