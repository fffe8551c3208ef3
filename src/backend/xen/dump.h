/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Makes a store that can be read from the text of xenstore-ls -f. Pure. */
#ifndef VFY_BACKEND_XEN_DUMP_H
#define VFY_BACKEND_XEN_DUMP_H

#include <stddef.h>

struct dump;

/**
 * dump_parse - read lines '/libxl/pci/0000-05-10-0/domid = "3"'
 *
 * Lines of another form are skipped, and so is what follows the value. Returns NULL when out of
 * memory. Free it with dump_free(). Source: Xen tools/xenstore/xenstore_client.c, do_ls();
 * tools/xs_lib.c, sanitise_value() (the escapes).
 */
struct dump *dump_parse(const char *text);
void dump_free(struct dump *d);

/* Returns the value of a node, borrowed; NULL with errno ENOENT when there is no such node. */
const char *dump_read(const struct dump *d, const char *path);

/* Returns the names of the nodes below, malloc()ed in one piece with what they point to; NULL with
 * errno ENOENT when there is none. */
char **dump_list(const struct dump *d, const char *path, unsigned *ret_n);

#endif
