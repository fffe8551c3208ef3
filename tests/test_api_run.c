// SPDX-License-Identifier: GPL-2.0-or-later
/* The calls of the public library that change a host, on a host that keeps what is done to it. */
#include "test.h"

#include <jansson.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "api/handle.h"
#include "engine/run/progress.h"
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

static void use_host(struct vfy *v, struct fake_yard *y)
{
	struct host *h = &v->s.host;

	h->root.write = y->root.host.root.write;
	h->root.write_arg = y->root.host.root.write_arg;
	h->vf_link = y->root.host.vf_link;
	h->vf_link_arg = y->root.host.vf_link_arg;
	v->s.ops = &fake_backend_ops;
	v->s.backend = &y->backend;
	y->changes = 0;
}

/* Opens a handle whose host is the fake one: the kernel, the PF drivers and the hypervisor
 * answer. */
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

	*r = (struct run){ 0 };
	r->log_to = open_memstream(&r->log, &r->log_size);
	r->progress_to = open_memstream(&r->progress, &r->progress_size);
	fflush(r->log_to);
	fflush(r->progress_to);
	assert_int_equal(vfy_open(&r->v, &o), 0);
	use_host(r->v, y);
}

static void end(struct run *r)
{
	vfy_close(r->v);
	fclose(r->log_to);
	fclose(r->progress_to);
	free(r->log);
	free(r->progress);
}

/* The documentation's example runs on this host: what it opens gets the same answers. */
static struct fake_yard *example_host;

static int open_on_the_host(struct vfy **ret, const struct vfy_options *o)
{
	int r = vfy_open(ret, o);

	if (r == 0)
		use_host(*ret, example_host);
	return r;
}

int example_main(int argc, char **argv);

/* make warnings gives main() another name. */
#pragma push_macro("main")
#undef main
#define main	 example_main
#define vfy_open open_on_the_host
#include "../docs/examples/apply.c"
#undef vfy_open
#undef main
#pragma pop_macro("main")

/* Returns what it prints to both streams, with "-n", "-y" or neither; free() it. */
static char *run_example(struct fake_yard *y, const char *flag, int *ret_status)
{
	int out = dup(STDOUT_FILENO), err = dup(STDERR_FILENO), argc = 1;
	char name[] = "apply", option[4], config[256], *argv[5] = { name };
	char *text = calloc(1, 1 << 16);
	FILE *tmp = tmpfile();

	assert_true(out >= 0 && err >= 0 && tmp && text);
	example_host = y;
	snprintf(option, sizeof(option), "%s", flag);
	snprintf(config, sizeof(config), "%s/etc/vfyard/topology.cfg", y->root.dir);
	if (*flag)
		argv[argc++] = option;
	argv[argc++] = config;
	argv[argc++] = y->root.host.root.dir;
	fflush(NULL);
	dup2(fileno(tmp), STDOUT_FILENO);
	dup2(fileno(tmp), STDERR_FILENO);
	*ret_status = example_main(argc, argv);
	fflush(NULL);
	dup2(out, STDOUT_FILENO);
	dup2(err, STDERR_FILENO);
	close(out);
	close(err);
	rewind(tmp);
	text[fread(text, 1, (1 << 16) - 1, tmp)] = '\0';
	fclose(tmp);
	return text;
}

static void the_example_applies_a_topology_and_tells_of_it(void **state)
{
	struct fake_yard *y = *state;
	char *said;
	int status;

	said = run_example(y, "-n", &status);
	assert_int_equal(status, VFY_DONE);
	assert_non_null(strstr(said, "\"outcome\":\"planned\""));
	assert_int_equal(y->changes, 0);
	free(said);
	said = run_example(y, "", &status);
	assert_int_equal(status, VFY_DONE);
	assert_string_equal(yard_domain_of(y, 0, 1), "web1");
	assert_non_null(strstr(said, "1 of 28: "));
	assert_non_null(strstr(said, "\"result\":\"done\""));
	free(said);
	/* This drift cannot be repaired. */
	y->fail_at = 1;
	y->fail_code = EIO;
	fake_netvf_vf(&y->netvf, "eth0", 4)->mac[5] ^= 1;
	said = run_example(y, "-y", &status);
	assert_int_equal(status, VFY_FAILED);
	assert_non_null(strstr(said, "failed at:"));
	assert_non_null(strstr(said, "to do:"));
	free(said);
}

static size_t lines_of(const char *s)
{
	size_t n = 0;

	for (; s && *s; s++)
		n += *s == '\n';
	return n;
}

/* Parses a document; the caller owns it. */
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

/* Runs plan, apply, status and release, each with a handle of its own, because each is a
 * command. */
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

static void settings_are_set_and_the_topology_is_there_again_after_it(void **state)
{
	const char *const words[] = { "net1", "numvfs=2", "net1/1", "vlan=7" };
	const char *const bad[] = { "net1/1", "vlan=9999" };
	struct fake_yard *y = *state;
	char *text = NULL, *plan = NULL;
	struct run r;

	begin(y, &r, VFY_YES);
	assert_int_equal(vfy_set(r.v, bad, 2, &text), -EINVAL);
	assert_int_equal(vfy_exit_status(r.v), VFY_USAGE);
	assert_non_null(strstr(text, "vlan: 9999 is out of range"));
	free(text);
	assert_int_equal(vfy_set(r.v, words, 4, &text), 0);
	result_is(text, "done");
	assert_int_equal(yard_number(y, "0000:06:00.0", "sriov_numvfs"), 2);
	assert_int_equal(fake_netvf_vf(&y->netvf, "eth1", 1)->vlan, 7);
	free(text);
	assert_int_equal(vfy_plan(r.v, &plan), 0);
	assert_non_null(strstr(plan, "\"attach\""));
	free(plan);
	assert_int_equal(vfy_release(r.v, NULL, 0, NULL), 0);
	end(&r);
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
	assert_non_null(strstr(f->cause, "running domain web1 loses net0/0"));
	assert_string_equal(f->fix, "if you mean that, add --yes");
	assert_int_equal(f->status, VFY_REFUSED);
	assert_int_equal(y->changes, 0);
	assert_string_equal(yard_domain_of(y, 0, 1), "web1");
	end(&r);
	begin(y, &r, VFY_YES);
	assert_int_equal(vfy_release(r.v, NULL, 0, NULL), 0);
	assert_non_null(strstr(r.log, "0 running domain web1 loses net0/0"));
	end(&r);
}

/* A change in the middle fails: everything is undone, and the document tells each step's
 * outcome. */
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

static void interrupt_at_step(void *arg, size_t step, size_t n UNUSED, const char *line UNUSED)
{
	if (step >= *(size_t *)arg)
		raise(SIGTERM);
}

static void count_signal(int number UNUSED)
{
	fail_msg("the signal of a run was delivered");
}

/* The signal comes in a step; here it comes from the callback before the step. */
static void a_signal_undoes_the_run_and_is_taken(void **state)
{
	struct fake_yard *y = *state;
	_cleanup_free_ char *before = fake_yard_snapshot(y), *after = NULL;
	size_t at = 5;
	sigset_t blocked;
	struct run r;

	begin(y, &r, 0);
	progress_free(r.v->s.progress);
	r.v->s.progress = progress_new_call(interrupt_at_step, &at);
	signal(SIGTERM, count_signal);
	assert_int_equal(vfy_apply(r.v, NULL), -EINTR);
	signal(SIGTERM, SIG_DFL);
	assert_string_equal(vfy_failure(r.v)->cause, "interrupted by SIGTERM");
	assert_int_equal(vfy_failure(r.v)->status, VFY_FAILED);
	sigprocmask(SIG_BLOCK, NULL, &blocked);
	assert_false(sigismember(&blocked, SIGTERM));
	end(&r);
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

/* Two PFs that exist need no wait; for one that does not exist the wait lasts as long as was
 * asked. */
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
	cmocka_unit_test_setup_teardown(settings_are_set_and_the_topology_is_there_again_after_it,
					fake_yard_setup, fake_yard_teardown),
	cmocka_unit_test_setup_teardown(a_dry_run_is_the_plan_and_changes_nothing, fake_yard_setup,
					fake_yard_teardown),
	cmocka_unit_test_setup_teardown(domains_are_left_alone_when_that_is_asked, fake_yard_setup,
					fake_yard_teardown),
	cmocka_unit_test_setup_teardown(what_runs_is_interrupted_only_when_that_is_meant,
					fake_yard_setup, fake_yard_teardown),
	cmocka_unit_test_setup_teardown(a_failure_is_told_in_its_parts, fake_yard_setup,
					fake_yard_teardown),
	cmocka_unit_test_setup_teardown(the_example_applies_a_topology_and_tells_of_it,
					fake_yard_setup, fake_yard_teardown),
	cmocka_unit_test_setup_teardown(a_signal_undoes_the_run_and_is_taken, fake_yard_setup,
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
