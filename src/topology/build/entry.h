/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Specifications of the form "net0/0-3: vlan=100, qos=2", or JSON objects that say the same. */
#ifndef VFY_TOPOLOGY_BUILD_ENTRY_H
#define VFY_TOPOLOGY_BUILD_ENTRY_H

#include "topology/read/tree.h"

#define TOPO_PAIRS_MAX 32

struct topo_word {
	const char *s; /* points into the node's text; NULL when not given */
	struct loc loc;
	bool is_bool; /* it is a JSON true ("1") or false ("0") */
};

struct topo_entry {
	struct loc loc;
	struct topo_word head;	  /* what stands before the colon, or before the slash if there is
				   * one */
	struct topo_word index;	  /* what stands after the slash; s is NULL without a slash */
	struct topo_word address; /* an address in place of the head, whose s is NULL then;
				   * otherwise s is NULL */
	struct topo_word keys[TOPO_PAIRS_MAX], values[TOPO_PAIRS_MAX];
	size_t n;
};

/**
 * topo_entry_split - take a string apart
 * @node: a string; its text is cut into words, which @ret borrows
 *
 * The form is "HEAD[/INDEX][: key=value, ...]". Blanks around words do not count. A value may stand
 * in the quotes that are not around the string: "net0: netdev='mgmtpf0,0'". A pair that is empty,
 * or is not key=value, is an error, and the rest is still read. Returns 0 or -EINVAL with problems;
 * a PCI address or a wildcard in place of a name gives -EINVAL without a problem, because the
 * caller reports it from @ret->address.
 */
int topo_entry_split(struct topo_entry *ret, struct topo_node *node, struct topo_ctx *c);

/**
 * topo_entry_object - take a JSON object apart @head_key, @index_key: names of the members that
 * hold head and index; NULL: there is none
 * @other: NULL-terminated names of members that are not pairs; NULL: there are none
 *
 * Returns 0 or -EINVAL with problems (a value that is a list, null, ...).
 */
int topo_entry_object(struct topo_entry *ret, const struct topo_node *node, const char *head_key,
		      const char *index_key, const char *const *other, struct topo_ctx *c);

/* One key that a specification may have. */
struct topo_field {
	const char *name;
	bool is_switch; /* JSON's true and false are allowed */
	/* Returns 0, or -EINVAL with cause and fix. */
	int (*set)(void *object, const struct topo_word *key, const struct topo_word *value,
		   struct err *e);
};

/**
 * topo_entry_apply - set every pair of @spec on @object
 *
 * It reports a key that is not in @fields (with the closest one as the fix), a key that is given
 * twice, and a value that its setter refuses; each at its own word.
 */
void topo_entry_apply(const struct topo_entry *spec, const struct topo_field *fields, size_t n,
		      void *object, struct topo_ctx *c);

/**
 * topo_unknown_key - report a key that is not allowed
 * @names: NULL-terminated list of the keys that are allowed
 */
void topo_unknown_key(struct topo_ctx *c, struct loc loc, const char *key,
		      const char *const *names);

#endif
