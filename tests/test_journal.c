// SPDX-License-Identifier: GPL-2.0-or-later
/* The journal: what a killed run was in the middle of, and nothing else. */
#include "test.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/run/journal.h"
#include "fake_site.h"

#define FILE_NAME "run/vfyard/journal"

/* Three assigns; each VF had igbvf. */
struct trial {
	struct fake_site *s;
	struct plan p;
	struct before before[3];
	struct journal *j;
};

static void open_trial(struct trial *t, void **state)
{
	struct err e = { 0 };

	*t = (struct trial){ .s = *state };
	fake_site_plan(t->s, &t->p, STEP_ASSIGN, 3);
	for (int i = 0; i < 3; i++)
		snprintf(t->before[i].driver, DRIVER_MAX, "igbvf");
	assert_int_equal(journal_open(&t->j, t->s->en.host, "vfyard apply", &e), 0);
}

static void begin(struct trial *t, size_t first, size_t last)
{
	assert_int_equal(journal_begin(t->j, &t->p, t->before, first, last, &t->s->e), 0);
}

/* Returns the file as a kill at this moment leaves it. */
static struct journal_found killed(struct trial *t)
{
	struct journal_found f = { 0 };

	assert_int_equal(journal_find(t->s->en.host, &f, &t->s->e), 1);
	return f;
}

static void close_trial(struct trial *t)
{
	journal_close(t->j);
	plan_done(&t->p);
}

static void no_journal_is_nothing_to_recover(void **state)
{
	struct fake_site *s = *state;
	struct journal_found f;

	assert_int_equal(journal_find(s->en.host, &f, &s->e), 0);
}

static void a_step_that_began_is_found_with_what_it_was(void **state)
{
	struct trial t;
	struct journal_found f;

	open_trial(&t, state);
	begin(&t, 1, 2);
	f = killed(&t);
	assert_false(f.has_ended);
	assert_int_equal(f.n, 1);
	assert_int_equal(f.v[0].kind, STEP_ASSIGN);
	assert_int_equal(f.v[0].index, 1);
	assert_false(f.v[0].is_undo);
	assert_int_equal(bdf_cmp(f.v[0].vf, fake_site_bdf(t.s, 1)), 0);
	assert_string_equal(f.v[0].before.driver, "igbvf");
	assert_string_equal(f.v[0].before.override, "");
	assert_non_null(strstr(f.run, "vfyard apply"));
	journal_found_done(&f);
	journal_end(t.j, 1);
	close_trial(&t);
}

static void a_step_that_ended_is_not_found_once_the_next_begins(void **state)
{
	struct trial t;
	struct journal_found f;

	open_trial(&t, state);
	begin(&t, 0, 1);
	journal_end(t.j, 0);
	begin(&t, 1, 2);
	f = killed(&t);
	assert_int_equal(f.n, 1);
	assert_int_equal(f.v[0].index, 1);
	journal_found_done(&f);
	journal_end(t.j, 1);
	close_trial(&t);
}

static void steps_that_run_at_once_are_all_found(void **state)
{
	struct trial t;
	struct journal_found f;

	open_trial(&t, state);
	begin(&t, 0, 3);
	f = killed(&t);
	assert_int_equal(f.n, 3);
	assert_int_equal(f.v[2].index, 2);
	journal_found_done(&f);
	for (size_t i = 0; i < 3; i++)
		journal_end(t.j, i);
	close_trial(&t);
}

static void an_undoing_is_found_as_one(void **state)
{
	struct trial t;
	struct journal_found f;

	open_trial(&t, state);
	begin(&t, 0, 1);
	journal_end(t.j, 0);
	journal_undo(t.j, &t.p, t.before, 0);
	f = killed(&t);
	assert_int_equal(f.n, 1);
	assert_true(f.v[0].is_undo);
	journal_found_done(&f);
	journal_end(t.j, 0);
	close_trial(&t);
}

static void a_journal_that_was_closed_is_gone(void **state)
{
	struct trial t;
	struct journal_found f;

	open_trial(&t, state);
	begin(&t, 0, 1);
	journal_end(t.j, 0);
	close_trial(&t);
	assert_int_equal(journal_find(t.s->en.host, &f, &t.s->e), 0);
}

static void a_step_that_never_ended_keeps_the_journal(void **state)
{
	struct trial t;
	struct journal_found f;

	open_trial(&t, state);
	begin(&t, 0, 1);
	close_trial(&t);
	f = killed(&t);
	assert_int_equal(f.n, 1);
	journal_found_done(&f);
}

static void names_with_spaces_come_back_whole(void **state)
{
	struct trial t;
	struct journal_found f;
	struct domain d = { .name = "web 100% =1", .id = 7 };

	open_trial(&t, state);
	t.p.v[0].kind = STEP_ATTACH;
	t.p.v[0].domain = &d;
	begin(&t, 0, 1);
	f = killed(&t);
	assert_int_equal(f.v[0].kind, STEP_ATTACH);
	assert_string_equal(f.v[0].domain, d.name);
	journal_found_done(&f);
	journal_end(t.j, 0);
	close_trial(&t);
}

static void a_pf_is_found_with_its_numbers(void **state)
{
	struct trial t;
	struct journal_found f;

	open_trial(&t, state);
	t.p.v[0].kind = STEP_NUMVFS;
	t.p.v[0].vf.index = NO_VF;
	t.before[0].numvfs = 7;
	t.before[0].autoprobe = UNKNOWN;
	begin(&t, 0, 1);
	f = killed(&t);
	assert_int_equal(f.v[0].index, NO_VF);
	assert_int_equal(f.v[0].before.numvfs, 7);
	assert_int_equal(f.v[0].before.autoprobe, UNKNOWN);
	journal_found_done(&f);
	journal_end(t.j, 0);
	close_trial(&t);
}

static void write_file(struct fake_site *s, const char *text)
{
	char line[512];

	snprintf(line, sizeof(line), FILE_NAME "=%s", text);
	fake_root_add(&s->root, line);
}

#define HEAD "vfyard journal 1\\nboot -\\nrun 12 vfyard apply\\n"
#define DO   "do 0 assign pf=0000:05:00.0 vf=3 at=0000:05:10.6 driver=igbvf override=-"

static void a_last_line_without_its_end_is_passed_over(void **state)
{
	struct fake_site *s = *state;
	struct journal_found f;
	struct stat st;
	char path[256];

	write_file(s, HEAD DO "\\ndo 1 assign pf=0000:05");
	/* without the newline that the fake root adds */
	snprintf(path, sizeof(path), "%s/" FILE_NAME, s->root.dir);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(truncate(path, st.st_size - 1), 0);
	assert_int_equal(journal_find(s->en.host, &f, &s->e), 1);
	assert_int_equal(f.n, 1);
	assert_int_equal(f.v[0].index, 3);
	journal_found_done(&f);
}

static void an_empty_journal_has_nothing_to_settle(void **state)
{
	struct fake_site *s = *state;
	struct journal_found f;

	write_file(s, "");
	unlinkat(s->root.host.root.fd, FILE_NAME, 0);
	write_file(s, HEAD);
	assert_int_equal(journal_find(s->en.host, &f, &s->e), 1);
	assert_int_equal(f.n, 0);
	journal_found_done(&f);
}

static void a_damaged_journal_is_named_with_its_line_and_kept(void **state)
{
	static const char *const bad[] = {
		"not a journal",
		HEAD "what is this",
		HEAD "do x assign pf=1",
		HEAD "do 0 unknown-kind pf=0000:05:00.0",
		HEAD "do 0 assign pf=05:00",
		HEAD "do 0 assign nonsense",
		HEAD DO " vf=70000",
		HEAD DO " domain=%zz",
	};
	struct fake_site *s = *state;
	struct journal_found f;

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		s->e = (struct err){ 0 };
		write_file(s, bad[i]);
		assert_int_equal(journal_find(s->en.host, &f, &s->e), -EPROTO);
		assert_non_null(strstr(s->e.cause, "line "));
		assert_non_null(strstr(s->e.fix, "vfyard list"));
		assert_true(root_exists(&s->root.host.root, FILE_NAME));
	}
}

static void a_journal_of_another_boot_is_told_apart(void **state)
{
	struct trial t;
	struct journal_found f;

	fake_root_add(&((struct fake_site *)*state)->root,
		      "proc/sys/kernel/random/boot_id=11111111-2222");
	open_trial(&t, state);
	begin(&t, 0, 1);
	f = killed(&t);
	assert_false(f.is_other_boot);
	journal_found_done(&f);
	fake_root_add(&t.s->root, "proc/sys/kernel/random/boot_id=99999999-2222");
	f = killed(&t);
	assert_true(f.is_other_boot);
	journal_found_done(&f);
	journal_end(t.j, 0);
	close_trial(&t);
}

static void a_run_directory_that_is_a_file_is_an_error_with_a_fix(void **state)
{
	struct fake_site *s = *state;
	struct journal *j = NULL;

	fake_root_add(&s->root, "run/vfyard=a file");
	assert_true(journal_open(&j, s->en.host, "vfyard apply", &s->e) < 0);
	assert_null(j);
	assert_true(s->e.fix[0]);
}

#define T(f) cmocka_unit_test_setup_teardown(f, fake_site_setup, fake_site_teardown)

static const struct CMUnitTest tests[] = {
	T(no_journal_is_nothing_to_recover),
	T(a_step_that_began_is_found_with_what_it_was),
	T(a_step_that_ended_is_not_found_once_the_next_begins),
	T(steps_that_run_at_once_are_all_found),
	T(an_undoing_is_found_as_one),
	T(a_journal_that_was_closed_is_gone),
	T(a_step_that_never_ended_keeps_the_journal),
	T(names_with_spaces_come_back_whole),
	T(a_pf_is_found_with_its_numbers),
	T(a_last_line_without_its_end_is_passed_over),
	T(an_empty_journal_has_nothing_to_settle),
	T(a_damaged_journal_is_named_with_its_line_and_kept),
	T(a_journal_of_another_boot_is_told_apart),
	T(a_run_directory_that_is_a_file_is_an_error_with_a_fix),
};

TEST_MAIN(tests)
