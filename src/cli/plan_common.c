// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/plan_common.h"

#include <stdlib.h>
#include <string.h>

#include "cli/confirm.h"
#include "engine/session/apply_look.h"

int plan_problems(const struct cli *cli, const struct problems *all, struct err *e)
{
	for (size_t i = 0; !cli->json && i < all->n; i++)
		if (!all->v[i].is_note || cli->s.host.log.level >= LOG_INFO)
			err_print(&all->v[i].err, stderr);
	return apply_refused(all, e);
}

/* Returns @r, or the failure to print. */
static int print_document(struct cli *cli, const struct plan_report *p, int r, struct err *e)
{
	struct err why = { 0 };

	if (cli_document(cli, outcome_json(p, cli->s.dry_run, r, e), &why) == 0 || r < 0)
		return r;
	err_copy(e, &why);
	return -why.code;
}

/* When something was left, a note says so (engine/run/unrestored.h). */
static void print_done(const struct plan *p)
{
	size_t n_left = 0;

	if (!p->n) {
		puts("nothing to do");
		return;
	}
	for (size_t i = 0; i < p->n; i++)
		n_left += p->v[i].outcome == OUTCOME_LEFT;
	printf("%zu step%s done", p->n - n_left, p->n - n_left == 1 ? "" : "s");
	if (n_left)
		printf(", %zu left", n_left);
	putchar('\n');
}

int plan_outcome(struct cli *cli, const struct plan_report *p, int r, struct err *e)
{
	if (cli->json)
		return print_document(cli, p, r, e);
	if (r < 0)
		return r;
	if (cli->s.dry_run && plan_print(p->plan, stdout) < 0)
		return err_set(e, ENOMEM, "out of memory");
	if (!cli->s.dry_run && cli->s.host.log.level >= LOG_NOTE)
		print_done(p->plan);
	return r;
}

int take_file(struct cli *cli, int argc, char **argv, struct err *e)
{
	if (!argc)
		return 0;
	if (cli->s.config && strcmp(cli->s.config, argv[0]) != 0)
		return err_fix(
			e,
			err_usage(e, "two topologies are named: %s and %s", cli->s.config, argv[0]),
			"name one");
	cli->s.config = argv[0];
	return 0;
}

int domain_comes_first(struct cli *cli, const char *command, char **argv, int r, struct err *e)
{
	_cleanup_(devlist_done) struct devlist devs = { 0 };
	const char *first = argv[0];

	if (r != -ENODEV && r != -EINVAL)
		return r;
	if (session_devices(&cli->s, 1, &first, &devs, NULL) < 0)
		return r;
	err_usage(e, "%s is a device, and stands where the domain belongs", first);
	return err_fix(e, -EINVAL, "the domain comes first: vfyard %s %s %s", command, argv[1],
		       first);
}

int cli_seconds(const struct cli *cli, char letter, const char *name, unsigned min, unsigned *ret,
		struct err *e)
{
	const char *s = cli_opt(cli, letter);
	unsigned long v;
	char *end;

	*ret = 0;
	if (!s)
		return 0;
	v = strtoul(s, &end, 10);
	if (*s < '0' || *s > '9' || *end || v > 86400 || v < min)
		return err_fix(e, err_usage(e, "--%s: '%s'", name, s), "use %u to 86400 seconds",
			       min);
	*ret = (unsigned)v;
	return 0;
}

int apply_tries(const struct cli *cli, struct apply *a, struct session *s, struct err *e)
{
	int r = cli_seconds(cli, 'u', "confirm", 1, &a->confirm_s, e);

	s->tries = a->confirm_s;
	return r;
}

static void print_one(void *arg UNUSED, const struct err *e)
{
	err_print(e, stderr);
}

/* A run is done when a look like that of status says so. A single difference is the sentence of the
 * run itself. */
static int run(const struct cli *cli, struct apply *a, struct err *e)
{
	int r = apply_do(a, e);

	if (r < 0 && a->after && !cli->json && apply_differences(a->after, NULL, NULL) > 1)
		apply_differences(a->after, print_one, NULL);
	return r;
}

int apply_outcome(struct cli *cli, struct apply *a, int r, struct err *e)
{
	struct plan_report p;
	struct err left = { 0 };
	bool is_left;

	if (r == 0 && plan_problems(cli, &a->problems, &left) < 0 && problems_of_all(&a->problems))
		r = err_copy(e, &left);
	if (r == 0)
		r = confirm_plan(cli, &a->plan, e);
	if (r == 0)
		r = run(cli, a, e);
	if (r < 0)
		session_tell_failure(&cli->s, &a->problems, e);
	p = plan_report_of(a);
	is_left = r == 0 && left.cause[0];
	/* The document of a run contains this; that of a dry run contains its problems. */
	if (is_left && cli->json && !cli->s.dry_run)
		return plan_outcome(cli, &p, err_copy(e, &left), e);
	r = plan_outcome(cli, &p, r, e);
	return r == 0 && is_left ? err_copy(e, &left) : r;
}

int change_outcome(struct cli *cli, struct engine *en, struct change *c, bool says_done, int r,
		   struct err *e)
{
	struct plan_report p;

	if (r == 0 && !cli->s.dry_run)
		r = engine_run(en, &c->plan, e);
	if (r < 0)
		session_tell_failure(&cli->s, NULL, e);
	p = change_report(&cli->s, c);
	if (says_done || cli->json || cli->s.dry_run)
		r = plan_outcome(cli, &p, r, e);
	change_done(c, cli->s.ops);
	return r;
}
