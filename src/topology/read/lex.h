/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The places of everything in a text of xl.cfg syntax, and what is wrong with the syntax. */
#ifndef VFY_TOPOLOGY_READ_LEX_H
#define VFY_TOPOLOGY_READ_LEX_H

#include "topology/read/tree.h"

/**
 * topo_lex - scan a clean text of xl.cfg syntax
 * @root: becomes an object with one member for each key, the last value of a duplicate; text of
 *	  strings and numbers stays NULL, for values come from libxlutil
 *
 * Stricter than libxlutil where that is silent or loses places: "+=" and backslashes in strings
 * (octal escapes vanish there) are errors. Goes on after an error at the next line that looks like
 * an assignment. Returns 0, -EINVAL with problems, or -ENOMEM.
 * Source: Xen tools/libs/util/libxlu_cfg_l.l, libxlu_cfg_y.y.
 */
int topo_lex(struct topo_node *root, struct topo_ctx *c, const char *text);

/**
 * topo_xlcfg_values - text of every string and number of @root, as libxlutil reads them
 * @text: what @root was scanned from
 *
 * Not in builds without libxlutil. Returns 0, -EINVAL with problems when libxlutil sees an error
 * that topo_lex() did not, or -ENOMEM.
 */
int topo_xlcfg_values(struct topo_node *root, struct topo_ctx *c, const char *text);

/**
 * topo_json_read - scan a clean text of JSON
 * @root: becomes the document's object, with texts and places
 *
 * Values are jansson's; places are found by walking the text beside them. Returns 0, -EINVAL with
 * problems, or -ENOMEM.
 */
int topo_json_read(struct topo_node *root, struct topo_ctx *c, const char *text);

#endif
