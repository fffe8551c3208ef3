// SPDX-License-Identifier: GPL-2.0-or-later
/* The file of the memory: who may read it, and what becomes of one that is damaged. */
#include "test.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fake_memory.h"

static int truncate_file(struct fake_memory *t, off_t size)
{
	char path[160];

	snprintf(path, sizeof(path), "%s/%s", t->root.dir, MEMORY_FILE);
	return truncate(path, size);
}

static void directory_is_for_root_only(void **state)
{
	struct fake_memory *t = *state;
	struct vf_saved o = fake_memory_vf(0, "igbvf", "");
	struct stat st;

	fake_memory_reopen(t);
	state_put(t->saved, &o, NULL);
	assert_int_equal(state_commit(t->saved, &t->e), 0);
	assert_int_equal(fstatat(t->host->root.fd, "var/lib/vfyard", &st, 0), 0);
	assert_int_equal(st.st_mode & 0777, 0700);
	assert_int_equal(fstatat(t->host->root.fd, MEMORY_FILE, &st, 0), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_false(root_exists(&t->host->root, MEMORY_FILE ".new"));
}

#define PF_ENTRY(more)                                                                             \
	"{\"version\":1,\"vfs\":[],\"pfs\":[{\"pf\":\"0000:05:00.0\",\"vendor\":\"8086\","         \
	"\"device\":\"10c9\"" more "}]}"
#define VF_ENTRY(attributes)                                                                       \
	"{\"version\":1,\"vfs\":[{\"pf\":\"0000:05:00.0\",\"index\":0,\"bdf\":\"0000:05:10.0\","   \
	"\"vendor\":\"8086\",\"device\":\"10ca\",\"driver\":null,\"attributes\":" attributes "}]}"

static void damaged_pfs_and_attributes_are_named(void **state)
{
	struct fake_memory *t = *state;

	fake_memory_refused(t, PF_ENTRY(""), "member 'numvfs' of a PF");
	fake_memory_refused(t, PF_ENTRY(",\"numvfs\":1,\"autoprobe\":3"), "member 'autoprobe'");
	fake_memory_refused(t, "{\"version\":1,\"vfs\":[],\"pfs\":3}",
			    "member 'pfs' is not a list");
	fake_memory_refused(t, VF_ENTRY("3"), "member 'attributes'");
	fake_memory_refused(t, VF_ENTRY("{\"mac\":\"02:00\"}"), "member 'mac'");
	fake_memory_refused(t, VF_ENTRY("{\"vlan\":70000}"), "member 'vlan'");
	fake_memory_refused(t, VF_ENTRY("{\"link\":\"up\"}"), "member 'link'");
	fake_memory_refused(t, VF_ENTRY("{\"trust\":1}"), "member 'trust'");
}

static void members_it_does_not_know_are_kept(void **state)
{
	struct fake_memory *t = *state;
	struct vf_saved o;
	char text[1024];

	fake_memory_write(
		t, "{\"version\":1,\"later\":[1],\"vfs\":[{\"pf\":\"0000:05:00.0\",\"index\":3,"
		   "\"bdf\":\"0000:05:10.6\",\"vendor\":\"8086\",\"device\":\"10ca\","
		   "\"driver\":\"igbvf\",\"attributes\":{\"mac\":\"02:00:00:00:00:01\"}}]}");
	fake_memory_reopen(t);
	o = *state_find(t->saved, (struct bdf){ .bus = 5 }, 3);
	snprintf(o.name, sizeof(o.name), "db");
	assert_int_equal(state_put(t->saved, &o, &t->e), 0);
	assert_int_equal(state_commit(t->saved, &t->e), 0);
	fake_memory_read(t, text, sizeof(text));
	assert_non_null(strstr(text, "\"later\""));
	assert_non_null(strstr(text, "02:00:00:00:00:01"));
	assert_non_null(strstr(text, "\"name\": \"db\""));
}

static void damaged_file_is_named_and_left_alone(void **state)
{
	struct fake_memory *t = *state;

	fake_memory_refused(t, "", "damaged");
	fake_memory_refused(t, "{\"version\":1,\"vfs\":[" MEMORY_ENTRY, "damaged");
	fake_memory_refused(t, "{\"version\":1,\"vfs\":[]}x", "damaged");
	fake_memory_refused(t, "\x01\x02\xff", "damaged");
	fake_memory_refused(t, "{\"version\":1,\"version\":1,\"vfs\":[]}", "damaged");
}

/* Each would keep the reader waiting, or fill its memory. */
static void what_no_run_wrote_is_not_read(void **state)
{
	struct fake_memory *t = *state;
	int root = t->host->root.fd;

	fake_memory_write(t, "x");
	assert_int_equal(truncate_file(t, (off_t)1 << 40), 0);
	assert_true(state_open(&t->saved, t->host, &t->e) < 0);
	assert_string_equal(t->e.cause, "it has 1099511627776 bytes, and no vfyard writes so many");
	assert_non_null(strstr(t->e.fix, "mv "));
	assert_int_equal(unlinkat(root, MEMORY_FILE, 0), 0);
	assert_int_equal(mkfifoat(root, MEMORY_FILE, 0600), 0);
	assert_true(state_open(&t->saved, t->host, &t->e) < 0);
	assert_int_equal(unlinkat(root, MEMORY_FILE, 0), 0);
	assert_int_equal(symlinkat("/dev/zero", root, MEMORY_FILE), 0);
	assert_true(state_open(&t->saved, t->host, &t->e) < 0);
	assert_null(t->saved);
}

static void file_of_someone_else_is_refused(void **state)
{
	struct fake_memory *t = *state;

	fake_memory_refused(t, "[]", "not a state file of vfyard");
	fake_memory_refused(t, "{\"vfs\":[]}", "not a state file of vfyard");
	fake_memory_refused(t, "{\"version\":2,\"vfs\":[]}", "version 2 of the format");
	fake_memory_refused(t, "{\"version\":1}", "member 'vfs' is not a list");
}

static void bad_entries_are_refused_with_the_member(void **state)
{
	static const struct {
		const char *entry, *cause;
	} bad[] = {
		{ "7", "member 'index' of an entry is not a VF index" },
		{ "{\"index\":-1}", "'index'" },
		{ "{\"index\":70000}", "'index'" },
		{ "{\"index\":1}", "member 'pf' of an entry is missing" },
		{ "{\"index\":1,\"pf\":5}", "member 'pf' of an entry is not a text" },
		{ "{\"index\":1,\"pf\":\"05\"}", "'05', not an address" },
		{ "{\"index\":1,\"pf\":\"05:00.0\",\"bdf\":\"05:10.0\",\"vendor\":\"80861\"}",
		  "'80861', not an id" },
		{ "{\"index\":1,\"pf\":\"05:00.0\",\"bdf\":\"05:10.0\",\"vendor\":\"8086\","
		  "\"device\":\"10ca\",\"driver\":\"0123456789012345678901234567890123456789"
		  "0123456789012345678901234567890123456789\"}",
		  "member 'driver' of an entry is too long" },
		{ MEMORY_ENTRY "," MEMORY_ENTRY, "entry 1 is there twice" },
		{ MEMORY_ENTRY ",{\"pf\":\"0000:05:00.0\",\"index\":4,\"bdf\":\"0000:05:11.0\","
			       "\"vendor\":\"8086\",\"device\":\"10ca\",\"name\":\"db\"}",
		  "name 'db' is there twice" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		char text[512];

		snprintf(text, sizeof(text), "{\"version\":1,\"vfs\":[%s]}", bad[i].entry);
		fake_memory_refused(*state, text, bad[i].cause);
	}
}

/* The device that is always full is in place of the new file. */
static void full_disk_leaves_the_old_file(void **state)
{
	struct fake_memory *t = *state;
	struct vf_saved a = fake_memory_vf(1, "igbvf", ""), b = fake_memory_vf(2, "igbvf", "");
	char before[512], after[512], path[160];

	fake_memory_reopen(t);
	state_put(t->saved, &a, NULL);
	assert_int_equal(state_commit(t->saved, &t->e), 0);
	fake_memory_read(t, before, sizeof(before));
	assert_int_equal(symlinkat("/dev/full", t->host->root.fd, MEMORY_FILE ".new"), 0);
	state_put(t->saved, &b, NULL);
	assert_int_equal(state_commit(t->saved, &t->e), -ENOSPC);
	snprintf(path, sizeof(path), "%s/%s", t->root.dir, MEMORY_FILE);
	assert_string_equal(t->e.object, path);
	assert_string_equal(t->e.step, "write");
	assert_string_equal(t->e.cause, "No space left on device");
	assert_string_equal(t->e.fix, "free some space there");
	fake_memory_read(t, after, sizeof(after));
	assert_string_equal(before, after);
	assert_int_equal(state_commit(t->saved, &t->e), 0);
	fake_memory_reopen(t);
	assert_non_null(state_find(t->saved, b.pf, 2));
}

static void directory_that_cannot_be_made_is_an_error(void **state)
{
	struct fake_memory *t = *state;
	struct vf_saved a = fake_memory_vf(1, "igbvf", "");

	fake_root_add(&t->root, "var=a file");
	fake_memory_reopen(t);
	state_put(t->saved, &a, NULL);
	assert_int_equal(state_commit(t->saved, &t->e), -ENOTDIR);
	assert_non_null(strstr(t->e.fix, "/var/lib/vfyard"));
}

#define T(fn) cmocka_unit_test_setup_teardown(fn, fake_memory_setup, fake_memory_teardown)

static const struct CMUnitTest tests[] = {
	T(directory_is_for_root_only),
	T(damaged_pfs_and_attributes_are_named),
	T(members_it_does_not_know_are_kept),
	T(damaged_file_is_named_and_left_alone),
	T(what_no_run_wrote_is_not_read),
	T(file_of_someone_else_is_refused),
	T(bad_entries_are_refused_with_the_member),
	T(full_disk_leaves_the_old_file),
	T(directory_that_cannot_be_made_is_an_error),
};

TEST_MAIN(tests)
