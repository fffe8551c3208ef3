// SPDX-License-Identifier: GPL-2.0-or-later
/* Makes a tree from lines. A helper that cannot do its work ends the test program, because nothing
 * after it counts. */
#include "fake_root.h"

#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

static void check(bool ok, const char *what, const char *path)
{
	if (ok)
		return;
	fprintf(stderr, "fake root: %s '%s': %s\n", what, path, strerror(errno));
	abort();
}

static void make_parents(int fd, const char *path)
{
	char dir[PATH_MAX];

	for (const char *slash = strchr(path, '/'); slash; slash = strchr(slash + 1, '/')) {
		snprintf(dir, sizeof(dir), "%.*s", (int)(slash - path), path);
		check(mkdirat(fd, dir, 0755) == 0 || errno == EEXIST, "mkdir", dir);
	}
}

/* A value may contain "\n" and "\\"; everything else stands for itself. */
static void unescape(char *s)
{
	char *to = s;

	for (; *s; s++) {
		if (*s == '\\' && s[1])
			*to++ = *++s == 'n' ? '\n' : *s;
		else
			*to++ = *s;
	}
	*to = '\0';
}

static void make_file(int fd, const char *path, const char *value)
{
	_cleanup_free_ char *text = strdup(value);
	_cleanup_file_ FILE *f = NULL;
	int file;

	check(text != NULL, "no memory for", path);
	unescape(text);
	file = openat(fd, path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	check(file >= 0, "open", path);
	f = fdopen(file, "w");
	check(f && fprintf(f, "%s\n", text) >= 0 && fflush(f) == 0, "write", path);
}

void fake_root_add(struct fake_root *f, const char *line)
{
	_cleanup_free_ char *path = strdup(line);
	char *arrow, *equals;
	int fd = f->host.root.fd;

	check(path != NULL, "no memory for", line);
	path[strcspn(path, "\n")] = '\0';
	if (!*path || *path == '#')
		return;
	arrow = strstr(path, " -> ");
	equals = strchr(path, '=');
	if (arrow && (!equals || arrow < equals)) {
		*arrow = '\0';
		make_parents(fd, path);
		check(unlinkat(fd, path, 0) == 0 || errno == ENOENT, "unlink", path);
		check(symlinkat(arrow + 4, fd, path) == 0, "symlink", path);
	} else if (equals) {
		*equals = '\0';
		make_parents(fd, path);
		make_file(fd, path, equals + 1);
	} else {
		check(path[strlen(path) - 1] == '/', "no '=', ' -> ' or final '/' in", path);
		make_parents(fd, path);
	}
}

static void open_empty(struct fake_root *f)
{
	struct err e = { 0 };

	/* There are thousands of links and files, which a memory file system makes a hundred times
	 * faster. */
	*f = (struct fake_root){ .dir = "/tmp/vfyard-test-XXXXXX" };
	if (access("/dev/shm", W_OK) == 0)
		strcpy(f->dir, "/dev/shm/vfyard-test-XXXXXX");
	check(mkdtemp(f->dir) != NULL, "mkdtemp", f->dir);
	if (host_open(&f->host, f->dir, &e) < 0) {
		err_print(&e, stderr);
		abort();
	}
	f->host.log.to = NULL;
}

void fake_root_init(struct fake_root *f, const char *const *lines)
{
	open_empty(f);
	for (; lines && *lines; lines++)
		fake_root_add(f, *lines);
}

void fake_root_init_file(struct fake_root *f, const char *tree_file)
{
	_cleanup_file_ FILE *in = fopen(tree_file, "re");
	_cleanup_free_ char *line = NULL;
	size_t size = 0;

	check(in != NULL, "open", tree_file);
	open_empty(f);
	while (getline(&line, &size, in) >= 0)
		fake_root_add(f, line);
	check(feof(in), "read", tree_file);
}

static int remove_one(const char *path, const struct stat *st UNUSED, int type UNUSED,
		      struct FTW *ftw UNUSED)
{
	return remove(path);
}

void fake_root_done(struct fake_root *f)
{
	host_close(&f->host);
	check(nftw(f->dir, remove_one, 16, FTW_DEPTH | FTW_PHYS) == 0, "remove", f->dir);
}
