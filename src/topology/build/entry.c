// SPDX-License-Identifier: GPL-2.0-or-later
#include "topology/build/entry.h"

#include <string.h>

#include "base/bdf.h"

/* Where a string's text is being cut. Strings have no escapes here, so a column in the text is a
 * column in the file. */
struct cut {
	struct cursor at;
	const struct topo_node *node;
};

/* Takes the word from the cursor up to one of @stops, without blanks around it, and ends it with
 * NUL. Returns the stop (NUL at the end of the text); the cursor is behind it then. */
static char take_word(struct topo_word *ret, struct cut *cut, const char *stops)
{
	char *start, *end, stop;

	while (*cut->at.p == ' ' || *cut->at.p == '\t')
		cursor_step(&cut->at);
	*ret = (struct topo_word){ .s = cut->at.p, .loc = cut->at.at };
	start = cut->node->text + (cut->at.p - cut->node->text);
	while (*cut->at.p && !strchr(stops, *cut->at.p))
		cursor_step(&cut->at);
	stop = *cut->at.p;
	end = start + (cut->at.p - start);
	if (stop)
		cursor_step(&cut->at);
	while (end > start && (end[-1] == ' ' || end[-1] == '\t'))
		end--;
	*end = '\0';
	return stop;
}

/* Takes "'VALUE'" or "\"VALUE\""; commas in it belong to the value. */
static int take_quoted(struct topo_word *ret, struct cut *cut, char *stop, struct topo_ctx *c)
{
	const char quote[] = { *cut->at.p, '\0' };
	struct loc start = cut->at.at;
	struct topo_word behind;

	cursor_step(&cut->at);
	if (!strchr(cut->at.p, *quote)) {
		err_fix(topo_error(c, start, "the quote in %s%s is not closed", quote, cut->at.p),
			0, "write %s at the end of the value", quote);
		*stop = '\0';
		return -EINVAL;
	}
	*ret = (struct topo_word){ .s = cut->at.p, .loc = cut->at.at };
	while (*cut->at.p != *quote)
		cursor_step(&cut->at);
	cut->node->text[cut->at.p - cut->node->text] = '\0';
	cut->at.p++;
	cut->at.at.col++;
	*stop = take_word(&behind, cut, ",");
	if (!*behind.s)
		return 0;
	err_fix(topo_error(c, behind.loc, "'%s' stands after the quoted value", behind.s), 0,
		"write a comma there");
	return -EINVAL;
}

static int take_value(struct topo_word *ret, struct cut *cut, char *stop, struct topo_ctx *c)
{
	while (*cut->at.p == ' ' || *cut->at.p == '\t')
		cursor_step(&cut->at);
	if (*cut->at.p == '\'' || *cut->at.p == '"')
		return take_quoted(ret, cut, stop, c);
	*stop = take_word(ret, cut, ",");
	return 0;
}

static int take_pair(struct topo_entry *spec, struct cut *cut, char *stop, struct topo_ctx *c)
{
	struct topo_word key, value;

	*stop = take_word(&key, cut, "=,");
	if (*stop != '=') {
		if (*key.s)
			err_fix(topo_error(c, key.loc, "'%s' is not key=value", key.s), 0,
				"write it as key=value, or remove it");
		else
			err_fix(topo_error(c, key.loc, "expected key=value, found nothing"), 0,
				"remove the comma, or write key=value");
		return -EINVAL;
	}
	if (take_value(&value, cut, stop, c) < 0)
		return -EINVAL;
	if (spec->n == TOPO_PAIRS_MAX) {
		topo_error(c, key.loc, "this string has more than %d keys", TOPO_PAIRS_MAX);
		*stop = '\0';
		return -EINVAL;
	}
	spec->keys[spec->n] = key;
	spec->values[spec->n++] = value;
	return 0;
}

/* Takes an address where a name belongs, with or without "bdf=" before it, because its colons would
 * be taken for separators. */
static bool take_address(struct topo_entry *ret, const struct cut *cut)
{
	char *p = cut->node->text + strspn(cut->node->text, " \t"), *slash;
	char word[BDF_STRLEN + 1];
	struct topo_word found = { .loc = cut->node->loc };
	struct bdf b;
	size_t n;

	if (!strncmp(p, "bdf=", 4))
		p += 4;
	n = strspn(p, "0123456789abcdefABCDEF:.*");
	while (n && p[n - 1] == ':')
		n--;
	if (n >= sizeof(word) || !memchr(p, ':', n))
		return false;
	memcpy(word, p, n);
	word[n] = '\0';
	if (!bdf_scan(&b, word) && !strstr(word, ".*"))
		return false;
	found.s = p;
	slash = p[n] == '/' ? p + n : NULL;
	if (slash) {
		ret->index = (struct topo_word){ .s = slash + 1, .loc = found.loc };
		slash[1 + strcspn(slash + 1, ":, \t")] = '\0';
	}
	p[n] = '\0';
	ret->address = found;
	return true;
}

int topo_entry_split(struct topo_entry *ret, struct topo_node *node, struct topo_ctx *c)
{
	struct cut cut = { .at = { node->text, node->loc }, .node = node };
	int worst = 0;
	char stop;

	*ret = (struct topo_entry){ .loc = node->loc };
	if (take_address(ret, &cut))
		return -EINVAL;
	stop = take_word(&ret->head, &cut, "/:,");
	ret->loc = ret->head.loc;
	if (stop == '/')
		stop = take_word(&ret->index, &cut, ":,");
	if (stop == ',') {
		err_fix(topo_error(c, ret->head.loc,
				   "expected a colon after '%s%s%s', found a comma", ret->head.s,
				   ret->index.s ? "/" : "", ret->index.s ? ret->index.s : ""),
			0, "write a colon there, and commas between the key=value pairs");
		return -EINVAL;
	}
	/* "name:" alone has no pairs */
	if (stop && !cut.at.p[strspn(cut.at.p, " \t")])
		stop = '\0';
	while (stop)
		if (take_pair(ret, &cut, &stop, c) < 0)
			worst = -EINVAL;
	return worst;
}

static bool is_one_of(const char *key, const char *const *names)
{
	for (; names && *names; names++)
		if (!strcmp(key, *names))
			return true;
	return false;
}

static int take_member(struct topo_entry *spec, const struct topo_node *kid, const char *head_key,
		       const char *index_key, struct topo_ctx *c)
{
	struct topo_word value = { kid->text, kid->loc, kid->kind == NODE_BOOL };
	bool is_head = head_key && !strcmp(kid->key, head_key);
	bool is_index = index_key && !strcmp(kid->key, index_key);
	bool is_pair = !is_head && !is_index;

	if (kid->kind != NODE_STRING && kid->kind != NODE_NUMBER &&
	    (kid->kind != NODE_BOOL || !is_pair)) {
		topo_error(c, kid->loc, "'%s' is %s, expected a string or a number", kid->key,
			   node_kind_name(kid->kind));
		return -EINVAL;
	}
	if (is_head) {
		spec->head = value;
		spec->loc = kid->loc;
	} else if (is_index) {
		spec->index = value;
	} else if (spec->n == TOPO_PAIRS_MAX) {
		topo_error(c, kid->key_loc, "this object has more than %d keys", TOPO_PAIRS_MAX);
		return -EINVAL;
	} else {
		spec->keys[spec->n] = (struct topo_word){ kid->key, kid->key_loc, false };
		spec->values[spec->n++] = value;
	}
	return 0;
}

int topo_entry_object(struct topo_entry *ret, const struct topo_node *node, const char *head_key,
		      const char *index_key, const char *const *other, struct topo_ctx *c)
{
	int worst = 0;

	*ret = (struct topo_entry){ .loc = node->loc };
	if (node->kind != NODE_OBJECT) {
		topo_error(c, node->loc, "expected an object, found %s",
			   node_kind_name(node->kind));
		return -EINVAL;
	}
	for (size_t i = 0; i < node->n; i++)
		if (!is_one_of(node->kids[i].key, other) &&
		    take_member(ret, &node->kids[i], head_key, index_key, c) < 0)
			worst = -EINVAL;
	return worst;
}
