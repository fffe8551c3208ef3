// SPDX-License-Identifier: GPL-2.0-or-later
/* Links of a captured host do not lead out of it, and what is not a file cannot block the
 * reader. */
#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/below.h"
#include "base/mem.h"
#include "base/root.h"
#include "fake_root.h"

#define SECRET "TOP-SECRET 42"

struct env {
	struct fake_root tree, other;
};

static int setup(void **state)
{
	struct env *t = calloc(1, sizeof(*t));

	fake_root_init(&t->tree, NULL);
	fake_root_init(&t->other, NULL);
	fake_root_add(&t->other, "key=" SECRET);
	fake_root_add(&t->tree, "sys/file=inside");
	*state = t;
	return 0;
}

static int teardown(void **state)
{
	struct env *t = *state;

	fake_root_done(&t->other);
	fake_root_done(&t->tree);
	free(t);
	return 0;
}

static void add_link(struct env *t, const char *path, const char *target)
{
	assert_int_equal(symlinkat(target, t->tree.host.root.fd, path), 0);
}

/* Linux before 5.6, and valgrind, do not know the call. */
static bool has_openat2(void)
{
	const uint64_t how[3] = { 0 };

	return syscall(SYS_openat2, AT_FDCWD, ".", how, 0) < 0 && errno != ENOSYS;
}

/* What is read of @path, "" when it cannot be opened; by both ways. */
static void assert_reads(struct env *t, const char *path, const char *newest, const char *older)
{
	int (*const ways[])(int root, const char *path, int flags) = { below_open,
								       below_open_checked };
	const char *const wanted[] = { has_openat2() ? newest : older, older };

	for (size_t i = 0; i < ARRAY_SIZE(ways); i++) {
		_cleanup_close_ int fd = ways[i](t->tree.host.root.fd, path, O_RDONLY);
		char text[64] = "";
		ssize_t n = fd < 0 ? 0 : read(fd, text, sizeof(text) - 1);

		assert_true(n >= 0);
		text[strcspn(text, "\n")] = '\0';
		assert_string_equal(text, wanted[i]);
	}
}

static void links_inside_are_followed(void **state)
{
	struct env *t = *state;
	char target[256];

	add_link(t, "sys/a", "file");
	add_link(t, "b", "sys");
	assert_reads(t, "sys/file", "inside", "inside");
	assert_reads(t, "sys/a", "inside", "inside");
	assert_reads(t, "b/a", "inside", "inside");
	assert_reads(t, "b/../sys/file", "inside", "inside");
	/* on a host, an absolute link starts at its own root */
	add_link(t, "sys/c", "/sys/file");
	assert_reads(t, "sys/c", "inside", "");
	/* and the path on this host is inside, too */
	snprintf(target, sizeof(target), "%s/sys/file", t->tree.host.root.dir);
	add_link(t, "sys/d", target);
	assert_reads(t, "sys/d", "inside", "inside");
}

static void no_link_leads_out(void **state)
{
	struct env *t = *state;
	const char *out = t->other.host.root.dir;
	char text[64], target[256];

	snprintf(target, sizeof(target), "%s/key", out);
	add_link(t, "sys/absolute", target);
	assert_reads(t, "sys/absolute", "", "");
	snprintf(target, sizeof(target), "../../../../../../../..%s/key", out);
	add_link(t, "sys/climbs", target);
	assert_reads(t, "sys/climbs", "", "");
	add_link(t, "sys/dir", out);
	assert_reads(t, "sys/dir/key", "", "");
	add_link(t, "sys/up", "../..");
	snprintf(target, sizeof(target), "sys/up/%s/key", strrchr(out, '/') + 1);
	assert_reads(t, target, "", "");
	/* these are the readers that everybody uses */
	assert_true(root_read(&t->tree.host.root, text, sizeof(text), "sys/absolute") < 0);
	assert_null(root_read_all(&t->tree.host.root, "sys/dir/key"));
	assert_false(root_exists(&t->tree.host.root, "sys/dir/key"));
	assert_null(root_opendir(&t->tree.host.root, "sys/dir"));
	assert_int_equal(symlinkat("x", t->other.host.root.fd, "link"), 0);
	assert_int_equal(root_link_name(&t->tree.host.root, text, sizeof(text), "sys/dir/link"),
			 -EXDEV);
	assert_int_equal(root_link_name(&t->tree.host.root, text, sizeof(text), "sys/absolute"), 0);
	assert_string_equal(text, "key");
	assert_int_equal(root_link_name(&t->tree.host.root, text, sizeof(text), "sys/file"),
			 -EINVAL);
}

static void names_that_begin_alike_are_not_inside(void **state)
{
	struct env *t = *state;
	char beside[256], target[300];

	snprintf(beside, sizeof(beside), "%s-beside", t->tree.host.root.dir);
	assert_int_equal(mkdir(beside, 0700), 0);
	snprintf(target, sizeof(target), "../%s", strrchr(beside, '/') + 1);
	add_link(t, "beside", target);
	assert_int_equal(below_open_checked(t->tree.host.root.fd, "beside", O_RDONLY), -EXDEV);
	assert_int_equal(rmdir(beside), 0);
}

static void only_files_are_opened(void **state)
{
	struct env *t = *state;
	char text[64];

	alarm(20);
	assert_int_equal(mkfifoat(t->tree.host.root.fd, "sys/fifo", 0600), 0);
	assert_int_equal(root_read(&t->tree.host.root, text, sizeof(text), "sys/fifo"), -EINVAL);
	assert_int_equal(root_openat(&t->tree.host.root, O_RDONLY, "sys/fifo"), -EINVAL);
	add_link(t, "sys/null", "/dev/null");
	assert_true(root_read(&t->tree.host.root, text, sizeof(text), "sys/null") < 0);
	alarm(0);
}

#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
static const struct CMUnitTest tests[] = {
	T(links_inside_are_followed),
	T(no_link_leads_out),
	T(names_that_begin_alike_are_not_inside),
	T(only_files_are_opened),
};

TEST_MAIN(tests)
