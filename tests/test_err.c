// SPDX-License-Identifier: GPL-2.0-or-later
#include "test.h"

#include <string.h>

#include "base/err.h"
#include "base/log.h"

static const char *sentence(const struct err *e)
{
	static char line[2048];

	return err_format(e, line, sizeof(line));
}

static void sentence_has_object_step_cause_and_fix(void **state UNUSED)
{
	struct err e = { 0 };

	assert_int_equal(err_set(&e, EBUSY, "held by %s", "web1"), -EBUSY);
	err_fix(&e, 0, "run: vfyard pci-detach web1");
	err_at(&e, 0, "net0/3 (0000:05:10.6)", "bind");
	assert_string_equal(sentence(&e), "net0/3 (0000:05:10.6): bind: held by web1; "
					  "run: vfyard pci-detach web1");
}

static void empty_parts_leave_no_punctuation(void **state UNUSED)
{
	struct err e = { 0 };

	err_set(&e, EIO, "it broke");
	assert_string_equal(sentence(&e), "it broke");
	err_at(&e, 0, NULL, "read");
	assert_string_equal(sentence(&e), "read: it broke");
}

static void whatever_a_file_holds_the_sentence_is_one_line(void **state UNUSED)
{
	struct err e = { 0 };

	err_set(&e, EIO, "a\nb\tc\x1b[31m\x7f!\n");
	err_fix(&e, 0, "do\r\nthis\n\n");
	assert_string_equal(sentence(&e), "a b c?[31m?!; do  this");
}

static void long_texts_are_cut(void **state UNUSED)
{
	struct err e = { 0 };
	char longer[4096];

	memset(longer, 'x', sizeof(longer) - 1);
	longer[sizeof(longer) - 1] = '\0';
	err_set(&e, EIO, "%s", longer);
	err_fix(&e, 0, "%s", longer);
	err_at(&e, 0, longer, longer);
	assert_int_equal(strlen(e.cause), sizeof(e.cause) - 1);
	assert_int_equal(strlen(e.fix), sizeof(e.fix) - 1);
	assert_int_equal(strlen(e.object), sizeof(e.object) - 1);
	assert_int_equal(strlen(e.step), sizeof(e.step) - 1);
}

static void the_deepest_level_names_object_step_and_fix(void **state UNUSED)
{
	struct err e = { 0 };

	err_set(&e, EIO, "cause");
	err_at(&e, 0, "inner", "inner step");
	err_fix(&e, 0, "inner fix");
	assert_int_equal(err_at(&e, -EIO, "outer", "outer step"), -EIO);
	assert_int_equal(err_fix(&e, -EIO, "outer fix"), -EIO);
	assert_string_equal(sentence(&e), "inner: inner step: cause; inner fix");
}

static void a_new_failure_forgets_the_old_one(void **state UNUSED)
{
	struct err e = { 0 };

	err_refuse(&e, EBUSY, "old");
	err_fix(&e, 0, "old fix");
	err_at(&e, 0, "old object", "old step");
	err_set(&e, EIO, "new");
	assert_string_equal(sentence(&e), "new");
	assert_int_equal(e.code, EIO);
	assert_int_equal(e.status, EXIT_FAILED);
}

static void each_kind_of_failure_has_its_exit_status(void **state UNUSED)
{
	struct err e = { 0 };

	err_set(&e, EIO, "x");
	assert_int_equal(e.status, EXIT_FAILED);
	assert_int_equal(err_usage(&e, "x"), -EINVAL);
	assert_int_equal(e.status, EXIT_USAGE);
	assert_int_equal(err_refuse(&e, EBUSY, "x"), -EBUSY);
	assert_int_equal(e.status, EXIT_REFUSED);
	assert_int_equal(err_status(&e, -EBUSY, EXIT_LEFT), -EBUSY);
	assert_int_equal(e.status, EXIT_LEFT);
}

static void nobody_needs_to_want_the_error(void **state UNUSED)
{
	assert_int_equal(err_set(NULL, EIO, "x"), -EIO);
	assert_int_equal(err_usage(NULL, "x"), -EINVAL);
	assert_int_equal(err_refuse(NULL, EBUSY, "x"), -EBUSY);
	assert_int_equal(err_fix(NULL, -1, "x"), -1);
	assert_int_equal(err_at(NULL, -1, "x", "y"), -1);
	assert_int_equal(err_status(NULL, -1, EXIT_LEFT), -1);
}

static void printed_sentence_starts_with_the_program_and_ends_the_line(void **state UNUSED)
{
	_cleanup_free_ char *text = NULL;
	struct err e = { 0 };
	size_t size;
	FILE *to = open_memstream(&text, &size);

	err_set(&e, EIO, "two\nlines");
	err_print(&e, to);
	fclose(to);
	assert_string_equal(text, "vfyard: two lines\n");
}

static void log_shows_what_its_level_allows(void **state UNUSED)
{
	_cleanup_free_ char *text = NULL;
	size_t size;
	struct log log = { .level = LOG_NOTE, .to = open_memstream(&text, &size) };

	log_note(&log, "note %d", 1);
	log_info(&log, "info");
	log.level = LOG_DEBUG;
	log_debug(&log, "debug");
	log.level = LOG_QUIET;
	log_note(&log, "unheard");
	log_note(NULL, "to nobody");
	fclose(log.to);
	assert_string_equal(text, "vfyard: note 1\nvfyard: debug\n");
}

static void keep_line(void *arg, enum log_level level, const char *line)
{
	FILE *to = arg;

	fprintf(to, "%d <%s>", level, line);
}

static void a_callback_gets_the_line_and_its_level(void **state UNUSED)
{
	_cleanup_free_ char *text = NULL;
	size_t size;
	FILE *to = open_memstream(&text, &size);
	struct log log = { .level = LOG_INFO, .say = keep_line, .arg = to };

	log_note(&log, "note\n%d", 1);
	log_debug(&log, "unheard");
	log_info(&log, "\033[2J");
	assert_true(log_shows(&log, LOG_INFO));
	assert_false(log_shows(&log, LOG_DEBUG));
	assert_false(log_shows(&(struct log){ .level = LOG_DEBUG }, LOG_NOTE));
	fclose(to);
	assert_string_equal(text, "0 <note 1>1 <?[2J>");
}

static void what_is_added_later_stays_on_the_line_and_in_its_place(void **state UNUSED)
{
	struct err e = { 0 }, other = { 0 };
	char line[sizeof(struct err)];

	err_fix(&e, err_set(&e, EIO, "first"), "run: a");
	err_append(&e, ", and\n%s", "second");
	assert_int_equal(err_left(&e, -EIO, "%d of 3", 2), -EIO);
	err_refix(&e, "run: b");
	err_at(&e, 0, "net0", "one");
	err_step(&e, "note: %s", "two");
	assert_string_equal(err_format(&e, line, sizeof(line)),
			    "net0: note: two: first, and second; left: 2 of 3; run: b");
	assert_int_equal(e.status, EXIT_LEFT);
	assert_int_equal(err_copy(&other, &e), -EIO);
	assert_string_equal(other.cause, e.cause);
	other = (struct err){ 0 };
	err_left(&other, 0, "all");
	assert_string_equal(other.cause, "left: all");
}

static void a_cause_that_is_full_takes_no_more(void **state UNUSED)
{
	struct err e = { 0 };

	for (unsigned i = 0; i < 200; i++)
		err_append(&e, "word%u ", i);
	assert_int_equal(strlen(e.cause), sizeof(e.cause) - 1);
}

static void nobody_needs_the_sentence(void **state UNUSED)
{
	struct err e = { .code = EBUSY };

	err_refix(NULL, "x");
	err_append(NULL, "x");
	err_step(NULL, "x");
	assert_int_equal(err_left(NULL, -EIO, "x"), -EIO);
	assert_int_equal(err_copy(NULL, &e), -EBUSY);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(sentence_has_object_step_cause_and_fix),
	cmocka_unit_test(empty_parts_leave_no_punctuation),
	cmocka_unit_test(whatever_a_file_holds_the_sentence_is_one_line),
	cmocka_unit_test(long_texts_are_cut),
	cmocka_unit_test(the_deepest_level_names_object_step_and_fix),
	cmocka_unit_test(a_new_failure_forgets_the_old_one),
	cmocka_unit_test(each_kind_of_failure_has_its_exit_status),
	cmocka_unit_test(nobody_needs_to_want_the_error),
	cmocka_unit_test(printed_sentence_starts_with_the_program_and_ends_the_line),
	cmocka_unit_test(log_shows_what_its_level_allows),
	cmocka_unit_test(a_callback_gets_the_line_and_its_level),
	cmocka_unit_test(what_is_added_later_stays_on_the_line_and_in_its_place),
	cmocka_unit_test(a_cause_that_is_full_takes_no_more),
	cmocka_unit_test(nobody_needs_the_sentence),
};

TEST_MAIN(tests)
