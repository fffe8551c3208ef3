/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Readers of the two syntaxes: they make a tree from a text, or sentences about what is wrong with
 * it. */
#ifndef VFY_TOPOLOGY_READ_LEX_H
#define VFY_TOPOLOGY_READ_LEX_H

#include "topology/read/tree.h"

/**
 * topo_lex - read a clean text in xl.cfg syntax
 * @root: becomes an object with texts and places, one member for each key
 *
 * Accepts what libxlutil accepts and reads it in the same way: tests/test_xen_topology.c compares
 * both. It is stricter on purpose where libxlutil is silent or surprising. Errors are "+=",
 * backslashes in strings (libxlutil loses octal escapes), a key that is given twice (the last value
 * counts), more than 256 keys, and lists that are nested more than 4 deep. After an error it
 * continues at the next line that looks like an assignment. Returns 0, -EINVAL with problems, or
 * -ENOMEM. Source: Xen tools/libs/util/libxlu_cfg_l.l, libxlu_cfg_y.y.
 */
int topo_lex(struct topo_node *root, struct topo_ctx *c, const char *text);

/**
 * topo_json_read - read a clean text in JSON
 * @root: becomes the document's object, with texts and places
 *
 * jansson finds the values; their places are found by walking the text beside them. Returns 0,
 * -EINVAL with problems, or -ENOMEM.
 */
int topo_json_read(struct topo_node *root, struct topo_ctx *c, const char *text);

#endif
