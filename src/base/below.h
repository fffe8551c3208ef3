/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Opens a path of a captured host. Anybody may have made its links, so none of them leads out of
 * its directory, and nothing that is opened is a device or can keep its reader waiting. */
#ifndef VFY_BASE_BELOW_H
#define VFY_BASE_BELOW_H

#include <stdbool.h>

/**
 * below_open - open(2) @path relative to @root, following links as in a chroot, or as they are when
 *	they end inside, too
 * @flags: with O_CREAT the mode is 0644; O_CLOEXEC, O_NONBLOCK and O_NOCTTY are added
 *
 * Without O_PATH only a regular file or a directory is opened. Returns a descriptor or -errno:
 * -EXDEV when a link would have to be followed out, -EINVAL for other kinds of files.
 * Source: Linux fs/open.c, build_open_flags(), RESOLVE_IN_ROOT (5.6).
 */
int below_open(int root, const char *path, int flags);

/* below_open() on a kernel without openat2(2): opens the path without side effects, then looks at
 * where it led. It refuses absolute links, because they lead out. */
int below_open_checked(int root, const char *path, int flags);

#endif
