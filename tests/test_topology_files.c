// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * tests/topologies: good files have no errors, and what is said about each bad one is its golden
 * file (NAME.err). After a change: UPDATE_GOLDEN=1 build/tests/test_topology_files, and read the
 * difference. And what the host that a file is for decides.
 */
#include "test.h"

#include <dirent.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "topology/build/load.h"
#include "topology/ports.h"
#include "fake_root.h"

#define DIRECTORY "tests/topologies"

/* Reads the whole file; the caller frees *ret. */
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

/* Returns what the reader says about a file, under its short name. */
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

/* Calls @fn for every topology in a directory. Returns how many there are. */
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

/* What web1 and db1 of the file are as machines, on a host with this CPU. */
static void assert_machines(const char *cpu, const char *web1, const char *db1)
{
	const char *const lines[] = {
		"etc/vfyard/topology.cfg=version = 1\\npf = [ \"n: bdf=05:00.0, numvfs=2\" ]\\n"
		"domain = [ [ \"web1\", \"n/0\" ], [ \"db1\", \"kvm: machine=q35\", \"n/1\" ] ]",
		cpu, NULL
	};
	struct ports_request q;
	struct problems problems = { 0 };
	struct fake_root root;
	struct topology *t;

	fake_root_init(&root, lines);
	assert_int_equal(topology_load_below(&t, "topology.cfg", &root.host, &problems, NULL), 0);
	assert_int_equal(ports_request_of(&t->domains[0], 1, &q, NULL), 0);
	assert_string_equal(q.machine->name, web1);
	assert_int_equal(ports_request_of(&t->domains[1], 1, &q, NULL), 0);
	assert_string_equal(q.machine->name, db1);
	topology_free(t);
	problems_done(&problems);
	fake_root_done(&root);
}

static void the_default_machine_is_one_that_the_host_runs(void **state UNUSED)
{
	assert_machines("proc/cpuinfo=vendor_id\t: GenuineIntel", "q35", "q35");
	assert_machines("proc/cpuinfo=CPU implementer\t: 0x41", "virt", "q35");
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(good_files_have_no_errors),
	cmocka_unit_test(bad_files_are_answered_with_the_sentences_of_their_golden_files),
	cmocka_unit_test(the_default_machine_is_one_that_the_host_runs),
};

TEST_MAIN(tests)
