// SPDX-License-Identifier: GPL-2.0-or-later
#include "topology/read/tree.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"

const char *node_kind_name(enum node_kind k)
{
	static const char *const names[] = {
		[NODE_STRING] = "a string",    [NODE_NUMBER] = "a number",
		[NODE_BOOL] = "true or false", [NODE_NULL] = "null",
		[NODE_LIST] = "a list",	       [NODE_OBJECT] = "an object",
	};

	return names[k];
}

struct topo_node *topo_node_add(struct topo_node *parent)
{
	if (ARRAY_GROW(parent->kids, parent->n) < 0)
		return NULL;
	parent->kids[parent->n] = (struct topo_node){ 0 };
	return &parent->kids[parent->n++];
}

void topo_node_done(struct topo_node *n)
{
	for (size_t i = 0; i < n->n; i++)
		topo_node_done(&n->kids[i]);
	free(n->kids);
	free(n->key);
	free(n->text);
	*n = (struct topo_node){ 0 };
}

struct topo_node *topo_node_get(const struct topo_node *object, const char *key)
{
	for (size_t i = 0; i < object->n; i++)
		if (object->kids[i].key && !strcmp(object->kids[i].key, key))
			return &object->kids[i];
	return NULL;
}

void cursor_step(struct cursor *c)
{
	char was = *c->p++;

	if (was == '\n')
		c->at = (struct loc){ c->at.line + 1, 1 };
	else if (((unsigned char)*c->p & 0xc0) != 0x80)
		c->at.col++;
}
