/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The readers of the two syntaxes: a text becomes a tree, or sentences about what is wrong. */
#ifndef VFY_TOPOLOGY_READ_LEX_H
#define VFY_TOPOLOGY_READ_LEX_H

#include "topology/read/tree.h"

/**
 * topo_lex - read a clean text of xl.cfg syntax
 * @root: becomes an object with texts and places, one member for each key
 *
 * Reads what libxlutil reads, and the same in it: tests/test_xen_topology.c compares both. Stricter
 * on purpose where that is silent or surprises. Errors are: "+=", backslashes in strings (octal
 * escapes vanish there), a key given twice (the last value counts), more than 256 keys, lists
 * nested more than 4 deep. Goes on after an error at the next line that looks like an assignment.
 * Returns 0, -EINVAL with problems, or -ENOMEM. Source: Xen tools/libs/util/libxlu_cfg_l.l,
 * libxlu_cfg_y.y.
 */
int topo_lex(struct topo_node *root, struct topo_ctx *c, const char *text);

/**
 * topo_json_read - scan a clean text of JSON
 * @root: becomes the document's object, with texts and places
 *
 * Values are jansson's; places are found by walking the text beside them. Returns 0, -EINVAL with
 * problems, or -ENOMEM.
 */
int topo_json_read(struct topo_node *root, struct topo_ctx *c, const char *text);

#endif
