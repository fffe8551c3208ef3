// SPDX-License-Identifier: GPL-2.0-or-later
/* Text from outside on its way to a terminal, a log and a JSON document. */
#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/log.h"
#include "base/text.h"
#include "report/json_text.h"

static char *printed(void (*fn)(FILE *out, const char *s), const char *s)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	fn(out, s);
	assert_int_equal(fclose(out), 0);
	return text;
}

static void as_cell(FILE *out, const char *s)
{
	assert_int_equal(text_put(out, s), text_width(s));
}

static void as_line(FILE *out, const char *s)
{
	text_line(out, "<%s>", s);
}

static void as_note(FILE *out, const char *s)
{
	const struct log log = { .to = out };

	log_note(&log, "%s", s);
}

static void as_error(FILE *out, const char *s)
{
	struct err e = { 0 };

	err_set(&e, EIO, "%s", s);
	err_at(&e, 0, s, s);
	err_fix(&e, 0, "%s", s);
	err_print(&e, out);
}

static const struct {
	const char *raw, *cell, *sentence;
} some[] = {
	{ "plain", "plain", "plain" },
	{ "caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80", "caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80",
	  "caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80" },
	{ "w\x1b]0;pwned\a\x7fx", "w?]0;pwned??x", "w?]0;pwned??x" },
	{ "a\nb\tc\rd", "a?b?c?d", "a b c d" },
	/* U+0080, U+009B and U+009F are controls, U+00A0 is none */
	{ "a\xc2\x80z\xc2\x9b"
	  "2J\xc2\x9f\xc2\xa0.",
	  "a?z?2J?\xc2\xa0.", "a?z?2J?\xc2\xa0." },
	/* alone, too short, overlong, a surrogate, too large */
	{ "a\xffz\x9b.\xe2\x82", "a?z?.??", "a?z?.??" },
	{ "\xc0\xaf\xed\xa0\x80\xf4\x90\x80\x80", "?????????", "?????????" },
};

static void a_terminal_is_sent_no_control_sequence(void **state UNUSED)
{
	for (size_t i = 0; i < ARRAY_SIZE(some); i++) {
		_cleanup_free_ char *cell = printed(as_cell, some[i].raw);
		_cleanup_free_ char *line = printed(as_line, some[i].raw);
		_cleanup_free_ char *note = printed(as_note, some[i].raw);
		_cleanup_free_ char *error = printed(as_error, some[i].raw);
		const char *s = some[i].sentence;
		char want[512];

		assert_string_equal(cell, some[i].cell);
		snprintf(want, sizeof(want), "<%s>\n", s);
		assert_string_equal(line, want);
		snprintf(want, sizeof(want), "vfyard: %s\n", s);
		assert_string_equal(note, want);
		snprintf(want, sizeof(want), "vfyard: %s: %s: %s; %s\n", s, s, s, s);
		assert_string_equal(error, want);
	}
}

static void cells_are_as_wide_as_their_column(void **state UNUSED)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	text_cell(out, 5, "a\xc2\x9b");
	text_cell(out, 2, "long");
	assert_int_equal(fclose(out), 0);
	assert_string_equal(text, "a?   long");
	free(text);
}

static void texts_are_cut_between_characters(void **state UNUSED)
{
	static const char *const of[] = { "\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x98\x80", "x" };

	for (size_t i = 0; i < ARRAY_SIZE(of); i++)
		for (size_t first = 0; first < 4; first++) {
			char raw[4096] = "abc";
			struct err e = { 0 };
			size_t n;

			raw[first] = '\0';
			while (strlen(raw) < 4000)
				strcat(raw, of[i]);
			err_set(&e, EIO, "%s", raw);
			err_at(&e, 0, raw, raw);
			err_fix(&e, 0, "%s", raw);
			n = strlen(e.cause);
			assert_true(n < sizeof(e.cause) && n + strlen(of[i]) >= sizeof(e.cause));
			assert_memory_equal(e.cause, raw, n);
			assert_null(strchr(e.cause, '?'));
			assert_null(strchr(e.object, '?'));
			assert_null(strchr(e.step, '?'));
			assert_null(strchr(e.fix, '?'));
		}
	/* what is not a character is not taken for half of one */
	assert_int_equal(text_cut("ab\x80\x80\x80\x80", 5), 5);
	assert_int_equal(text_cut("\xc3\xa9\xc3\xa9", 3), 2);
	assert_int_equal(text_cut("\xc3\xa9", 9), 2);
	assert_int_equal(text_cut("abc", 0), 0);
}

static void lines_of_any_length_are_whole(void **state UNUSED)
{
	char raw[5000];
	_cleanup_free_ char *line = NULL;

	memset(raw, 'y', sizeof(raw) - 1);
	raw[sizeof(raw) - 1] = '\0';
	raw[4000] = '\x1b';
	line = printed(as_line, raw);
	assert_int_equal(strlen(line), sizeof(raw) - 1 + 3);
	assert_int_equal(line[4001], '?');
}

static void every_text_is_a_json_string(void **state UNUSED)
{
	static const struct {
		const char *raw, *is;
	} of[] = {
		{ "", "" },
		{ "w\xffx", "w\xef\xbf\xbdx" },
		{ "caf\xc3", "caf\xef\xbf\xbd" },
		{ "a\xc2\x9b"
		  "2J",
		  "a\xef\xbf\xbd"
		  "2J" },
		{ "a\x1b\n\xc3\xa9", "a\x1b\n\xc3\xa9" },
		{ "\xed\xa0\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(of); i++) {
		json_t *v = json_text(of[i].raw);

		assert_non_null(v);
		assert_string_equal(json_string_value(v), of[i].is);
		json_decref(v);
	}
	assert_true(json_is_null(json_text(NULL)));
	assert_true(json_is_null(json_text_or_null("")));
}

/* Whatever two, three and four bytes are, both agree on what is text. */
static void jansson_takes_what_is_left(void **state UNUSED)
{
	static const unsigned char edge[] = { 0x01, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf,
					      0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xec, 0xed,
					      0xee, 0xef, 0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xff };
	size_t n = ARRAY_SIZE(edge);

	for (size_t i = 0; i < n * n * n * n; i++) {
		const char raw[] = { (char)edge[i % n], (char)edge[i / n % n],
				     (char)edge[i / n / n % n], (char)edge[i / n / n / n], '\0' };
		json_t *v = json_text(raw);

		assert_non_null(v);
		json_decref(v);
		v = json_string(raw);
		for (const char *s = raw; v && *s; s += text_char(s, 4))
			assert_true(text_char(s, 4));
		json_decref(v);
	}
}

#define T(name) cmocka_unit_test(name)
static const struct CMUnitTest tests[] = {
	T(a_terminal_is_sent_no_control_sequence),
	T(cells_are_as_wide_as_their_column),
	T(texts_are_cut_between_characters),
	T(lines_of_any_length_are_whole),
	T(every_text_is_a_json_string),
	T(jansson_takes_what_is_left),
};

TEST_MAIN(tests)
