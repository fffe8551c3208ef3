// SPDX-License-Identifier: GPL-2.0-or-later
#include "topology/read/lex.h"

#include <string.h>

#define DEPTH_MAX 4
#define KEYS_MAX  256 /* six have a meaning, and each of the others gives a sentence */
#define WORD_MAX  40  /* how much of a word a sentence shows */

#define KEY_CHARS    "abcdefghijklmnopqrstuvwxyz0123456789._"
#define NUMBER_CHARS "0123456789abcdefx"

struct lexer {
	struct cursor at;
	struct topo_ctx *c;
};

/* Returns the length of the word at the cursor, which a blank or a punctuation mark ends. */
static size_t word_len(const char *p)
{
	size_t n = strcspn(p, " \t\n,;[]='\"#");

	return n ? n : *p && *p != '\n';
}

static int syntax_error(struct lexer *l, const char *expected, const char *fix)
{
	const char *p = l->at.p;
	size_t n = word_len(p);
	struct err *e;

	if (*p == '\0' || *p == '\n')
		e = topo_error(l->c, l->at.at, "expected %s, found the end of the %s", expected,
			       *p ? "line" : "file");
	else
		e = topo_error(l->c, l->at.at, "expected %s, found '%.*s'", expected,
			       (int)(n < WORD_MAX ? n : WORD_MAX), p);
	if (fix)
		err_fix(e, 0, "%s", fix);
	return -EINVAL;
}

/* Skips blanks and comments; also newlines when @lines is set. */
static void skip_blanks(struct lexer *l, bool lines)
{
	for (;;) {
		char ch = *l->at.p;

		if (ch == '#')
			while (*l->at.p && *l->at.p != '\n')
				cursor_step(&l->at);
		else if (ch == ' ' || ch == '\t' || (lines && ch == '\n'))
			cursor_step(&l->at);
		else
			return;
	}
}

/* The value is what stands there, so a backslash is an error, because libxlutil would take it for
 * an escape. Numbers are text to libxlutil, too. */
static int take_text(struct topo_node *node, const char *text, size_t len)
{
	node->text = strndup(text, len);
	return node->text ? 0 : -ENOMEM;
}

static int scan_string(struct lexer *l, struct topo_node *node)
{
	char quote = *l->at.p;
	struct loc start = l->at.at;
	const char *text = l->at.p + 1;
	int r;

	cursor_step(&l->at);
	*node = (struct topo_node){
		.kind = NODE_STRING, .loc = l->at.at, .key = node->key, .key_loc = node->key_loc
	};
	for (; *l->at.p != quote; cursor_step(&l->at)) {
		if (*l->at.p == '\n' || !*l->at.p) {
			err_fix(topo_error(l->c, start, "this string does not end on its line"), 0,
				"close it with %c", quote);
			return -EINVAL;
		}
		if (*l->at.p == '\\') {
			err_fix(topo_error(l->c, l->at.at, "this string has a backslash"), 0,
				"write the character itself, because nothing needs an escape here");
			return -EINVAL;
		}
	}
	r = take_text(node, text, (size_t)(l->at.p - text));
	cursor_step(&l->at);
	return r;
}

/* People write "true", 0000:05:00.0 and the like when they forget the quotes. */
static int scan_number(struct lexer *l, struct topo_node *node)
{
	struct cursor start = l->at;
	size_t n = strspn(l->at.p, NUMBER_CHARS);

	if (*start.p < '0' || *start.p > '9' || n != word_len(start.p))
		return syntax_error(l, "a string in quotes, a number or '['",
				    strchr("\n,;]=", *start.p) ? NULL : "put the value in quotes");
	node->kind = NODE_NUMBER;
	node->loc = start.at;
	for (size_t i = 0; i < n; i++)
		cursor_step(&l->at);
	return take_text(node, start.p, n);
}

static int scan_value(struct lexer *l, struct topo_node *node, unsigned depth);

static int endless_list(struct lexer *l, const struct topo_node *list)
{
	err_fix(topo_error(l->c, list->loc, "this list does not end"), 0, "close it with ]");
	return -EINVAL;
}

static int scan_items(struct lexer *l, struct topo_node *list, unsigned depth)
{
	int r;

	for (skip_blanks(l, true); *l->at.p != ']'; skip_blanks(l, true)) {
		struct topo_node *item;

		if (!*l->at.p)
			return endless_list(l, list);
		item = topo_node_add(list);
		if (!item)
			return -ENOMEM;
		r = scan_value(l, item, depth);
		if (r < 0)
			return r;
		skip_blanks(l, true);
		if (*l->at.p == ',')
			cursor_step(&l->at);
		else if (*l->at.p == '\'' || *l->at.p == '"' || *l->at.p == '[')
			return syntax_error(l, "',' between the items of a list", NULL);
		else if (*l->at.p && *l->at.p != ']')
			return syntax_error(l, "',' or ']' in a list", NULL);
	}
	cursor_step(&l->at);
	return 0;
}

static int scan_list(struct lexer *l, struct topo_node *node, unsigned depth)
{
	node->kind = NODE_LIST;
	node->loc = l->at.at;
	if (depth == DEPTH_MAX) {
		topo_error(l->c, l->at.at, "lists are nested more than %u levels deep", DEPTH_MAX);
		return -EINVAL;
	}
	cursor_step(&l->at);
	return scan_items(l, node, depth + 1);
}

static int scan_value(struct lexer *l, struct topo_node *node, unsigned depth)
{
	char ch = *l->at.p;

	if (ch == '[')
		return scan_list(l, node, depth);
	if (ch == '"' || ch == '\'')
		return scan_string(l, node);
	return scan_number(l, node);
}

static int scan_key(struct lexer *l, struct topo_node *node)
{
	size_t n = word_len(l->at.p);

	if (n > 1 && !strncmp(l->at.p + n - 1, "+=", 2))
		n--;
	if (*l->at.p < 'a' || *l->at.p > 'z' || strspn(l->at.p, KEY_CHARS) < n)
		return syntax_error(l, "a key such as pf, vf or domain",
				    "write keys in small letters, comments after #");
	node->key_loc = l->at.at;
	node->key = strndup(l->at.p, n);
	while (n--)
		cursor_step(&l->at);
	return node->key ? 0 : -ENOMEM;
}

/* In xl.cfg the last value of a key counts, so drop an earlier one. */
static void drop_duplicate(struct lexer *l, struct topo_node *root)
{
	struct topo_node *late = &root->kids[root->n - 1];
	struct topo_node *early = topo_node_get(root, late->key);

	if (early == late)
		return;
	err_fix(topo_error(l->c, late->key_loc, "'%s' is already given in line %u", late->key,
			   early->key_loc.line),
		0, "join both into one");
	topo_node_done(early);
	*early = *late;
	root->n--;
}

static int scan_assignment(struct lexer *l, struct topo_node *root)
{
	struct topo_node *node = topo_node_add(root);
	int r;

	if (!node)
		return -ENOMEM;
	r = scan_key(l, node);
	if (r < 0)
		return r;
	skip_blanks(l, false);
	if (!strncmp(l->at.p, "+=", 2)) {
		err_fix(topo_error(l->c, l->at.at, "a topology cannot have '+='"), 0,
			"write the whole value of '%s' in one place", node->key);
		return -EINVAL;
	}
	if (*l->at.p != '=')
		return syntax_error(l, "'=' after the key", NULL);
	cursor_step(&l->at);
	skip_blanks(l, false);
	r = scan_value(l, node, 0);
	if (r < 0)
		return r;
	skip_blanks(l, false);
	if (*l->at.p != '\n' && *l->at.p != ';')
		return syntax_error(l, "the end of the line after a value", NULL);
	cursor_step(&l->at);
	drop_duplicate(l, root);
	return 0;
}

/* Tells whether an assignment begins here. Items of a list that follow an error do not look like
 * one. */
static bool looks_like_assignment(const char *p)
{
	p += strspn(p, " \t");
	if (*p < 'a' || *p > 'z')
		return false;
	p += strspn(p, KEY_CHARS);
	p += strspn(p, " \t+");
	return *p == '=';
}

static void recover(struct lexer *l)
{
	do {
		while (*l->at.p && *l->at.p != '\n')
			cursor_step(&l->at);
		if (*l->at.p)
			cursor_step(&l->at);
	} while (*l->at.p && !looks_like_assignment(l->at.p));
}

int topo_lex(struct topo_node *root, struct topo_ctx *c, const char *text)
{
	struct lexer l = { .at = { text, { 1, 1 } }, .c = c };
	int r, worst = 0;

	*root = (struct topo_node){ .kind = NODE_OBJECT, .loc = { 1, 1 } };
	for (skip_blanks(&l, true); *l.at.p; skip_blanks(&l, true)) {
		if (*l.at.p == ';') { /* an empty assignment */
			cursor_step(&l.at);
			continue;
		}
		r = scan_assignment(&l, root);
		if (r == -ENOMEM)
			return r;
		if (r < 0) {
			worst = r;
			recover(&l);
		}
		if (root->n > KEYS_MAX) {
			topo_error(c, l.at.at, "the file has more than %d keys", KEYS_MAX);
			return -EINVAL;
		}
	}
	return worst;
}
