// SPDX-License-Identifier: GPL-2.0-or-later
#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "engine/session/apply.h"
#include "fake_import.h"
#include "render/topology_print.h"
#include "topology/build/load.h"

static struct session session_of(const struct fake_import *f)
{
	return (struct session){ .host = *f->host,
				 .hypervisor = "auto",
				 .command = "test",
				 .lock_fd = -1,
				 .ops = f->ops,
				 .backend = f->backend };
}

/* The fakes close their host and their backend themselves. */
static void close_session(const struct fake_import *f, struct session *s)
{
	s->host.root.dir = NULL;
	if (f->backend)
		s->backend = NULL;
	session_close(s);
}

char *fake_import(const struct fake_import *f, size_t *ret_missing)
{
	struct session s = session_of(f);
	struct imported i = { 0 };
	struct err e = { 0 };
	char *text = NULL;

	if (import_make(&s, &f->options, &i, &e) < 0 || import_text(&i, &text, &e) < 0)
		fail_msg("%s: import: %s", f->what, e.cause);
	if (ret_missing)
		*ret_missing = i.notes.n_missing;
	assert_int_equal(e.status, i.notes.n_missing ? EXIT_PENDING : EXIT_DONE);
	imported_done(&i);
	close_session(f, &s);
	return text;
}

static struct topology *parse(const struct fake_import *f, const char *text)
{
	struct problems problems = { 0 };
	struct topology *t = NULL;

	if (topology_parse(&t, text, strlen(text), "import", &problems, NULL) < 0)
		fail_msg("%s: the import is no topology: %s: %s\n%s", f->what,
			 problems.n ? problems.v[0].err.object : "",
			 problems.n ? problems.v[0].err.cause : "no memory", text);
	problems_done(&problems);
	return t;
}

static char *print(const struct topology *t)
{
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	topology_print_text(t, NULL, out);
	fclose(out);
	return text;
}

/* What is read is what was written. */
static void is_the_same_again(const struct fake_import *f, const char *text)
{
	struct topology *first = parse(f, text), *second;
	_cleanup_free_ char *once = print(first), *again = NULL;

	second = parse(f, once);
	again = print(second);
	if (strcmp(once, again))
		fail_msg("%s: read and written it is another one:\n%s\nand\n%s", f->what, once,
			 again);
	topology_free(first);
	topology_free(second);
}

/* The other form says the same. */
static void is_the_same_as_json(const struct fake_import *f, const char *text)
{
	struct topology *t = parse(f, text), *back;
	_cleanup_free_ char *once = print(t), *again = NULL, *json = NULL;
	json_t *doc = topology_json(t);

	assert_non_null(doc);
	json = json_dumps(doc, JSON_COMPACT);
	json_decref(doc);
	back = parse(f, json);
	again = print(back);
	if (strcmp(once, again))
		fail_msg("%s: as JSON it is another one:\n%s\nand\n%s", f->what, once, again);
	topology_free(t);
	topology_free(back);
}

static bool has_problem(const struct problems *p, const struct err *e)
{
	for (size_t i = 0; i < p->n; i++)
		if (!p->v[i].is_note && !strcmp(p->v[i].err.cause, e->cause))
			return true;
	return false;
}

/* The plan of a topology; its problems, which the caller frees. */
static void plan(const struct fake_import *f, const char *text, char **ret_steps,
		 struct problems *ret)
{
	struct session s = session_of(f);
	struct apply a = { .s = &s };
	struct err e = { 0 };
	size_t size;
	FILE *out = open_memstream(ret_steps, &size);

	assert_non_null(out);
	s.topo = parse(f, text);
	if (apply_open(&a, &s, false, false, &e) < 0)
		fail_msg("%s: plan: %s\n%s", f->what, e.cause, text);
	for (size_t i = 0; i < a.plan.n; i++) {
		_cleanup_free_ char *line = step_line(&a.plan.v[i]);

		fprintf(out, "%s\n", line);
	}
	fclose(out);
	problems_append(ret, &a.problems);
	apply_done(&a);
	close_session(f, &s);
}

void fake_import_holds(const struct fake_import *f, const char *text)
{
	_cleanup_free_ char *steps = NULL, *nothing = NULL;
	struct problems all = { 0 }, bare = { 0 };

	is_the_same_again(f, text);
	is_the_same_as_json(f, text);
	plan(f, "version = 1\n", &nothing, &bare);
	plan(f, text, &steps, &all);
	if (*steps)
		fail_msg("%s: its plan is not empty:\n%s%s", f->what, steps, text);
	for (size_t i = 0; i < all.n; i++)
		if (!all.v[i].is_note && !has_problem(&bare, &all.v[i].err))
			fail_msg("%s: check says: %u:%u: %s: %s\n%s", f->what, all.v[i].loc.line,
				 all.v[i].loc.col, all.v[i].err.step, all.v[i].err.cause, text);
	problems_done(&all);
	problems_done(&bare);
}
