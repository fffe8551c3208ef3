/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the two syntaxes of a topology have in common: keys, strings and lists, each with its
 * place. */
#ifndef VFY_TOPOLOGY_READ_TREE_H
#define VFY_TOPOLOGY_READ_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include "base/problem.h"

enum node_kind {
	NODE_STRING,
	NODE_NUMBER,
	NODE_BOOL, /* JSON only; text "1" or "0" */
	NODE_NULL, /* JSON only */
	NODE_LIST,
	NODE_OBJECT,
};

/* Returns "a string", "a list", ... for messages. */
const char *node_kind_name(enum node_kind k);

struct topo_node {
	enum node_kind kind;
	struct loc loc;	    /* of the value; for a string, of its first character */
	struct loc key_loc; /* of the key, for a member of an object */
	char *key;	    /* for a member of an object */
	char *text;	    /* for STRING, NUMBER, BOOL */
	struct topo_node *kids;
	size_t n;
};

/* Adds a zeroed child at the end, which is valid until the next one is added. Returns NULL when out
 * of memory. */
struct topo_node *topo_node_add(struct topo_node *parent);
void topo_node_done(struct topo_node *n);

/* Returns the member of an object with this key, NULL when there is none. */
struct topo_node *topo_node_get(const struct topo_node *object, const char *key);

/* Where a reader stands in a text that ends with NUL. Columns count characters, not bytes. */
struct cursor {
	const char *p;
	struct loc at;
};

void cursor_step(struct cursor *c);

#define TOPO_ERRORS_MAX 100

/* One run of a reader. The number of errors is limited, because a junk file must not fill memory
 * with sentences. */
struct topo_ctx {
	struct problems *problems;
	size_t n_hidden; /* errors beyond TOPO_ERRORS_MAX */
};

static inline struct err *topo_hide(struct topo_ctx *c)
{
	c->n_hidden++;
	return NULL;
}

/* Like problem_error(), for up to TOPO_ERRORS_MAX errors. */
#define topo_error(c, loc, ...)                                                                    \
	((c)->problems->n_errors < TOPO_ERRORS_MAX                                                 \
		 ? problem_error((c)->problems, loc, __VA_ARGS__)                                  \
		 : topo_hide(c))

#endif
