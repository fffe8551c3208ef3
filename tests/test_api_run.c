// SPDX-License-Identifier: GPL-2.0-or-later
/* The calls of the public library that change a host, on one that keeps what is done to it. */
#include "test.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "api/handle.h"
#include "fake_yard_check.h"

struct run {
	struct vfy *v;
	char *log, *progress;
	size_t log_size, progress_size;
	FILE *log_to, *progress_to;
};

static void keep_log(void *arg, int level, const char *line)
{
	struct run *r = arg;

	fprintf(r->log_to, "%d %s\n", level, line);
	fflush(r->log_to);
}

static void keep_progress(void *arg, size_t step, size_t n, const char *line)
{
	struct run *r = arg;

	fprintf(r->progress_to, "%zu/%zu %s\n", step, n, line);
	fflush(r->progress_to);
}

/* A handle whose host is the fake one: the kernel, the PF drivers and the hypervisor answer. */
static void begin(struct fake_yard *y, struct run *r, unsigned flags)
{
	struct vfy_options o = { .size = sizeof(o),
				 .root = y->root.dir,
				 .timeout_ms = 30,
				 .flags = flags,
				 .log = keep_log,
				 .log_arg = r,
				 .progress = keep_progress,
				 .progress_arg = r };
	struct host *h;

	*r = (struct run){ 0 };
	r->log_to = open_memstream(&r->log, &r->log_size);
	r->progress_to = open_memstream(&r->progress, &r->progress_size);
	fflush(r->log_to);
	fflush(r->progress_to);
	assert_int_equal(vfy_open(&r->v, &o), 0);
	h = &r->v->s.host;
	h->root.write = y->root.host.root.write;
	h->root.write_arg = y->root.host.root.write_arg;
	h->vf_link = y->root.host.vf_link;
	h->vf_link_arg = y->root.host.vf_link_arg;
	r->v->s.ops = &fake_backend_ops;
	r->v->s.backend = &y->backend;
	y->changes = 0;
}

static void end(struct run *r)
{
	vfy_close(r->v);
	fclose(r->log_to);
	fclose(r->progress_to);
	free(r->log);
	free(r->progress);
}

static size_t lines_of(const char *s)
{
	size_t n = 0;

	for (; s && *s; s++)
		n += *s == '\n';
	return n;
}

/* What a document says; the caller's. */
static json_t *document(const char *text)
{
	json_t *doc = json_loads(text, 0, NULL);

	assert_non_null(doc);
	assert_int_equal(json_integer_value(json_object_get(doc, "version")), 1);
	return doc;
}

static void result_is(const char *text, const char *want)
{
	json_t *doc = document(text);

	assert_string_equal(json_string_value(json_object_get(doc, "result")), want);
	json_decref(doc);
}

/* plan, apply, status and release, each with a handle of its own as each is a command. */
static void the_whole_job_is_done_and_undone(void **state)
{
	struct fake_yard *y = *state;
	_cleanup_free_ char *before = fake_yard_snapshot(y), *after = NULL;
	char *text = NULL;
	size_t n_steps;
	struct run r;
	json_t *doc;

	begin(y, &r, 0);
	assert_int_equal(vfy_plan(r.v, &text), 0);
	assert_int_equal(vfy_exit_status(r.v), VFY_PENDING);
	assert_null(vfy_failure(r.v));
	doc = document(text);
	n_steps = json_array_size(json_object_get(doc, "steps"));
	assert_true(n_steps >= 20);
	assert_int_equal(y->changes, 0);
	json_decref(doc);
	free(text);
	end(&r);

	begin(y, &r, 0);
	assert_int_equal(vfy_apply(r.v, &text), 0);
	assert_int_equal(vfy_exit_status(r.v), VFY_DONE);
	result_is(text, "done");
	assert_string_equal(yard_domain_of(y, 0, 1), "web1");
	assert_non_null(strstr(r.progress, "attach net0/1 (0000:05:10.2): domain web1"));
	/* The two numbers are written at once. */
	assert_int_equal(lines_of(r.progress), n_steps - 1);
	free(text);
	end(&r);

	begin(y, &r, 0);
	assert_int_equal(vfy_status(r.v, &text), 0);
	assert_int_equal(vfy_exit_status(r.v), VFY_DONE);
	assert_non_null(strstr(text, "\"in_sync\":true"));
	assert_string_equal(text, vfy_document(r.v));
	free(text);
	end(&r);

	begin(y, &r, VFY_YES);
	assert_int_equal(vfy_release(r.v, NULL, 0, &text), 0);
	result_is(text, "done");
	free(text);
	end(&r);
	after = fake_yard_snapshot(y);
	assert_string_equal(before, after);
}

static void a_dry_run_is_the_plan_and_changes_nothing(void **state)
{
	struct fake_yard *y = *state;
	_cleanup_free_ char *before = fake_yard_snapshot(y), *after = NULL;
	const char *dev = "net1/1";
	char *plan = NULL, *text = NULL;
	struct run r;

	begin(y, &r, VFY_DRY_RUN);
	assert_int_equal(vfy_plan(r.v, &plan), 0);
	assert_int_equal(vfy_apply(r.v, &text), 0);
	assert_string_equal(text, plan);
	assert_int_equal(vfy_exit_status(r.v), VFY_DONE);
	assert_int_equal(vfy_assignable_add(r.v, &dev, 1, NULL), 0);
	assert_non_null(strstr(vfy_document(r.v), "\"step\":\"assign\""));
	assert_non_null(strstr(vfy_document(r.v), "\"outcome\":\"planned\""));
	assert_string_equal(r.progress, "");
	assert_int_equal(y->changes, 0);
	free(plan);
	free(text);
	end(&r);
	after = fake_yard_snapshot(y);
	assert_string_equal(before, after);
}

static void domains_are_left_alone_when_that_is_asked(void **state)
{
	struct fake_yard *y = *state;
	char *text = NULL;
	struct run r;

	begin(y, &r, VFY_NO_ATTACH);
	assert_int_equal(vfy_plan(r.v, &text), 0);
	assert_null(strstr(text, "\"attach\""));
	free(text);
	assert_int_equal(vfy_apply(r.v, NULL), 0);
	assert_string_equal(yard_domain_of(y, 0, 1), "");
	end(&r);
}

static void what_runs_is_interrupted_only_when_that_is_meant(void **state)
{
	struct fake_yard *y = *state;
	const struct vfy_failure *f;
	struct run r;

	yard_must(y, YARD_APPLY);
	begin(y, &r, 0);
	assert_int_equal(vfy_release(r.v, NULL, 0, NULL), -ECANCELED);
	f = vfy_failure(r.v);
	assert_string_equal(f->object, "host");
	assert_string_equal(f->step, "interrupt what runs");
	assert_non_null(strstr(f->cause, "domain web1, which runs, loses net0/0"));
	assert_string_equal(f->fix, "when that is meant, add --yes");
	assert_int_equal(f->status, VFY_REFUSED);
	assert_int_equal(y->changes, 0);
	assert_string_equal(yard_domain_of(y, 0, 1), "web1");
	end(&r);
	begin(y, &r, VFY_YES);
	assert_int_equal(vfy_release(r.v, NULL, 0, NULL), 0);
	assert_non_null(strstr(r.log, "0 domain web1, which runs, loses net0/0"));
	end(&r);
}

/* A change in the middle fails: all is undone, and the document tells each step's outcome. */
static void a_failure_is_told_in_its_parts(void **state)
{
	struct fake_yard *y = *state;
	_cleanup_free_ char *before = fake_yard_snapshot(y), *after = NULL;
	const struct vfy_failure *f;
	char *text = NULL;
	struct run r;
	json_t *doc;

	begin(y, &r, 0);
	y->fail_at = 12;
	y->fail_code = EIO;
	assert_true(vfy_apply(r.v, &text) < 0);
	f = vfy_failure(r.v);
	assert_true(f->object[0] && f->step[0] && f->cause[0] && f->fix[0]);
	assert_int_equal(f->status, VFY_FAILED);
	assert_int_equal(vfy_exit_status(r.v), VFY_FAILED);
	doc = document(text);
	assert_string_equal(json_string_value(json_object_get(doc, "result")), "failed");
	assert_string_equal(
		json_string_value(json_object_get(json_object_get(doc, "error"), "cause")),
		f->cause);
	json_decref(doc);
	free(text);
	end(&r);
	fake_yard_calm(y);
	after = fake_yard_snapshot(y);
	assert_string_equal(before, after);
}

static void what_check_finds_is_refused(void **state)
{
	struct fake_yard *y = *state;
	char *text = NULL;
	struct run r;

	fake_yard_topology(y, "{\"version\":1,\"pf\":[{\"name\":\"net0\",\"bdf\":\"0000:05:00.0\","
			      "\"numvfs\":2},{\"name\":\"net9\",\"bdf\":\"0000:09:00.0\"}]}");
	begin(y, &r, 0);
	assert_int_equal(vfy_check(r.v, &text), -EINVAL);
	assert_int_equal(vfy_failure(r.v)->status, VFY_REFUSED);
	assert_string_equal(vfy_failure(r.v)->cause, "1 problem on this host");
	assert_non_null(strstr(text, "\"object\":\"net9\""));
	free(text);
	assert_int_equal(vfy_plan(r.v, &text), -EBUSY);
	assert_non_null(strstr(text, "\"object\":\"net9\""));
	free(text);
	assert_int_equal(vfy_apply(r.v, &text), -EBUSY);
	assert_int_equal(vfy_exit_status(r.v), VFY_REFUSED);
	result_is(text, "failed");
	free(text);
	assert_int_equal(y->changes, 0);
	end(&r);
}

static void both_listings_tell_what_an_apply_made(void **state)
{
	struct fake_yard *y = *state;
	const char *dev = "net0/1";
	char *text = NULL;
	struct run r;

	yard_must(y, YARD_APPLY);
	begin(y, &r, 0);
	assert_int_equal(vfy_attached(r.v, "web1", &text), 0);
	assert_non_null(strstr(text, "\"bdf\":\"0000:05:10.2\",\"pf\":\"net0\""));
	free(text);
	assert_int_equal(vfy_assignable(r.v, &text), 0);
	assert_non_null(strstr(text, "\"bdf\":\"0000:05:10.4\",\"pf\":\"net0\""));
	assert_null(strstr(text, "0000:05:10.2"));
	free(text);
	assert_int_equal(vfy_attached(r.v, "nobody", &text), -ESRCH);
	assert_null(text);
	assert_string_equal(vfy_failure(r.v)->object, "nobody");
	assert_int_equal(vfy_detach(r.v, "web1", &dev, 1, 0), 0);
	result_is(vfy_document(r.v), "done");
	assert_int_equal(vfy_attached(r.v, "web1", &text), 0);
	assert_null(strstr(text, "0000:05:10.2"));
	free(text);
	assert_int_equal(vfy_attach(r.v, "web1", &dev, 1), 0);
	result_is(vfy_document(r.v), "done");
	end(&r);
}

/* Two PFs that are there need no wait, one that is not is waited for as long as was said. */
static void an_apply_waits_for_pfs(void **state)
{
	struct fake_yard *y = *state;
	struct timespec begun, ended;
	struct run r;

	fake_yard_topology(y, "{\"version\":1,\"pf\":[{\"name\":\"net9\","
			      "\"bdf\":\"0000:09:00.0\"}]}");
	begin(y, &r, VFY_DRY_RUN);
	r.v->o.wait_ms = 60;
	clock_gettime(CLOCK_MONOTONIC, &begun);
	assert_int_equal(vfy_apply(r.v, NULL), -EBUSY);
	clock_gettime(CLOCK_MONOTONIC, &ended);
	assert_true((ended.tv_sec - begun.tv_sec) * 1000 +
			    (ended.tv_nsec - begun.tv_nsec) / 1000000 >=
		    59);
	end(&r);
}

static void an_override_that_was_not_needed_is_noted_at_the_end(void **state)
{
	struct fake_yard *y = *state;
	const char *forced[] = { "eth0" };
	struct run r;

	begin(y, &r, 0);
	r.v->s.host.forced = forced;
	r.v->s.host.n_forced = 1;
	assert_int_equal(vfy_check(r.v, NULL), 0);
	assert_null(strstr(r.log, "--force"));
	vfy_close(r.v);
	assert_non_null(strstr(r.log, "eth0"));
	r.v = NULL;
	end(&r);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test_setup_teardown(the_whole_job_is_done_and_undone, fake_yard_setup,
					fake_yard_teardown),
	cmocka_unit_test_setup_teardown(a_dry_run_is_the_plan_and_changes_nothing, fake_yard_setup,
					fake_yard_teardown),
	cmocka_unit_test_setup_teardown(domains_are_left_alone_when_that_is_asked, fake_yard_setup,
					fake_yard_teardown),
	cmocka_unit_test_setup_teardown(what_runs_is_interrupted_only_when_that_is_meant,
					fake_yard_setup, fake_yard_teardown),
	cmocka_unit_test_setup_teardown(a_failure_is_told_in_its_parts, fake_yard_setup,
					fake_yard_teardown),
	cmocka_unit_test_setup_teardown(what_check_finds_is_refused, fake_yard_setup,
					fake_yard_teardown),
	cmocka_unit_test_setup_teardown(both_listings_tell_what_an_apply_made, fake_yard_setup,
					fake_yard_teardown),
	cmocka_unit_test_setup_teardown(an_apply_waits_for_pfs, fake_yard_setup,
					fake_yard_teardown),
	cmocka_unit_test_setup_teardown(an_override_that_was_not_needed_is_noted_at_the_end,
					fake_yard_setup, fake_yard_teardown),
};

TEST_MAIN(tests)
