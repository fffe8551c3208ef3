// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * tests/topologies: good files have no errors, and what is said about each bad one is its golden
 * file (NAME.err). After a change: UPDATE_GOLDEN=1 build/tests/test_topology_files, and read the
 * difference.
 */
#include "test.h"

#include <dirent.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "topology/build/load.h"

#define DIRECTORY "tests/topologies"

/* The whole file, *ret is free()d by the caller. */
static size_t slurp(const char *path, char **ret)
{
	_cleanup_file_ FILE *f = fopen(path, "re");
	size_t size = 0;
	FILE *to = open_memstream(ret, &size);
	int c;

	assert_non_null(to);
	while (f && (c = fgetc(f)) != EOF)
		fputc(c, to);
	fclose(to);
	return size;
}

/* What the reader says about a file, under its short name. */
static char *said_about(const char *path, bool *ret_good)
{
	_cleanup_free_ char *text = NULL;
	struct problems problems = { 0 };
	struct topology *t = NULL;
	char *said = NULL;
	size_t len = slurp(path, &text), size;
	FILE *to = open_memstream(&said, &size);

	*ret_good = topology_parse(&t, text, len, strrchr(path, '/') + 1, &problems, NULL) == 0;
	assert_non_null(to);
	problems_print(&problems, to);
	fclose(to);
	assert_int_equal(*ret_good, t != NULL);
	assert_int_equal(*ret_good, problems.n_errors == 0);
	topology_free(t);
	problems_done(&problems);
	return said;
}

static bool ends_with(const char *s, const char *end)
{
	size_t n = strlen(s), m = strlen(end);

	return n > m && !strcmp(s + n - m, end);
}

/* Calls @fn for every topology in a directory; their number. */
static unsigned each_file(const char *dir, void (*fn)(const char *path))
{
	_cleanup_dir_ DIR *d = opendir(dir);
	struct dirent *entry;
	unsigned n = 0;

	assert_non_null(d);
	while ((entry = readdir(d))) {
		char path[512];

		if (!ends_with(entry->d_name, ".json") && !ends_with(entry->d_name, ".cfg"))
			continue;
		snprintf(path, sizeof(path), "%s/%s", dir, entry->d_name);
		fn(path);
		n++;
	}
	return n;
}

static void assert_good(const char *path)
{
	bool good;
	_cleanup_free_ char *said = said_about(path, &good);

	if (!good)
		fail_msg("%s: %s", path, said);
	assert_string_equal(said, "");
}

static void assert_golden(const char *path)
{
	_cleanup_free_ char *golden = NULL;
	char golden_path[600];
	bool good;
	_cleanup_free_ char *said = said_about(path, &good);

	if (good)
		fail_msg("%s: has no errors", path);
	snprintf(golden_path, sizeof(golden_path), "%s.err", path);
	if (getenv("UPDATE_GOLDEN")) {
		_cleanup_file_ FILE *f = fopen(golden_path, "we");

		assert_non_null(f);
		fputs(said, f);
	}
	slurp(golden_path, &golden);
	assert_string_equal(said, golden);
}

static void good_files_have_no_errors(void **state UNUSED)
{
	assert_in_range(each_file(DIRECTORY "/good", assert_good), 2, 1000);
}

static void bad_files_are_answered_with_the_sentences_of_their_golden_files(void **state UNUSED)
{
	assert_in_range(each_file(DIRECTORY "/bad", assert_golden), 5, 1000);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(good_files_have_no_errors),
	cmocka_unit_test(bad_files_are_answered_with_the_sentences_of_their_golden_files),
};

TEST_MAIN(tests)
