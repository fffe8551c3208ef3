// SPDX-License-Identifier: GPL-2.0-or-later
/* vfyard check: compares the topology with this host, and reports all problems in one run. */
#include "base/text.h"
#include "cli/plan_common.h"
#include "report/check_report.h"

/* A file with errors gets a report of the same form, including notes. */
static void print_text(const struct cli *cli, const struct check_report *c)
{
	const struct problems *all = c->problems;

	for (size_t i = 0; i < all->n; i++)
		if (!c->topo || !all->v[i].is_note || cli->s.host.log.level >= LOG_NOTE)
			err_print(&all->v[i].err, stderr);
	if (!all->n_errors && cli->s.host.log.level >= LOG_NOTE)
		text_line(stdout, "%s: no problems", all->file);
}

static int check_run(struct cli *cli, int argc, char **argv, struct err *e)
{
	_cleanup_(check_report_done) struct check_report c = { 0 };
	struct err why = { 0 };
	int r = take_file(cli, argc, argv, e), written = 0;

	if (r < 0)
		return r;
	r = check_report_make(&cli->s, &c, &why);
	if (c.problems && cli->json)
		written = cli_document(cli, check_json(c.problems, c.topo), e);
	else if (c.problems)
		print_text(cli, &c);
	if (written < 0)
		return written;
	return r < 0 ? err_copy(e, &why) : 0;
}

const struct cmd cmd_check = {
	.name = "check",
	.args = "[FILE]",
	.help = "compare topology and host, report every problem",
	.optstring = "",
	.examples = "vfyard check\n"
		    "vfyard -C new.cfg check",
	.min_args = 0,
	.max_args = 1,
	.run = check_run,
};
