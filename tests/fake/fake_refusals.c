// SPDX-License-Identifier: GPL-2.0-or-later
#include "fake_refusals.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/session/apply_look.h"
#include "engine/check/check.h"
#include "engine/plan/plan_release.h"
#include "fake_verbs.h"
#include "fake_root.h"

/* Opens a session on the host of the test, which the test closes itself. */
static struct session session_on(const struct refused_host *h, char file[64])
{
	FILE *f;
	int fd;

	strcpy(file, "/tmp/vfyard-refusals.XXXXXX");
	fd = mkstemp(file);
	assert_true(fd >= 0);
	f = fdopen(fd, "w");
	fputs(h->topology, f);
	fclose(f);
	return (struct session){ .host = *h->host,
				 .config = file,
				 .hypervisor = "auto",
				 .command = "vfyard test",
				 .lock_fd = -1,
				 .ops = h->ops,
				 .backend = h->backend };
}

/* The host's backend belongs to the test; one that the session opened belongs to the session. */
static void session_end(struct session *s, const struct refused_host *h, const char *file)
{
	s->host.root.dir = NULL;
	if (s->backend == h->backend)
		s->backend = NULL;
	session_close(s);
	unlink(file);
}

/* Tells whether there is a problem whose cause contains @cause. */
static bool has_problem(const struct problems *all, const char *cause)
{
	for (size_t i = 0; i < all->n; i++)
		if (!all->v[i].is_note && strstr(all->v[i].err.cause, cause) &&
		    all->v[i].err.status == EXIT_REFUSED)
			return true;
	for (size_t i = 0; i < all->n; i++)
		err_print(&all->v[i].err, stderr);
	return false;
}

enum way { WAY_PLAN, WAY_APPLY, WAY_NO_ATTACH };

/* check is what plan begins with, and what plan prints. */
static void topology_is_refused(const struct refused_host *h, enum way way, const char *cause)
{
	char file[64];
	struct session s = session_on(h, file);
	struct apply a = { 0 };
	struct err e = { 0 };
	int r = apply_open(&a, &s, way == WAY_APPLY, way == WAY_NO_ATTACH, &e);

	if (r < 0)
		err_print(&e, stderr);
	assert_int_equal(r, 0);
	assert_true(cause ? has_problem(&a.problems, cause) : !a.problems.n_errors);
	apply_done(&a);
	session_end(&s, h, file);
}

static int call_verb(const struct refused_host *h, bool dry_run, struct err *e)
{
	char file[64];
	struct session s = session_on(h, file);
	struct devlist devs = { 0 };
	struct engine en;
	int r;

	s.dry_run = dry_run;
	r = session_engine(&s, &en, e);
	if (r == 0)
		r = session_devices(&s, 1, &h->dev, &devs, e);
	if (r == 0)
		r = h->domain ? run_attach(&en, h->domain, &devs, e)
			      : run_assign(&en, &devs, "", e);
	devlist_done(&devs);
	session_end(&s, h, file);
	return r;
}

static void says(const char *way, int r, const struct err *e, const char *cause)
{
	if (r < 0 && e->status == EXIT_REFUSED && strstr(e->cause, cause))
		return;
	print_error("%s: %d, status %d: '%s', wanted '%s'\n", way, r, (int)e->status, e->cause,
		    cause);
	fail();
}

/* Makes the step that the command would make, without asking anything. */
static int blind_step(struct session *s, const struct refused_host *h, const struct devlist *devs,
		      struct domain *d, struct plan *p, struct err *e)
{
	int r = h->domain ? s->ops->domain_find(s->backend, h->domain, d, e) : 0;

	if (r < 0)
		return r;
	return plan_add(p,
			&(struct step){ .kind = h->domain ? STEP_ATTACH : STEP_ASSIGN,
					.vf = devs->vfs[0],
					.domain = h->domain ? d : NULL,
					.options = devs->options[0] },
			e);
}

/* Makes the last check, with a plan that nobody asked about. */
static int run_blindly(const struct refused_host *h, struct err *e)
{
	char file[64];
	struct session s = session_on(h, file);
	struct devlist devs = { 0 };
	struct domain d = { .id = 0 };
	struct plan p = { 0 };
	struct engine en;
	int r = session_engine(&s, &en, e);

	if (r == 0)
		r = session_devices(&s, 1, &h->dev, &devs, e);
	if (r == 0)
		r = blind_step(&s, h, &devs, &d, &p, e);
	if (r == 0)
		r = engine_run(&en, &p, e);
	plan_done(&p);
	if (h->ops->domain_done)
		h->ops->domain_done(&d);
	devlist_done(&devs);
	session_end(&s, h, file);
	return r;
}

static enum refusal_scope scope_of(const struct refused_host *h, const char *name)
{
	const struct refusal *row = h->domain ? h->ops->attach_refusals : h->ops->refusals;

	while (strcmp(row->name, name) != 0)
		row++;
	return row->scope;
}

void topology_refused(const struct refused_host *h, const char *cause)
{
	topology_is_refused(h, WAY_PLAN, cause);
	topology_is_refused(h, WAY_APPLY, cause);
}

void refused_for_one_domain(const struct refused_host *h, const char *cause, const char *other)
{
	char file[64];
	struct session s = session_on(h, file);
	struct apply a = { 0 };
	struct err e = { 0 };

	assert_int_equal(apply_open(&a, &s, true, false, &e), 0);
	assert_true(has_problem(&a.problems, cause));
	assert_false(problems_of_all(&a.problems));
	assert_int_equal(a.plan.n, 1);
	assert_int_equal(a.plan.v[0].kind, STEP_ATTACH);
	assert_string_equal(a.plan.v[0].domain->name, other);
	apply_done(&a);
	session_end(&s, h, file);
}

char *topology_steps(const struct refused_host *h)
{
	char file[64], *text = NULL;
	struct session s = session_on(h, file);
	struct apply a = { 0 };
	struct err e = { 0 };
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_int_equal(apply_open(&a, &s, false, false, &e), 0);
	for (size_t i = 0; i < a.problems.n; i++)
		err_print(&a.problems.v[i].err, stderr);
	assert_int_equal(a.problems.n_errors, 0);
	plan_print(&a.plan, out);
	fclose(out);
	apply_done(&a);
	session_end(&s, h, file);
	return text;
}

char *topology_notes(const struct refused_host *h)
{
	char file[64], line[sizeof(struct err)], *text = NULL;
	struct session s = session_on(h, file);
	struct apply a = { 0 };
	struct err e = { 0 };
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_int_equal(apply_open(&a, &s, false, false, &e), 0);
	for (size_t i = 0; i < a.problems.n; i++)
		if (a.problems.v[i].is_note)
			fprintf(out, "%s\n", err_format(&a.problems.v[i].err, line, sizeof(line)));
	fclose(out);
	apply_done(&a);
	session_end(&s, h, file);
	return text;
}

int topology_apply(const struct refused_host *h, struct err *e)
{
	char file[64];
	struct session s = session_on(h, file);
	struct apply a = { 0 };
	int r = apply_open(&a, &s, true, false, e);

	assert_int_equal(a.problems.n_errors, 0);
	if (r == 0)
		r = apply_do(&a, e);
	apply_done(&a);
	session_end(&s, h, file);
	return r;
}

static int attach(struct engine *en, const char *domain, const struct devlist *devs, struct err *e)
{
	return run_attach(en, domain, devs, e);
}

static int detach(struct engine *en, const char *domain, const struct devlist *devs, struct err *e)
{
	return run_detach(en, domain, devs, false, e);
}

static int release(struct engine *en, const char *domain UNUSED, const struct devlist *devs,
		   struct err *e)
{
	struct change c;
	int r = change_release(en, devs, &c, e);

	if (r == 0)
		r = engine_run(en, &c.plan, e);
	change_done(&c, en->ops);
	return r;
}

static int verb(const struct refused_host *h,
		int (*fn)(struct engine *en, const char *domain, const struct devlist *devs,
			  struct err *e),
		struct err *e)
{
	char file[64];
	struct session s = session_on(h, file);
	struct devlist devs = { 0 };
	struct engine en;
	int r = session_engine(&s, &en, e);

	if (r == 0)
		r = session_devices(&s, 1, &h->dev, &devs, e);
	if (r == 0)
		r = fn(&en, h->domain, &devs, e);
	devlist_done(&devs);
	session_end(&s, h, file);
	return r;
}

int verb_attach(const struct refused_host *h, struct err *e)
{
	return verb(h, attach, e);
}

int verb_detach(const struct refused_host *h, struct err *e)
{
	return verb(h, detach, e);
}

int verb_release(const struct refused_host *h, struct err *e)
{
	return verb(h, release, e);
}

void captured_is_refused(const struct refused_host *h, const char *cause)
{
	topology_is_refused(h, WAY_PLAN, cause);
}

void captured_verb_is_refused(const struct refused_host *h, const char *cause)
{
	struct err e = { 0 };

	topology_is_refused(h, WAY_PLAN, cause);
	says("dry run of a capture", call_verb(h, true, &e), &e, cause);
}

void captured_is_not_refused(const struct refused_host *h)
{
	topology_is_refused(h, WAY_PLAN, NULL);
}

void refused_everywhere(const struct refused_host *h, const struct refusal_case *c, bool is_row)
{
	const char *of_topology = c->check_cause ? c->check_cause : c->cause;
	struct err e = { 0 };

	topology_refused(h, of_topology);
	says("dry run", call_verb(h, true, &e), &e, c->cause);
	e = (struct err){ 0 };
	says("run", call_verb(h, false, &e), &e, c->cause);
	e = (struct err){ 0 };
	if (is_row && scope_of(h, c->name) != REFUSAL_OF_HOST)
		says("last look", run_blindly(h, &e), &e, c->cause);
}

void refused_nowhere(const struct refused_host *h)
{
	struct err e = { 0 };

	topology_is_refused(h, WAY_PLAN, NULL);
	topology_is_refused(h, WAY_APPLY, NULL);
	assert_int_equal(call_verb(h, true, &e), 0);
}

void refused_not_without_attach(const struct refused_host *h)
{
	topology_is_refused(h, WAY_NO_ATTACH, NULL);
}

void refused_not_by_the_run(const struct refused_host *h)
{
	struct err e = { 0 };

	assert_int_equal(call_verb(h, false, &e), 0);
}

void refused_by_the_run(const struct refused_host *h, const char *cause)
{
	struct err e = { 0 };

	assert_int_equal(call_verb(h, true, &e), 0);
	says("run", call_verb(h, false, &e), &e, cause);
}

void run_leaves(const struct refused_host *h, const char *left)
{
	struct err e = { 0 };

	assert_true(call_verb(h, false, &e) < 0);
	assert_int_equal(e.status, EXIT_LEFT);
	assert_non_null(strstr(e.cause, left));
}

static bool has_case(const struct refusal_case *cases, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (!strcmp(cases[i].name, name))
			return true;
	return false;
}

static bool has_row(const struct refusal *table, const char *name)
{
	for (; table->name; table++)
		if (!strcmp(table->name, name))
			return true;
	return false;
}

void refusals_have_cases(const struct refusal *table, const struct refusal_case *cases, size_t n)
{
	assert_non_null(table->name);
	for (size_t i = 0; i < n; i++)
		if (!has_row(table, cases[i].name))
			fail_msg("no row '%s'", cases[i].name);
	for (; table->name; table++)
		if (!has_case(cases, n, table->name))
			fail_msg("no case of the refusal '%s'", table->name);
}

void topology_is_noted(const struct refused_host *h, const char *cause)
{
	char file[64];
	struct session s = session_on(h, file);
	struct apply a = { 0 };
	struct err e = { 0 };
	unsigned n = 0;

	assert_int_equal(apply_open(&a, &s, false, false, &e), 0);
	assert_int_equal(a.problems.n_errors, 0);
	for (size_t i = 0; i < a.problems.n; i++)
		n += a.problems.v[i].is_note && strstr(a.problems.v[i].err.cause, cause);
	assert_int_equal(n, 1);
	apply_done(&a);
	session_end(&s, h, file);
}
