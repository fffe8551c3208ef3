/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The bytes of a topology file: read with a limit, made into clean text. */
#ifndef VFY_TOPOLOGY_READ_TEXT_H
#define VFY_TOPOLOGY_READ_TEXT_H

#include <stddef.h>
#include <sys/stat.h>
#include "base/root.h"
#include "topology/read/tree.h"

#define TOPO_TEXT_MAX (8u << 20)

/**
 * topo_text_open - a regular file or pipe, without waiting for anybody
 * @below: what @path is relative to, with no link that leads out of it; NULL: the process' own
 *
 * Returns a descriptor and *ret, or -errno with a sentence without object: missing, unreadable, a
 * directory, FIFO or device.
 */
int topo_text_open(const struct root *below, const char *path, struct stat *ret, struct err *e);

/* Its bytes. Returns 0 and *ret (free()d by the caller), or -errno with a sentence without object:
 * unreadable, or larger than TOPO_TEXT_MAX. */
int topo_text_read(char **ret, size_t *ret_len, int fd, struct err *e);

/**
 * topo_text_clean - UTF-8 text with newlines only, NUL-terminated
 *
 * A byte order mark is dropped, CRLF becomes LF, a last line without newline gets one (libxlutil
 * refuses a comment there). Bytes that are not text (NUL, control characters, broken UTF-8), and a
 * text without anything but blanks, are an error. Returns 0 and *ret (free()d by the caller),
 * -EINVAL with a problem, -ENOMEM.
 */
int topo_text_clean(char **ret, struct topo_ctx *c, const char *raw, size_t len);

#endif
