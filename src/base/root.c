// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/root.h"

#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>

#define ALL_MAX (16u << 20)

/* The host's own / is opened as such: a relative path below it is an absolute one. */
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
	*ret = r;
	return 0;
}

void root_close(struct root *r)
{
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

ssize_t root_read_at(int dirfd, const char *path, char *buf, size_t size)
{
	_cleanup_close_ int fd = openat(dirfd, path, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return -errno;
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

int root_read_u64_at(int dirfd, const char *path, uint64_t *ret)
{
	char buf[32], *end;
	ssize_t n = root_read_at(dirfd, path, buf, sizeof(buf));
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

int root_link_name_at(int dirfd, const char *path, char *buf, size_t size)
{
	char target[PATH_MAX];
	ssize_t n = readlinkat(dirfd, path, target, sizeof(target) - 1);
	const char *name;

	if (n < 0)
		return -errno;
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

	return rc ? rc : root_read_at(r->fd, path, buf, size);
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
	fd = openat(r->fd, path, O_RDONLY | O_CLOEXEC);
	return fd < 0 ? NULL : read_all(fd);
}

int root_read_u64(const struct root *r, uint64_t *ret, const char *fmt, ...)
{
	char path[PATH_MAX];
	int rc = FORMAT_PATH(path, fmt);

	return rc ? rc : root_read_u64_at(r->fd, path, ret);
}

int root_link_name(const struct root *r, char *buf, size_t size, const char *fmt, ...)
{
	char path[PATH_MAX];
	int rc = FORMAT_PATH(path, fmt);

	return rc ? rc : root_link_name_at(r->fd, path, buf, size);
}

bool root_exists(const struct root *r, const char *fmt, ...)
{
	char path[PATH_MAX];

	return FORMAT_PATH(path, fmt) == 0 && faccessat(r->fd, path, F_OK, 0) == 0;
}

int root_openat(const struct root *r, int flags, const char *fmt, ...)
{
	char path[PATH_MAX];
	int rc = FORMAT_PATH(path, fmt);

	if (rc)
		return rc;
	rc = openat(r->fd, path, flags | O_CLOEXEC, 0644);
	return rc < 0 ? -errno : rc;
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
	fd = openat(r->fd, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return NULL;
	d = fdopendir(fd);
	if (!d)
		close(fd);
	return d;
}
