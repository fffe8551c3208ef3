// SPDX-License-Identifier: GPL-2.0-or-later
/* How the bytes of a topology reach the reader: files, pipes, junk. */
#include "test.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "topology/build/load.h"

#define LEAST "{\"version\": 1}"

struct env {
	char dir[64];
	char path[80];
};

static int setup(void **state)
{
	struct env *t = calloc(1, sizeof(*t));

	assert_non_null(t);
	snprintf(t->dir, sizeof(t->dir), "/tmp/vfyard-topology-XXXXXX");
	assert_non_null(mkdtemp(t->dir));
	snprintf(t->path, sizeof(t->path), "%s/t.cfg", t->dir);
	*state = t;
	return 0;
}

static int teardown(void **state)
{
	struct env *t = *state;

	unlink(t->path);
	assert_int_equal(rmdir(t->dir), 0);
	free(t);
	return 0;
}

static void write_file(const struct env *t, const void *bytes, size_t len)
{
	_cleanup_file_ FILE *f = fopen(t->path, "we");

	assert_non_null(f);
	assert_int_equal(fwrite(bytes, 1, len, f), len);
}

/* Asserts that loading @path fails with one problem with this cause, which is in the error, too,
 * when the file could not be read. */
static void assert_refused(const char *path, const char *cause, const char *fix, bool unread)
{
	struct problems problems = { 0 };
	struct err e = { 0 };
	struct topology *t = NULL;

	assert_int_equal(topology_load(&t, path, &problems, &e), -EINVAL);
	assert_null(t);
	assert_int_equal(problems.n, 1);
	assert_string_equal(problems.v[0].err.object, path);
	assert_string_equal(problems.v[0].err.cause, cause);
	assert_string_equal(problems.v[0].err.fix, fix);
	assert_int_equal(problems.v[0].err.status, EXIT_USAGE);
	assert_string_equal(e.cause, unread ? cause : "");
	problems_done(&problems);
}

static void assert_loads(const char *path)
{
	struct problems problems = { 0 };
	struct topology *t = NULL;

	assert_int_equal(topology_load(&t, path, &problems, NULL), 0);
	assert_int_equal(problems.n, 0);
	assert_string_equal(t->file, path);
	topology_free(t);
	problems_done(&problems);
}

/* Asserts the first sentence about a text, "" when there is none. */
static void assert_said(const char *text, size_t len, const char *want)
{
	struct problems problems = { 0 };
	char said[1200] = "";
	struct topology *t = NULL;

	topology_parse(&t, text, len, "t", &problems, NULL);
	if (problems.n)
		err_format(&problems.v[0].err, said, sizeof(said));
	assert_string_equal(said, want);
	topology_free(t);
	problems_done(&problems);
}

static void assert_text_said(const char *text, const char *want)
{
	assert_said(text, strlen(text), want);
}

static void a_missing_file_is_said(void **state)
{
	struct env *t = *state;

	assert_refused(t->path, "No such file or directory",
		       "write it, or name another file with -C FILE", true);
}

static void a_directory_is_said(void **state)
{
	struct env *t = *state;

	assert_refused(t->dir, "is a directory, not a topology file", "name a file in it", true);
}

static void a_device_is_said(void **state UNUSED)
{
	assert_refused("/dev/zero", "is a device, not a topology file", "name a file or a pipe",
		       true);
}

/* Its writer may never come, so nobody waits for it. */
static void a_fifo_is_said(void **state)
{
	struct env *t = *state;

	unlink(t->path);
	assert_int_equal(mkfifo(t->path, 0600), 0);
	assert_refused(t->path, "is a FIFO, not a topology file", "name a file or a pipe", true);
}

static void a_file_that_may_not_be_read_is_said(void **state)
{
	struct env *t = *state;

	write_file(t, LEAST, strlen(LEAST));
	assert_int_equal(chmod(t->path, 0), 0);
	assert_int_equal(chmod(t->dir, 0755), 0);
	/* root reads everything */
	if (getuid() == 0)
		assert_int_equal(seteuid(65534), 0);
	assert_refused(t->path, "Permission denied", "run as root, or make the file readable",
		       true);
	if (getuid() == 0)
		assert_int_equal(seteuid(0), 0);
}

static void an_empty_file_is_said(void **state)
{
	struct env *t = *state;

	write_file(t, "", 0);
	assert_refused(t->path, "the file is empty", "begin it with: version = 1", false);
}

static void a_file_of_ten_megabytes_is_said(void **state)
{
	struct env *t = *state;
	_cleanup_free_ char *big = malloc(10000000);

	assert_non_null(big);
	memset(big, '\n', 10000000);
	write_file(t, big, 10000000);
	assert_refused(t->path, "is larger than 8 MiB", "describe VFs by ranges such as net0/0-63",
		       true);
}

static void a_pipe_is_read_to_its_end(void **state UNUSED)
{
	char path[32];
	int fds[2];

	assert_int_equal(pipe2(fds, O_CLOEXEC), 0);
	assert_int_equal(write(fds[1], LEAST, 5), 5);
	assert_int_equal(write(fds[1], &LEAST[5], strlen(LEAST) - 5), strlen(LEAST) - 5);
	close(fds[1]);
	snprintf(path, sizeof(path), "/dev/fd/%d", fds[0]);
	assert_loads(path);
	close(fds[0]);
}

static void a_file_is_read_from_where_the_user_is(void **state)
{
	struct env *t = *state;
	_cleanup_free_ char *here = getcwd(NULL, 0);

	write_file(t, LEAST, strlen(LEAST));
	assert_non_null(here);
	assert_int_equal(chdir(t->dir), 0);
	assert_loads("t.cfg");
	assert_int_equal(chdir(here), 0);
}

static void junk_is_said_at_its_first_byte(void **state UNUSED)
{
	static const struct {
		const char *bytes;
		size_t len;
		const char *said;
	} junk[] = {
		{ "\0", 1, "t:1:1: byte 0x00 is not text; save the topology as UTF-8 text" },
		{ "{\"version\"\0: 1}", 15,
		  "t:1:11: byte 0x00 is not text; save the topology as UTF-8 text" },
		{ "\x7f"
		  "ELF",
		  4, "t:1:1: byte 0x7f is not text; save the topology as UTF-8 text" },
		{ "{\n\x1b[31m", 7,
		  "t:2:1: byte 0x1b is not text; save the topology as UTF-8 text" },
		{ "{\"\xc3\xa4\xc3", 5,
		  "t:1:4: byte 0xc3 is not text; save the topology as UTF-8 text" },
		{ "# \xc0\xaf", 4,
		  "t:1:3: byte 0xc0 is not text; save the topology as UTF-8 text" },
		{ "# \xed\xa0\x80", 5,
		  "t:1:3: byte 0xed is not text; save the topology as UTF-8 text" },
		{ "# \xf4\x90\x80\x80", 6,
		  "t:1:3: byte 0xf4 is not text; save the topology as UTF-8 text" },
		{ "\xff\xfe{\0", 4,
		  "t:1:1: byte 0xff is not text; save the topology as UTF-8 text" },
		{ "{}\r{}", 5, "t:1:3: byte 0x0d is not text; save the topology as UTF-8 text" },
		{ "", 0, "t: the file is empty; begin it with: version = 1" },
		{ "\xef\xbb\xbf", 3, "t: the file is empty; begin it with: version = 1" },
		{ "\r\n \t\r\n", 6, "t: the file is empty; begin it with: version = 1" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(junk); i++)
		assert_said(junk[i].bytes, junk[i].len, junk[i].said);
}

static void line_ends_of_another_system_do_not_matter(void **state UNUSED)
{
	assert_text_said("{\r\n\"version\": 1\r\n}\r\n", "");
	assert_text_said("version = 1\r\npf = [\r\n]\r\n", "");
}

static void a_byte_order_mark_does_not_matter(void **state UNUSED)
{
	assert_text_said("\xef\xbb\xbf{\"version\": 1}", "");
	assert_text_said("\xef\xbb\xbfversion = 1\n", "");
}

static void characters_of_any_language_are_text(void **state UNUSED)
{
	static const char text[] =
		"{\"version\": 1, \"\xe2\x82\xac\xf0\x9f\x90\xa7\": 1, \"x\": 2}";

	assert_text_said(
		text,
		"t:1:17: unknown key '\xe2\x82\xac\xf0\x9f\x90\xa7', allowed are version, "
		"hypervisor, on_error, pf, dev, vf, domain; write one of these, or remove it");
}

/* libxlutil refuses such a comment. */
static void a_comment_may_end_the_file_without_a_newline(void **state UNUSED)
{
	assert_text_said("version = 1 # the end", "");
	assert_text_said("version = 1", "");
}

static void json_may_begin_after_blanks(void **state UNUSED)
{
	assert_text_said(" \n\t{\"version\": 1}", "");
}

static void a_file_of_errors_ends_with_a_count(void **state UNUSED)
{
	_cleanup_free_ char *text = NULL;
	struct problems problems = { 0 };
	struct topology *t = NULL;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	assert_non_null(f);
	fputs("{\"version\": 1", f);
	for (unsigned i = 0; i < 50000; i++)
		fprintf(f, ",\n\"k%u\": %u", i, i);
	fputs("}", f);
	fclose(f);
	assert_int_equal(topology_parse(&t, text, size, "t", &problems, NULL), -EINVAL);
	assert_int_equal(problems.n, 101);
	assert_string_equal(problems.v[0].err.cause,
			    "the file has 50000 errors, and the first 100 are shown");
	assert_int_equal(problems.v[1].loc.line, 2);
	assert_int_equal(problems.v[100].loc.line, 101);
	problems_done(&problems);
}

static void thousands_of_keys_are_refused_before_they_cost_anything(void **state UNUSED)
{
	_cleanup_free_ char *text = NULL;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	assert_non_null(f);
	for (unsigned i = 0; i < 500000; i++)
		fprintf(f, "k%u=1\n", i);
	fclose(f);
	assert_text_said(text, "t:258:1: the file has more than 256 keys");
}

static void deep_nesting_is_an_error_and_not_a_crash(void **state UNUSED)
{
	_cleanup_free_ char *text = malloc(100001);

	assert_non_null(text);
	memset(text, '[', 100000);
	text[100000] = '\0';
	memcpy(text, "{\"a\":", 5);
	assert_said(text, 100000, "t:1:2053: not JSON: maximum parsing depth reached near '['");
	memcpy(text, "pf = ", 5);
	assert_text_said(text, "t:1:10: lists are nested more than 4 levels deep");
}

static void of_a_long_path_the_end_is_said_and_the_place(void **state UNUSED)
{
	struct problems problems = { 0 };
	struct topology *t = NULL;
	char path[400];

	memset(path, 'x', sizeof(path));
	memcpy(path + 300, "/etc/t.cfg", sizeof("/etc/t.cfg"));
	assert_int_equal(topology_parse(&t, "{\"a\": 1}", 8, path, &problems, NULL), -EINVAL);
	assert_string_equal(problems.v[1].err.object, "etc/t.cfg:1:3");
	memset(path, 'x', sizeof(path) - 1);
	path[sizeof(path) - 1] = '\0';
	assert_int_equal(topology_parse(&t, "{\"a\": 1}", 8, path, &problems, NULL), -EINVAL);
	assert_string_equal(problems.v[1].err.object + 90, "xxxxxx:1:3");
	problems_done(&problems);
}

static void problems_of_an_earlier_file_are_forgotten(void **state UNUSED)
{
	struct problems problems = { 0 };
	struct topology *t = NULL;

	assert_int_equal(topology_parse(&t, "{}", 2, "a", &problems, NULL), -EINVAL);
	assert_int_equal(problems.n_errors, 1);
	assert_int_equal(topology_parse(&t, LEAST, strlen(LEAST), "b", &problems, NULL), 0);
	assert_int_equal(problems.n_errors, 0);
	assert_string_equal(problems.file, "b");
	topology_free(t);
	problems_done(&problems);
}

static const struct CMUnitTest tests[] = {
#define WITH_FILE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
	WITH_FILE(a_missing_file_is_said),
	WITH_FILE(a_directory_is_said),
	cmocka_unit_test(a_device_is_said),
	WITH_FILE(a_fifo_is_said),
	WITH_FILE(a_file_that_may_not_be_read_is_said),
	WITH_FILE(an_empty_file_is_said),
	WITH_FILE(a_file_of_ten_megabytes_is_said),
	cmocka_unit_test(a_pipe_is_read_to_its_end),
	WITH_FILE(a_file_is_read_from_where_the_user_is),
	cmocka_unit_test(junk_is_said_at_its_first_byte),
	cmocka_unit_test(line_ends_of_another_system_do_not_matter),
	cmocka_unit_test(a_byte_order_mark_does_not_matter),
	cmocka_unit_test(characters_of_any_language_are_text),
	cmocka_unit_test(a_comment_may_end_the_file_without_a_newline),
	cmocka_unit_test(json_may_begin_after_blanks),
	cmocka_unit_test(a_file_of_errors_ends_with_a_count),
	cmocka_unit_test(thousands_of_keys_are_refused_before_they_cost_anything),
	cmocka_unit_test(deep_nesting_is_an_error_and_not_a_crash),
	cmocka_unit_test(of_a_long_path_the_end_is_said_and_the_place),
	cmocka_unit_test(problems_of_an_earlier_file_are_forgotten),
};

TEST_MAIN(tests)
