// SPDX-License-Identifier: GPL-2.0-or-later
/* Reads JSON with jansson. The text is walked beside its values, because jansson does not tell
 * places. */
#include "topology/read/lex.h"

#include <string.h>
#include <jansson.h>

static void decref(json_t **j)
{
	json_decref(*j);
}

static void skip_blanks(struct cursor *at)
{
	while (*at->p == ' ' || *at->p == '\t' || *at->p == '\n')
		cursor_step(at);
}

/* Steps over a string and its quotes. */
static void skip_string(struct cursor *at)
{
	for (cursor_step(at); *at->p != '"'; cursor_step(at))
		if (*at->p == '\\')
			cursor_step(at);
	cursor_step(at);
}

static int walk(struct topo_node *node, struct cursor *at, json_t *v);

static int walk_list(struct topo_node *node, struct cursor *at, json_t *v)
{
	int r;

	node->kind = NODE_LIST;
	cursor_step(at);
	for (size_t i = 0; i < json_array_size(v); i++) {
		struct topo_node *kid = topo_node_add(node);

		if (!kid)
			return -ENOMEM;
		r = walk(kid, at, json_array_get(v, i));
		if (r < 0)
			return r;
		skip_blanks(at);
		if (*at->p == ',')
			cursor_step(at);
	}
	skip_blanks(at);
	cursor_step(at);
	return 0;
}

/* jansson iterates over the members in the order of the text, in which no key occurs twice. */
static int walk_object(struct topo_node *node, struct cursor *at, json_t *v)
{
	const char *key;
	json_t *value;
	int r;

	node->kind = NODE_OBJECT;
	cursor_step(at);
	json_object_foreach(v, key, value)
	{
		struct topo_node *kid = topo_node_add(node);

		if (!kid)
			return -ENOMEM;
		kid->key = strdup(key);
		if (!kid->key)
			return -ENOMEM;
		skip_blanks(at);
		kid->key_loc = at->at;
		kid->key_loc.col++;
		skip_string(at);
		skip_blanks(at);
		cursor_step(at);
		r = walk(kid, at, value);
		if (r < 0)
			return r;
		skip_blanks(at);
		if (*at->p == ',')
			cursor_step(at);
	}
	skip_blanks(at);
	cursor_step(at);
	return 0;
}

static int walk_string(struct topo_node *node, struct cursor *at, json_t *v)
{
	node->kind = NODE_STRING;
	node->loc.col++;
	skip_string(at);
	node->text = strdup(json_string_value(v));
	return node->text ? 0 : -ENOMEM;
}

/* Reads numbers, true, false, null. A number keeps its own spelling, because 1e2 is not a number of
 * VFs. */
static int walk_word(struct topo_node *node, struct cursor *at, json_t *v)
{
	const char *start = at->p;

	while (*at->p && !strchr(" \t\n,]}", *at->p))
		cursor_step(at);
	node->kind = json_is_number(v) ? NODE_NUMBER : json_is_boolean(v) ? NODE_BOOL : NODE_NULL;
	if (node->kind == NODE_BOOL)
		node->text = strdup(json_is_true(v) ? "1" : "0");
	else
		node->text = strndup(start, (size_t)(at->p - start));
	return node->text ? 0 : -ENOMEM;
}

static int walk(struct topo_node *node, struct cursor *at, json_t *v)
{
	skip_blanks(at);
	node->loc = at->at;
	if (json_is_array(v))
		return walk_list(node, at, v);
	if (json_is_object(v))
		return walk_object(node, at, v);
	if (json_is_string(v))
		return walk_string(node, at, v);
	return walk_word(node, at, v);
}

int topo_json_read(struct topo_node *root, struct topo_ctx *c, const char *text)
{
	struct cursor at = { text, { 1, 1 } };
	json_error_t why;
	_cleanup_(decref) json_t *doc =
		json_loadb(text, strlen(text), JSON_REJECT_DUPLICATES, &why);

	*root = (struct topo_node){ .kind = NODE_OBJECT, .loc = { 1, 1 } };
	if (!doc) {
		struct loc bad = { why.line > 0 ? (unsigned)why.line : 0,
				   why.column > 0 ? (unsigned)why.column : 1 };

		topo_error(c, bad, "not JSON: %s", why.text);
		return -EINVAL;
	}
	return walk(root, &at, doc);
}
