// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/root.h"

#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>

#include "base/below.h"

#define ALL_MAX (16u << 20)

/* The host's own / is opened as "/": a path relative to it is the absolute path. */
int root_open(struct root *ret, const char *dir, struct err *e)
{
	struct root r = { .fd = -1 };

	r.dir = strdup(dir ? dir : "");
	if (!r.dir)
		return err_set(e, ENOMEM, "out of memory");
	r.fd = open(r.dir[0] ? r.dir : "/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (r.fd < 0) {
		int code = errno;

		free(r.dir);
		err_usage(e, "%s", strerror(code));
		return err_at(e, -code, dir, "--root");
	}
	r.workers = workers_new();
	*ret = r;
	return 0;
}

void root_close(struct root *r)
{
	workers_free(r->workers);
	if (r->dir)
		close(r->fd);
	free(r->dir);
	*r = (struct root){ .fd = -1 };
}

/* Formats the path of a printf-style function of this file into @buf. */
#define FORMAT_PATH(buf, fmt)                                                                      \
	__extension__({                                                                            \
		va_list ap_;                                                                       \
		int n_;                                                                            \
		va_start(ap_, fmt);                                                                \
		n_ = vsnprintf(buf, sizeof(buf), fmt, ap_);                                        \
		va_end(ap_);                                                                       \
		n_ >= 0 && (size_t)n_ < sizeof(buf) ? 0 : -ENAMETOOLONG;                           \
	})

/* Returns a descriptor or -errno. */
static int open_path(const struct root *r, const char *path, int flags)
{
	int fd;

	if (root_is_captured(r))
		return below_open(r->fd, path, flags);
	fd = openat(r->fd, path, flags | O_CLOEXEC, 0644);
	return fd < 0 ? -errno : fd;
}

/* Reads from @from, a descriptor that it closes, or -errno, which it returns. */
static ssize_t read_small(int from, char *buf, size_t size)
{
	_cleanup_close_ int fd = from;
	ssize_t n;

	if (fd < 0)
		return fd;
	n = read(fd, buf, size);
	if (n < 0)
		return -errno;
	if ((size_t)n == size)
		return -E2BIG;
	while (n > 0 && buf[n - 1] == '\n')
		n--;
	buf[n] = '\0';
	return n;
}

static int read_u64(int fd, uint64_t *ret)
{
	char buf[32], *end;
	ssize_t n = read_small(fd, buf, sizeof(buf));
	bool hex = n > 2 && buf[0] == '0' && buf[1] == 'x';
	uint64_t v;

	if (n < 0)
		return (int)n;
	errno = 0;
	v = strtoull(buf, &end, hex ? 16 : 10);
	if (errno || buf[0] < '0' || buf[0] > '9' || *end)
		return -EPROTO;
	*ret = v;
	return 0;
}

static int link_name(int dirfd, const char *path, char *buf, size_t size)
{
	char target[PATH_MAX];
	ssize_t n = readlinkat(dirfd, path, target, sizeof(target) - 1);
	const char *name;

	if (n < 0)
		/* Below a tree, even what is not a link could be opened. */
		return *path ? -errno : errno == ENOENT ? -EINVAL : -errno;
	target[n] = '\0';
	name = strrchr(target, '/');
	name = name ? name + 1 : target;
	if (strlen(name) >= size)
		return -ENAMETOOLONG;
	memcpy(buf, name, strlen(name) + 1);
	return 0;
}

ssize_t root_read(const struct root *r, char *buf, size_t size, const char *fmt, ...)
{
	char path[PATH_MAX];
	int rc = FORMAT_PATH(path, fmt);

	return rc ? rc : read_small(open_path(r, path, O_RDONLY), buf, size);
}

static char *read_all(int fd)
{
	_cleanup_free_ char *buf = NULL;
	size_t len = 0, size = 0;
	ssize_t n;

	do {
		if (len + 1 >= size) {
			char *more = size < ALL_MAX ? realloc(buf, size ? 2 * size : 4096) : NULL;

			if (!more) {
				errno = size < ALL_MAX ? ENOMEM : E2BIG;
				return NULL;
			}
			buf = more;
			size = size ? 2 * size : 4096;
		}
		n = read(fd, buf + len, size - len - 1);
		len += n > 0 ? (size_t)n : 0;
	} while (n > 0);
	if (n < 0)
		return NULL;
	while (len && buf[len - 1] == '\n')
		len--;
	buf[len] = '\0';
	return STEAL(buf);
}

char *root_read_all(const struct root *r, const char *fmt, ...)
{
	_cleanup_close_ int fd = -1;
	char path[PATH_MAX];
	int rc = FORMAT_PATH(path, fmt);

	if (rc) {
		errno = -rc;
		return NULL;
	}
	fd = open_path(r, path, O_RDONLY);
	if (fd < 0)
		errno = -fd;
	return fd < 0 ? NULL : read_all(fd);
}

int root_read_u64(const struct root *r, uint64_t *ret, const char *fmt, ...)
{
	char path[PATH_MAX];
	int rc = FORMAT_PATH(path, fmt);

	return rc ? rc : read_u64(open_path(r, path, O_RDONLY), ret);
}

/* Follows the links that lead to the last component, but not the last one itself. */
static int link_of_path(const struct root *r, const char *path, char *buf, size_t size)
{
	_cleanup_close_ int fd = -1;

	if (!root_is_captured(r))
		return link_name(r->fd, path, buf, size);
	fd = below_open(r->fd, path, O_PATH | O_NOFOLLOW);
	return fd < 0 ? fd : link_name(fd, "", buf, size);
}

int root_link_name(const struct root *r, char *buf, size_t size, const char *fmt, ...)
{
	char path[PATH_MAX];
	int rc = FORMAT_PATH(path, fmt);

	return rc ? rc : link_of_path(r, path, buf, size);
}

static bool path_exists(const struct root *r, const char *path)
{
	_cleanup_close_ int fd = -1;

	if (!root_is_captured(r))
		return faccessat(r->fd, path, F_OK, 0) == 0;
	fd = below_open(r->fd, path, O_PATH);
	return fd >= 0;
}

bool root_exists(const struct root *r, const char *fmt, ...)
{
	char path[PATH_MAX];

	return FORMAT_PATH(path, fmt) == 0 && path_exists(r, path);
}

int root_openat(const struct root *r, int flags, const char *fmt, ...)
{
	char path[PATH_MAX];
	int rc = FORMAT_PATH(path, fmt);

	return rc ? rc : open_path(r, path, flags);
}

DIR *root_opendir(const struct root *r, const char *fmt, ...)
{
	char path[PATH_MAX];
	DIR *d;
	int fd;

	if (FORMAT_PATH(path, fmt)) {
		errno = ENAMETOOLONG;
		return NULL;
	}
	fd = open_path(r, path, O_RDONLY | O_DIRECTORY);
	if (fd < 0) {
		errno = -fd;
		return NULL;
	}
	d = fdopendir(fd);
	if (d)
		return d;
	/* ENOENT would be wrong here: many callers take it for "it is not there". */
	log_note(r->log, "read /%s: %s; taken as empty", path, strerror(errno));
	close(fd);
	errno = ENOMEM;
	return NULL;
}

bool root_is_dir(DIR *in, const struct dirent *ent)
{
	_cleanup_close_ int fd = -1;

	if (ent->d_name[0] == '.')
		return false;
	if (ent->d_type != DT_UNKNOWN)
		return ent->d_type == DT_DIR;
	fd = openat(dirfd(in), ent->d_name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	return fd >= 0;
}

FILE *root_fopen(const struct root *r, const char *fmt, ...)
{
	char path[PATH_MAX];
	FILE *f;
	int fd;

	fd = FORMAT_PATH(path, fmt) ? -ENAMETOOLONG : open_path(r, path, O_RDONLY);
	if (fd < 0) {
		errno = -fd;
		return NULL;
	}
	f = fdopen(fd, "r");
	if (f)
		return f;
	close(fd);
	errno = ENOMEM;
	return NULL;
}

/* @path is relative to the directory, or absolute. */
static int join(const struct root_dir *d, const char *path, char ret[PATH_MAX])
{
	int n = *path == '/' ? snprintf(ret, PATH_MAX, "%s", path)
			     : snprintf(ret, PATH_MAX, "%s/%s", d->path, path);

	return n >= 0 && n < PATH_MAX ? 0 : -ENAMETOOLONG;
}

/*
 * Opens the directory of the file @path in a tree, once for everything that is read about one
 * device; *ret_name is the file's name in it. Returns a descriptor of @d, or -errno.
 */
static int enter(struct root_dir *d, const char *path, const char **ret_name)
{
	const char *slash = strrchr(path, '/');
	size_t len = slash ? (size_t)(slash - path) : 0;
	char whole[PATH_MAX];
	int r;

	if (!len)
		return -EINVAL;
	*ret_name = slash + 1;
	if (d->near_fd >= 0 && strlen(d->near) == len && !memcmp(d->near, path, len))
		return d->near_fd;
	root_dir_done(d);
	r = len < sizeof(d->near) ? join(d, path, whole) : -ENAMETOOLONG;
	if (r < 0)
		return r;
	*strrchr(whole, '/') = '\0';
	r = below_open(d->root->fd, whole, O_PATH | O_DIRECTORY);
	if (r < 0)
		return r;
	memcpy(d->near, path, len);
	d->near[len] = '\0';
	d->near_fd = r;
	return r;
}

void root_dir_done(struct root_dir *d)
{
	cleanup_close(&d->near_fd);
	d->near_fd = -1;
}

/* Returns a descriptor or -errno. */
static int open_at(struct root_dir *d, const char *path)
{
	const char *name;
	char whole[PATH_MAX];
	int r, fd;

	if (!root_is_captured(d->root)) {
		fd = openat(d->fd, path, O_RDONLY | O_CLOEXEC);
		return fd < 0 ? -errno : fd;
	}
	fd = enter(d, path, &name);
	if (fd >= 0) {
		struct stat st;

		fd = openat(fd, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
		if (fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
			return fd;
		cleanup_close(&fd);
	}
	r = join(d, path, whole);
	return r < 0 ? r : below_open(d->root->fd, whole, O_RDONLY);
}

ssize_t root_read_at(struct root_dir *d, const char *path, char *buf, size_t size)
{
	return read_small(open_at(d, path), buf, size);
}

int root_link_name_at(struct root_dir *d, const char *path, char *buf, size_t size)
{
	const char *name;
	char whole[PATH_MAX];
	int r, fd;

	if (!root_is_captured(d->root))
		return link_name(d->fd, path, buf, size);
	fd = enter(d, path, &name);
	if (fd >= 0)
		return link_name(fd, name, buf, size);
	r = join(d, path, whole);
	return r < 0 ? r : link_of_path(d->root, whole, buf, size);
}

bool root_exists_at(struct root_dir *d, const char *path)
{
	char whole[PATH_MAX];

	if (!root_is_captured(d->root))
		return faccessat(d->fd, path, F_OK, 0) == 0;
	return join(d, path, whole) == 0 && path_exists(d->root, whole);
}
