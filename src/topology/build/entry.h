/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Specifications: "net0/0-3: vlan=100, qos=2", or the JSON object that says the same. */
#ifndef VFY_TOPOLOGY_BUILD_ENTRY_H
#define VFY_TOPOLOGY_BUILD_ENTRY_H

#include "topology/read/tree.h"

#define TOPO_PAIRS_MAX 32

struct topo_word {
	const char *s; /* in the node's text; NULL when not given */
	struct loc loc;
	bool is_bool; /* a JSON true ("1") or false ("0") */
};

struct topo_entry {
	struct loc loc;
	struct topo_word head;	  /* what stands before the colon, or before a slash there */
	struct topo_word index;	  /* what stands after the slash; s NULL without slash */
	struct topo_word address; /* in place of the head, which is NULL then; else s NULL */
	struct topo_word keys[TOPO_PAIRS_MAX], values[TOPO_PAIRS_MAX];
	size_t n;
};

/**
 * topo_entry_split - take a string apart
 * @node: a string; its text is cut into words, which @ret borrows
 *
 * "HEAD[/INDEX][: key=value, ...]". Blanks around words do not count. A value may stand in quotes,
 * those that are not around the string: "net0: netdev='mgmtpf0,0'". What is not key=value, or is
 * empty, is an error, and the rest is still read. Returns 0 or -EINVAL with problems; a PCI address
 * or a wildcard in place of a name is -EINVAL without one, in @ret->address, for the caller to say.
 */
int topo_entry_split(struct topo_entry *ret, struct topo_node *node, struct topo_ctx *c);

/**
 * topo_entry_object - the same of a JSON object
 * @head_key, @index_key: members that are head and index; NULL: there is none
 * @other: NULL-terminated names of members that are no pairs; NULL: there are none
 *
 * Returns 0 or -EINVAL with problems (a value that is a list, null, ...).
 */
int topo_entry_object(struct topo_entry *ret, const struct topo_node *node, const char *head_key,
		      const char *index_key, const char *const *other, struct topo_ctx *c);

/* One key that a specification may have. */
struct topo_field {
	const char *name;
	bool is_switch; /* JSON's true and false mean something here */
	/* 0, or -EINVAL with cause and fix. */
	int (*set)(void *object, const struct topo_word *key, const struct topo_word *value,
		   struct err *e);
};

/**
 * topo_entry_apply - set every pair of @spec on @object
 *
 * Errors: a key that is not in @fields (with the closest one as the fix), a key given twice, a
 * value that its setter refuses; each at its own word.
 */
void topo_entry_apply(const struct topo_entry *spec, const struct topo_field *fields, size_t n,
		      void *object, struct topo_ctx *c);

/**
 * topo_unknown_key - the error for a key that is not allowed
 * @names: NULL-terminated, those that are
 */
void topo_unknown_key(struct topo_ctx *c, struct loc loc, const char *key,
		      const char *const *names);

/* The one of @names (NULL-terminated) that @word may have meant, NULL when none is close. */
const char *topo_closest(const char *word, const char *const *names);

#endif
