// SPDX-License-Identifier: GPL-2.0-or-later
/* vfyard check: the topology against this host, all problems in one run. */
#include "base/text.h"
#include "cli/cli.h"
#include "engine/session/apply.h"
#include "report/problem_json.h"

static int print_json(const struct problems *all, const struct topology *t, struct err *e)
{
	return json_print(json_pack("{s:i, s:o}", "version", 1, "problems", problems_json(all, t)),
			  e);
}

static void print_text(const struct cli *cli, const struct problems *all)
{
	for (size_t i = 0; i < all->n; i++)
		if (!all->v[i].is_note || cli->s.host.log.level >= LOG_NOTE)
			err_print(&all->v[i].err, stderr);
	if (!all->n_errors && cli->s.host.log.level >= LOG_NOTE)
		text_line(stdout, "%s: no problems", all->file);
}

static int report(const struct cli *cli, const struct problems *all, struct err *e)
{
	int r = 0;

	if (cli->json)
		r = print_json(all, cli->s.topo, e);
	else
		print_text(cli, all);
	if (r < 0 || !all->n_errors)
		return r;
	err_refuse(e, EINVAL, "%zu problem%s on this host", all->n_errors,
		   all->n_errors == 1 ? "" : "s");
	return err_at(e, -EINVAL, all->file, NULL);
}

/* A file with errors has a report of the same form; there is no topology to go on with. */
static int report_file(const struct cli *cli, const struct problems *all, int r, struct err *e)
{
	int written = 0;

	if (!all->n_errors)
		return r;
	if (cli->json)
		written = print_json(all, NULL, e);
	else
		problems_print(all, stderr);
	return written < 0 ? written : r;
}

/* What a plan would be refused for is a problem, too; a plan that cannot be made does not hide
 * those that are known. */
static int check_run(struct cli *cli, int argc UNUSED, char **argv UNUSED, struct err *e)
{
	_cleanup_(apply_done) struct apply a = { 0 };
	struct session *s = &cli->s;
	struct err why = { 0 };
	int r = session_load_topology(s, e), reported;

	if (r < 0)
		return report_file(cli, &s->faults, r, e);
	r = apply_open(&a, s, false, false, &why);
	if (r < 0 && !a.problems.n) {
		err_copy(e, &why);
		return r;
	}
	reported = report(cli, &a.problems, e);
	if (r < 0 && reported == 0)
		err_copy(e, &why);
	return r < 0 ? r : reported;
}

const struct cmd cmd_check = {
	.name = "check",
	.args = "",
	.help = "the topology against this host: every problem, each with cause and fix",
	.optstring = "",
	.min_args = 0,
	.max_args = 0,
	.run = check_run,
};
