// SPDX-License-Identifier: GPL-2.0-or-later
/* What a plan interrupts is said first and, on a terminal, asked about. */
#include "test.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <pty.h>

#include "cli/confirm.h"
#include "fake_site.h"

static struct domain web1 = { .id = 1, .name = "web1" };

static void add(struct fake_site *s, struct plan *p, struct step step)
{
	step.vf.pf = &s->inv->pfs[0];
	assert_int_equal(plan_add(p, &step, &s->e), 0);
}

static void detach(struct fake_site *s, struct plan *p, unsigned i)
{
	add(s, p, (struct step){ .kind = STEP_DETACH, .vf.index = i, .domain = &web1 });
}

static void text_is(struct fake_site *s, const struct plan *p, size_t lines, const char *want)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_int_equal(confirm_text(&s->root.host, p, out), lines);
	fclose(out);
	assert_string_equal(text, want);
	free(text);
}

static void what_interrupts_nobody_needs_no_word(void **state)
{
	struct fake_site *s = *state;
	struct cli cli = { .s.host = s->root.host };
	struct plan p = { 0 };

	add(s, &p, (struct step){ .kind = STEP_NUMVFS, .vf.index = NO_VF, .to = 7 });
	add(s, &p, (struct step){ .kind = STEP_ASSIGN, .vf.index = 3 });
	text_is(s, &p, 0, "");
	assert_int_equal(confirm_plan(&cli, &p, &s->e), 0);
	plan_done(&p);
}

static void a_line_for_each_domain_and_each_pf(void **state)
{
	struct fake_site *s = *state;
	struct plan p = { 0 };

	for (unsigned i = 0; i < 6; i++)
		detach(s, &p, i);
	s->inv->pfs[0].vfs[0].netdev = "eth11";
	s->inv->pfs[0].vfs[1].netdev = "eth12";
	s->inv->pfs[0].vfs[2].netdev = "eth13";
	fake_root_add(&s->root, "sys/class/net/eth11/flags=0x1003");
	fake_root_add(&s->root, "sys/class/net/eth12/flags=0x1002");
	fake_root_add(&s->root, "sys/class/net/eth13/flags=0x1003");
	add(s, &p, (struct step){ .kind = STEP_NUMVFS, .vf.index = NO_VF, .from = 7 });
	text_is(s, &p, 2,
		"running domain web1 loses net0/0, net0/1, net0/2, net0/3 and 2 more\n"
		"net0 removes its VFs, and the host loses eth11, eth13, which are up\n");
	plan_done(&p);
}

/* Meanwhile standard input and error are @fd. */
static int confirm_at(struct fake_site *s, int fd, bool yes, bool dry_run)
{
	struct cli cli = { .s.host = s->root.host, .s.dry_run = dry_run, .yes = yes };
	int in = dup(STDIN_FILENO), err = dup(STDERR_FILENO), r;
	struct plan p = { 0 };

	detach(s, &p, 0);
	s->e = (struct err){ 0 };
	clearerr(stdin);
	dup2(fd, STDIN_FILENO);
	dup2(fd, STDERR_FILENO);
	r = confirm_plan(&cli, &p, &s->e);
	dup2(in, STDIN_FILENO);
	dup2(err, STDERR_FILENO);
	close(in);
	close(err);
	plan_done(&p);
	return r;
}

static void without_a_terminal_it_is_refused_unless_meant(void **state)
{
	struct fake_site *s = *state;
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	assert_int_equal(confirm_at(s, ends[0], false, false), -ECANCELED);
	assert_int_equal(s->e.status, EXIT_REFUSED);
	assert_string_equal(s->e.cause, "running domain web1 loses net0/0");
	assert_non_null(strstr(s->e.fix, "--yes"));
	assert_int_equal(confirm_at(s, ends[0], true, false), 0);
	assert_int_equal(confirm_at(s, ends[0], false, true), 0);
	close(ends[0]);
	close(ends[1]);
}

static void on_a_terminal_it_is_asked(void **state)
{
	struct fake_site *s = *state;
	char seen[512] = "";
	int master, slave;
	ssize_t n;

	assert_int_equal(openpty(&master, &slave, NULL, NULL, NULL), 0);
	assert_int_equal(write(master, "y\n", 2), 2);
	assert_int_equal(confirm_at(s, slave, false, false), 0);
	for (size_t len = 0; !strstr(seen, "Go on?"); len += (size_t)n) {
		n = read(master, seen + len, sizeof(seen) - 1 - len);
		assert_true(n > 0);
	}
	assert_non_null(strstr(seen, "running domain web1 loses net0/0"));
	assert_non_null(strstr(seen, "Go on?"));
	assert_int_equal(write(master, "\n", 1), 1);
	assert_int_equal(confirm_at(s, slave, false, false), -ECANCELED);
	assert_int_equal(s->e.status, EXIT_REFUSED);
	assert_string_equal(s->e.cause, "not confirmed, nothing was changed");
	close(master);
	close(slave);
}

#define T(f) cmocka_unit_test_setup_teardown(f, fake_site_setup, fake_site_teardown)

static const struct CMUnitTest tests[] = {
	T(what_interrupts_nobody_needs_no_word),
	T(a_line_for_each_domain_and_each_pf),
	T(without_a_terminal_it_is_refused_unless_meant),
	T(on_a_terminal_it_is_asked),
};

TEST_MAIN(tests)
