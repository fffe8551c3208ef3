// SPDX-License-Identifier: GPL-2.0-or-later
/* vfyard check: the topology against this host, all problems in one run. */
#include <jansson.h>
#include <string.h>

#include "cli/cli.h"
#include "engine/check.h"

#define NOTE "note"

/* The step of a problem is its object, after "note: " for notes; one of a PF that was not found
 * stands where the PF does. */
static const char *object_of(const struct problem *p, const struct topology *t)
{
	const char *s = p->err.step;

	if (p->is_note && !strncmp(s, NOTE, strlen(NOTE)))
		s += strlen(NOTE);
	s += strspn(s, ": ");
	for (size_t i = 0; t && i < t->n_pfs && !*s; i++)
		if (p->loc.line && t->pfs[i].loc.line == p->loc.line &&
		    t->pfs[i].loc.col == p->loc.col)
			s = t->pfs[i].name;
	return s;
}

static json_t *text_or_null(const char *s)
{
	return *s ? json_string(s) : json_null();
}

static json_t *place(unsigned n)
{
	return n ? json_integer(n) : json_null();
}

static json_t *problem_json(const struct problems *all, const struct problem *p,
			    const struct topology *t)
{
	return json_pack("{s:s, s:o, s:o, s:s, s:o, s:s, s:o}", "file", all->file, "line",
			 place(p->loc.line), "column", place(p->loc.col), "severity",
			 p->is_note ? NOTE : "error", "object", text_or_null(object_of(p, t)),
			 "cause", p->err.cause, "fix", text_or_null(p->err.fix));
}

static int print_json(const struct problems *all, const struct topology *t, struct err *e)
{
	json_t *list = json_array(), *doc;
	int r;

	for (size_t i = 0; i < all->n; i++)
		json_array_append_new(list, problem_json(all, &all->v[i], t));
	doc = json_pack("{s:i, s:o}", "version", 1, "problems", list);
	if (!doc)
		return err_set(e, ENOMEM, "out of memory");
	r = json_dumpf(doc, stdout, JSON_COMPACT);
	putchar('\n');
	json_decref(doc);
	return r ? err_set(e, EIO, "cannot write") : 0;
}

static void print_text(const struct cli *cli, const struct problems *all)
{
	for (size_t i = 0; i < all->n; i++)
		if (!all->v[i].is_note || cli->s.host.log.level >= LOG_NOTE)
			err_print(&all->v[i].err, stderr);
	if (!all->n_errors && cli->s.host.log.level >= LOG_NOTE)
		printf("%s: no problems\n", all->file);
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
	if (e->cause[0])
		return r;
	if (cli->json) {
		int written = print_json(all, NULL, e);

		if (written < 0)
			return written;
	} else {
		problems_print(all, stderr);
	}
	return err_status(e, r, EXIT_USAGE);
}

static int check_run(struct cli *cli, int argc UNUSED, char **argv UNUSED, struct err *e)
{
	struct problems problems = { 0 };
	struct session *s = &cli->s;
	int r = session_load_topology(s, &problems, e);

	if (r < 0)
		r = report_file(cli, &problems, r, e);
	problems_done(&problems);
	if (r == 0)
		r = session_inventory(s, INVENTORY_ALL, e);
	if (r < 0)
		return r;
	r = check_host(s->topo, &s->host, s->inv, s->ops,
		       s->inv->domains_unseen ? NULL : s->backend, &problems, e);
	if (r == 0)
		r = report(cli, &problems, e);
	problems_done(&problems);
	return r;
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
