// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/below.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "base/mem.h"

#define PROC_FD "/proc/self/fd/%d"

/* The only flags that openat2(2) accepts beside O_PATH; open(2) would ignore the others. */
#define PATH_FLAGS (O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)

static int in_root(int root, const char *path, int flags)
{
	struct open_how how = { .flags = (uint64_t)(flags & O_PATH ? flags & PATH_FLAGS : flags),
				.mode = flags & O_CREAT ? 0644 : 0,
				.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS };
	long fd;

	/* -EAGAIN: something was renamed while the kernel resolved ".." */
	do
		fd = syscall(SYS_openat2, root, path, &how, sizeof(how));
	while (fd < 0 && errno == EAGAIN);
	return fd < 0 ? -errno : (int)fd;
}

static bool is_inside(int root, int fd)
{
	char link[32], dir[PATH_MAX], file[PATH_MAX];
	ssize_t n, m;

	snprintf(link, sizeof(link), PROC_FD, root);
	n = readlink(link, dir, sizeof(dir));
	snprintf(link, sizeof(link), PROC_FD, fd);
	m = readlink(link, file, sizeof(file));
	/* Only the name of the root directory "/" itself ends in a slash. */
	if (n > 1 && m > n && file[n] != '/')
		return false;
	return n > 0 && m >= n && m < (ssize_t)sizeof(file) && !memcmp(dir, file, (size_t)n);
}

int below_open_checked(int root, const char *path, int flags)
{
	_cleanup_close_ int fd = -1;
	char link[32];
	int r;

	flags |= O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
	fd = openat(root, path, (flags & (O_DIRECTORY | O_NOFOLLOW)) | O_PATH | O_CLOEXEC);
	/* Only tests create files, in trees of their own. */
	if (fd < 0 && errno == ENOENT && (flags & O_CREAT))
		r = openat(root, path, flags | O_EXCL, 0644);
	else if (fd < 0)
		return -errno;
	else if (!is_inside(root, fd))
		return -EXDEV;
	else if (flags & O_PATH)
		r = fcntl(fd, F_DUPFD_CLOEXEC, 3);
	else {
		snprintf(link, sizeof(link), PROC_FD, fd);
		r = open(link, flags & ~(O_CREAT | O_NOFOLLOW));
	}
	return r < 0 ? -errno : r;
}

int below_open(int root, const char *path, int flags)
{
	struct stat st;
	int fd;

	flags |= O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
	fd = in_root(root, path, flags);
	/* -EPERM comes from a sandbox that does not know the call, -ENOENT from a tree made by hand
	 * whose links hold their whole path on this host. */
	if (fd == -ENOSYS || fd == -EPERM || fd == -ENOENT)
		fd = below_open_checked(root, path, flags);
	if (fd < 0 || (flags & O_PATH))
		return fd;
	if (fstat(fd, &st) == 0 && (S_ISREG(st.st_mode) || S_ISDIR(st.st_mode)))
		return fd;
	close(fd);
	return -EINVAL;
}
