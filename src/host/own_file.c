// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/own_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static int check(const struct host *h, const struct stat *st, struct err *e)
{
	if (!S_ISREG(st->st_mode))
		return err_set(e, EPROTO, "it is no regular file");
	if (st->st_size > OWN_FILE_MAX)
		return err_set(e, EPROTO, "it has %lld bytes, and no vfyard writes so many",
			       (long long)st->st_size);
	if (root_is_tree(&h->root) || (!(st->st_mode & 022) && st->st_uid == 0))
		return 0;
	return err_set(e, EPERM,
		       "others than root may write it: its owner is user %u, its mode %04o",
		       st->st_uid, st->st_mode & 07777u);
}

int own_file_open(const struct host *h, const char *path, struct err *e)
{
	int fd = root_openat(&h->root, O_RDONLY | O_NONBLOCK, "%s", path), r;
	struct stat st;

	if (fd < 0)
		return fd;
	r = fstat(fd, &st) < 0 ? -errno : check(h, &st, e);
	if (r == 0)
		return fd;
	close(fd);
	return r;
}
