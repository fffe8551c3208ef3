/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The bytes of a topology file: reads them up to a limit, and makes clean text of them. */
#ifndef VFY_TOPOLOGY_READ_TEXT_H
#define VFY_TOPOLOGY_READ_TEXT_H

#include <stddef.h>
#include <sys/stat.h>
#include "base/root.h"
#include "topology/read/tree.h"

#define TOPO_TEXT_MAX (8u << 20)

/**
 * topo_text_open - open a regular file or pipe, without waiting for anybody
 * @below: what @path is relative to, and no link may lead out of it; NULL: the process's own
 *         directory
 *
 * "-" is standard input, whatever that is.
 *
 * Returns a descriptor and *ret, or -errno with a sentence without an object when @path is missing,
 * unreadable, a directory, a FIFO or a device.
 */
int topo_text_open(const struct root *below, const char *path, struct stat *ret, struct err *e);

/* Reads its bytes. Returns 0 and *ret (the caller frees it), or -errno with a sentence without an
 * object when it is unreadable, or larger than TOPO_TEXT_MAX. */
int topo_text_read(char **ret, size_t *ret_len, int fd, struct err *e);

/**
 * topo_text_clean - make UTF-8 text with plain newlines, NUL-terminated
 *
 * A byte order mark is dropped, CRLF becomes LF, and a last line without a newline gets one
 * (because libxlutil refuses a comment there). Bytes that are not text (NUL, control characters,
 * broken UTF-8), and a text that has only blanks, are errors. Returns 0 and *ret (the caller frees
 * it), -EINVAL with a problem, or -ENOMEM.
 */
int topo_text_clean(char **ret, struct topo_ctx *c, const char *raw, size_t len);

#endif
