/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files that vfyard wrote itself, and believes: the memory and the journal. */
#ifndef VFY_HOST_OWN_FILE_H
#define VFY_HOST_OWN_FILE_H

#include "host/host.h"

/* Thousands of VFs have some megabytes. */
#define OWN_FILE_MAX (64u << 20)

/**
 * own_file_open - one of them, to be read
 * @path: relative to the root
 *
 * What is no file would keep the reader waiting, with the host lock; what is larger than any that
 * was written would fill the memory; and what others than root may write on this host is not to be
 * believed. Returns a descriptor, or -errno: -EPROTO and -EPERM with a cause in @e, others without.
 */
int own_file_open(const struct host *h, const char *path, struct err *e);

#endif
