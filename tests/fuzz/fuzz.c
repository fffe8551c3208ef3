// SPDX-License-Identifier: GPL-2.0-or-later
#include "fuzz.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/text.h"

#define LINES_MAX 200

void require(bool ok)
{
	if (!ok)
		abort();
}

char *fuzz_text(const uint8_t *data, size_t size)
{
	char *s = malloc(size + 1);

	require(s != NULL);
	memcpy(s, data, size);
	s[size] = '\0';
	return s;
}

void fuzz_sentence(const struct err *e)
{
	char line[sizeof(*e)], *s = err_format(e, line, sizeof(line));

	require(e->cause[0] && e->code > 0);
	for (size_t n; *s; s += n) {
		n = text_char(s, 4);
		require(n && !text_is_control(s, n));
	}
}

static char dir[64];
static int dir_fd;

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	if (ftw->level > 0)
		remove(path);
	return 0;
}

static void end(void)
{
	fuzz_clear();
	rmdir(dir);
}

const char *fuzz_dir(void)
{
	const char *in = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";

	if (dir[0])
		return dir;
	snprintf(dir, sizeof(dir), "%s/vfyard-fuzz.XXXXXX", in);
	require(mkdtemp(dir) != NULL);
	dir_fd = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	require(dir_fd >= 0);
	atexit(end);
	return dir;
}

void fuzz_clear(void)
{
	nftw(fuzz_dir(), remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

/* Makes parents, without following a link, as untree.sh does. */
static bool make_parents(const char *path)
{
	char part[PATH_MAX];
	struct stat st;

	for (const char *slash = strchr(path, '/'); slash; slash = strchr(slash + 1, '/')) {
		snprintf(part, sizeof(part), "%.*s", (int)(slash - path), path);
		if (mkdirat(dir_fd, part, 0755) < 0 &&
		    (errno != EEXIST || fstatat(dir_fd, part, &st, AT_SYMLINK_NOFOLLOW) < 0 ||
		     !S_ISDIR(st.st_mode)))
			return false;
	}
	return true;
}

void fuzz_write(const char *path, const void *data, size_t size)
{
	int fd;

	fuzz_dir();
	if (!make_parents(path))
		return;
	unlinkat(dir_fd, path, 0);
	fd = openat(dir_fd, path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
	if (fd < 0)
		return;
	require(write(fd, data, size) == (ssize_t)size);
	close(fd);
}

/* A value may contain "\n", "\0" and "\\". Returns its length, because it may contain a NUL. */
static size_t unescape(char *s)
{
	char *to = s, *from = s;

	for (; *from; from++)
		if (*from == '\\' && from[1]) {
			from++;
			*to++ = *from == 'n' ? '\n' : *from == '0' ? '\0' : *from;
		} else {
			*to++ = *from;
		}
	*to = '\n';
	return (size_t)(to - s) + 1;
}

static bool is_inside(const char *path)
{
	return *path && *path != '/' && strncmp(path, "../", 3) != 0 && !strstr(path, "/../");
}

static void add_line(char *line)
{
	char *arrow = strstr(line, " -> "), *equals = strchr(line, '=');

	if (!is_inside(line) || strlen(line) > 2000)
		return;
	if (arrow && (!equals || arrow < equals)) {
		*arrow = '\0';
		if (!make_parents(line))
			return;
		unlinkat(dir_fd, line, 0);
		(void)!symlinkat(arrow + 4, dir_fd, line);
	} else if (equals) {
		*equals = '\0';
		fuzz_write(line, equals + 1, unescape(equals + 1));
	} else if (line[strlen(line) - 1] == '/') {
		make_parents(line);
	}
}

void fuzz_tree(const char *text)
{
	char *copy = strdup(text), *rest = copy, *line;

	fuzz_dir();
	require(copy != NULL);
	for (unsigned n = 0; n < LINES_MAX && (line = strsep(&rest, "\n")); n++)
		add_line(line);
	free(copy);
}
