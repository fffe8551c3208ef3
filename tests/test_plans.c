// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * tests/plans: each NAME.plan is a topology, a host, and what `vfyard plan` says about them (see
 * the README there). After a change, run UPDATE_PLANS=1 build/tests/test_plans, and read the
 * difference.
 */
#include "test.h"

#include <glob.h>
#include <string.h>

#include "cli/cmd_plan.c"
#include "fake_cli.h"
#include "fake_plan_host.h"

#define DIRECTORY "tests/plans"
#define CASES_MAX 512

/* A file, cut into its parts; all of them are owned. */
struct plan_file {
	char *topology;
	char *host;	/* lines */
	char *capture;	/* a file beside it, or NULL */
	char *runs;	/* names of domains */
	char *options;	/* of the command line */
	char *head;	/* everything before @expect, to be written again */
	char *expected; /* from @expect on */
	bool needs_xen; /* needs Xen's backend, which not every build has */
};

static void plan_file_done(struct plan_file *p)
{
	free(p->topology);
	free(p->host);
	free(p->capture);
	free(p->runs);
	free(p->options);
	free(p->head);
	free(p->expected);
}

static void append(char **s, const char *text)
{
	size_t n = *s ? strlen(*s) : 0;

	*s = realloc(*s, n + strlen(text) + 1);
	assert_non_null(*s);
	strcpy(*s + n, text);
}

/* Returns the part that the lines behind "@runs web1" belong to; what stands in that line itself
 * goes there at once. */
static char **part_of(struct plan_file *p, char *line)
{
	char *words = line + strcspn(line, " \n");

	if (!strncmp(line, "@expect", 7)) {
		append(&p->expected, line);
		return &p->expected;
	}
	append(&p->head, line);
	if (!strncmp(line, "@capture ", 9)) {
		words[strcspn(words, "\n")] = '\0';
		append(&p->capture, DIRECTORY "/");
		append(&p->capture, words + 1);
		return &p->host;
	}
	if (!strncmp(line, "@host", 5))
		return &p->host;
	if (!strcmp(line, "@needs xen\n")) {
		p->needs_xen = true;
		return &p->host;
	}
	if (!strncmp(line, "@runs", 5) || !strncmp(line, "@options", 8)) {
		char **part = line[1] == 'r' ? &p->runs : &p->options;

		append(part, words);
		return part;
	}
	fail_msg("'%s': write @host, @capture, @needs, @runs, @options or @expect", line);
	return NULL;
}

static void read_file(struct plan_file *p, const char *path)
{
	_cleanup_file_ FILE *f = fopen(path, "re");
	_cleanup_free_ char *line = NULL;
	char **part = &p->topology;
	size_t size = 0;
	char **const all[] = {
		&p->topology, &p->host, &p->runs, &p->options, &p->head, &p->expected
	};

	assert_non_null(f);
	for (size_t i = 0; i < ARRAY_SIZE(all); i++)
		append(all[i], "");
	while (getline(&line, &size, f) >= 0) {
		if (*line == '@' && part != &p->expected) {
			part = part_of(p, line);
			continue;
		}
		append(part, line);
		if (part != &p->expected)
			append(&p->head, line);
	}
	if (!*p->topology || !*p->expected)
		fail_msg("%s: a topology and @expect are needed", path);
}

static void make_host(struct fake_plan_host *h, const struct plan_file *p)
{
	char *save = NULL, *lines = strdup(p->host), *line;
	_cleanup_free_ char *runs = strdup(p->runs), *topology = NULL;

	fake_plan_host_init(h, p->capture);
	for (line = strtok_r(lines, "\n", &save); line; line = strtok_r(NULL, "\n", &save))
		fake_plan_host_add(h, line);
	free(lines);
	for (line = strtok_r(runs, " \n", &save); line; line = strtok_r(NULL, " \n", &save))
		fake_backend_add_domain(&h->backend, line);
	append(&topology, HOST_TOPOLOGY "=");
	for (const char *s = p->topology; *s; s++) {
		const char escaped[3] = { '\\', *s == '\n' ? 'n' : *s, '\0' };

		append(&topology, *s == '\n' || *s == '\\' ? escaped : (char[]){ *s, '\0' });
	}
	fake_root_add(&h->root, topology);
}

static void take_options(struct cli *cli, const struct plan_file *p)
{
	_cleanup_free_ char *options = strdup(p->options);
	char *save = NULL;

	for (char *w = strtok_r(options, " \n", &save); w; w = strtok_r(NULL, " \n", &save)) {
		if (!strcmp(w, "-v"))
			cli->s.host.log.level = LOG_INFO;
		else if (!strcmp(w, "-q"))
			cli->s.host.log.level = LOG_QUIET;
		else if (!strcmp(w, "-j"))
			cli->json = true;
		else if (!strcmp(w, "--no-attach"))
			cli->opts['a'] = "";
		else if (!strcmp(w, "--fold"))
			cli->opts['F'] = "";
		else
			fail_msg("@options: '%s' is not known here", w);
	}
}

/* Does it as main() does. */
static int run_command(struct fake_plan_host *h, const struct plan_file *p)
{
	struct cli cli = { .s = { .host = h->root.host,
				  .hypervisor = "auto",
				  .command = "test",
				  .lock_fd = -1 } };
	struct err e = { 0 };
	bool is_said;
	int r;

	cli.s.host.log = (struct log){ .level = LOG_NOTE, .to = stderr };
	take_options(&cli, p);
	if (!h->is_capture) {
		cli.s.ops = &fake_backend_ops;
		cli.s.backend = &h->backend;
	}
	r = cmd_plan.run(&cli, 0, NULL, &e);
	/* the fake closes its host itself */
	cli.s.host.root.dir = NULL;
	is_said = cli.s.faults.n_errors;
	session_close(&cli.s);
	if (r < 0 && e.cause[0] && !is_said)
		err_print(&e, stderr);
	return r < 0 && e.status == EXIT_DONE ? EXIT_FAILED : (int)e.status;
}

/* Returns what both streams say, and before it the status: "@expect 3". */
static char *said(struct fake_plan_host *h, const struct plan_file *p)
{
	int out = dup(STDOUT_FILENO), err = dup(STDERR_FILENO), status;
	char *ret = NULL, line[4096], *at;
	FILE *tmp = tmpfile();

	assert_true(out >= 0 && err >= 0 && tmp);
	fflush(NULL);
	dup2(fileno(tmp), STDOUT_FILENO);
	dup2(fileno(tmp), STDERR_FILENO);
	status = run_command(h, p);
	fflush(NULL);
	dup2(out, STDOUT_FILENO);
	dup2(err, STDERR_FILENO);
	close(out);
	close(err);
	snprintf(line, sizeof(line), status ? "@expect %d\n" : "@expect\n", status);
	append(&ret, line);
	rewind(tmp);
	while (fgets(line, sizeof(line), tmp)) {
		/* The host's own / is a directory here. */
		while ((at = strstr(line, h->root.dir)))
			memmove(at, at + strlen(h->root.dir), strlen(at + strlen(h->root.dir)) + 1);
		append(&ret, line);
	}
	fclose(tmp);
	return ret;
}

static void compare(const struct plan_file *p, const char *path, const char *is)
{
	if (!strcmp(is, p->expected))
		return;
	if (getenv("UPDATE_PLANS")) {
		_cleanup_file_ FILE *f = fopen(path, "we");

		assert_non_null(f);
		fprintf(f, "%s%s", p->head, is);
		return;
	}
	fprintf(stderr, "%s expects:\n%sand plan says:\n%s", path, p->expected, is);
	fail_msg("%s: another plan", path);
}

static void plan_is_as_expected(void **state)
{
	const char *path = *state;
	struct fake_plan_host host;
	struct plan_file p = { 0 };
	_cleanup_free_ char *is = NULL;

	read_file(&p, path);
	if (p.needs_xen && !HAVE_XEN) {
		plan_file_done(&p);
		skip();
	}
	make_host(&host, &p);
	is = said(&host, &p);
	compare(&p, path, is);
	fake_plan_host_done(&host);
	plan_file_done(&p);
}

int main(int argc, char **argv)
{
	static struct CMUnitTest tests[CASES_MAX];
	size_t n = 0;
	glob_t found;
	int r;

	setlinebuf(stdout);
	if (glob(DIRECTORY "/*.plan", 0, NULL, &found) != 0 || found.gl_pathc > CASES_MAX) {
		fprintf(stderr,
			"no plans in " DIRECTORY ", or too many; run it from the sources\n");
		return 1;
	}
	for (; n < found.gl_pathc; n++) {
		tests[n].name = strrchr(found.gl_pathv[n], '/') + 1;
		tests[n].test_func = plan_is_as_expected;
		tests[n].initial_state = found.gl_pathv[n];
	}
	r = argc > 1 ? test_choose(argv[1], tests, n) : 0;
	if (r == 0)
		r = _cmocka_run_group_tests("plans", tests, n, NULL, NULL);
	globfree(&found);
	return r;
}
