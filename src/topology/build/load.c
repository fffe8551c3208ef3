// SPDX-License-Identifier: GPL-2.0-or-later
#include "topology/build/load.h"

#include <limits.h>
#include <string.h>

#include "topology/build/build.h"
#include "topology/build/value.h"
#include "topology/index.h"
#include "topology/read/lex.h"
#include "topology/read/text.h"

static const char *const top_keys[] = { "version", "hypervisor", "on_error", "pf",
					"dev",	   "vf",	 "domain",   NULL };

static void check_keys(struct topo_build *b, const struct topo_node *root)
{
	for (size_t i = 0; i < root->n; i++) {
		const struct topo_node *kid = &root->kids[i];
		size_t k = 0;

		while (top_keys[k] && strcmp(top_keys[k], kid->key))
			k++;
		if (!top_keys[k])
			topo_unknown_key(&b->c, kid->key_loc, kid->key, top_keys);
	}
}

/* Reads a top-level word that must be one of @choices; the first is the default. */
static unsigned top_choice(struct topo_build *b, const struct topo_node *root, const char *name,
			   const char *const *choices)
{
	const struct topo_node *node = topo_node_get(root, name);
	struct topo_word key = { name, { 0 }, false };
	struct topo_word value = { NULL, { 0 }, false };
	struct err why = { 0 };
	unsigned i = 0;

	if (!node)
		return 0;
	value = (struct topo_word){ node->text, node->loc, false };
	if (node->kind != NODE_STRING && node->kind != NODE_NUMBER)
		topo_error(&b->c, node->loc, "'%s' is %s, expected a string or a number", name,
			   node_kind_name(node->kind));
	else if (value_choice(&key, &value, choices, &i, &why) < 0)
		err_fix(topo_error(&b->c, node->loc, "%s", why.cause), 0, "%s", why.fix);
	return i;
}

static int build(struct topo_build *b, struct topo_node *root)
{
	static const char *const versions[] = { "1", NULL };
	static const char *const hypervisors[] = { "auto", "xen", "kvm", NULL };
	static const char *const on_error[] = { "rollback", "stop", NULL };
	struct topo_node *pf = topo_node_get(root, "pf"), *vf = topo_node_get(root, "vf");
	struct topo_node *dev = topo_node_get(root, "dev");
	struct topo_node *domain = topo_node_get(root, "domain");
	int r;

	check_keys(b, root);
	if (!topo_node_get(root, "version"))
		err_fix(topo_error(&b->c, (struct loc){ 0 }, "there is no version"), 0,
			"begin the file with: %s", b->is_json ? "{\"version\": 1," : "version = 1");
	top_choice(b, root, "version", versions);
	b->t->hypervisor = (enum topo_hypervisor)top_choice(b, root, "hypervisor", hypervisors);
	b->t->on_error = (enum topo_on_error)top_choice(b, root, "on_error", on_error);
	r = pf ? topo_build_pfs(b, pf) : 0;
	if (r == 0 && dev)
		r = topo_build_devs(b, dev);
	if (r == 0)
		r = topo_index_pf_names(b->t);
	if (r == 0 && vf)
		r = topo_build_vfs(b, vf);
	if (r == 0 && domain)
		r = topo_build_domains(b, domain);
	if (r == 0)
		r = topo_index_domain_names(b->t);
	if (r == 0)
		r = topo_index_runs(b->t, &b->c);
	return r < 0 ? r : topo_rules(b);
}

static int read_text(struct topo_build *b, const char *text)
{
	_cleanup_(topo_node_done) struct topo_node root = { 0 };
	int r;

	b->is_json = text[strspn(text, " \t\n")] == '{';
	r = (b->is_json ? topo_json_read : topo_lex)(&root, &b->c, text);
	return r < 0 ? r : build(b, &root);
}

static int start(struct topo_build *b, const char *file)
{
	b->t = calloc(1, sizeof(*b->t));
	if (!b->t)
		return -ENOMEM;
	b->t->file = strdup(file);
	b->t->index = calloc(1, sizeof(*b->t->index));
	return b->t->file && b->t->index ? 0 : -ENOMEM;
}

/* A long path is shown by its end, because the line and column behind it must fit into the object
 * of a sentence, too. */
static const char *shown_name(const char *file)
{
	const char *slash;

	while (strlen(file) > 96 && (slash = strchr(file, '/')))
		file = slash + 1;
	if (strlen(file) <= 96)
		return file;
	file += strlen(file) - 96;
	/* not in the middle of a character */
	while (((unsigned char)*file & 0xc0) == 0x80)
		file++;
	return file;
}

/* The number of hidden errors is reported in front of those that are shown. */
static void finish(struct topo_build *b)
{
	struct problems *p = b->c.problems;

	if (b->c.n_hidden)
		problem_error(p, (struct loc){ 0 },
			      "the file has %zu errors, and the first %d are shown",
			      p->n_errors + b->c.n_hidden, TOPO_ERRORS_MAX);
	problems_sort(p);
}

/* FNV-1a: tells whether a file is the one that it was. */
static uint64_t digest(const char *s)
{
	uint64_t h = 0xcbf29ce484222325ull;

	for (; *s; s++)
		h = (h ^ (unsigned char)*s) * 0x100000001b3ull;
	return h;
}

static int parse(struct topology **ret, const char *text, size_t len, const char *file,
		 const struct host *h, struct problems *problems, struct err *e)
{
	struct topo_build b = { .c = { .problems = problems }, .host = h };
	_cleanup_free_ char *clean = NULL;
	int r = start(&b, file);

	problems_done(problems);
	problems->file = shown_name(file);
	if (r == 0 && len > TOPO_TEXT_MAX) {
		topo_error(&b.c, (struct loc){ 0 }, "is larger than %u MiB", TOPO_TEXT_MAX >> 20);
		r = -EINVAL;
	}
	if (r == 0)
		r = topo_text_clean(&clean, &b.c, text, len);
	if (r == 0)
		b.t->digest = digest(clean);
	if (r == 0)
		r = read_text(&b, clean);
	finish(&b);
	if (r == 0 && !problems->n_errors) {
		*ret = b.t;
		return 0;
	}
	topology_free(b.t);
	return r == -ENOMEM ? err_set(e, ENOMEM, "out of memory") : -EINVAL;
}

int topology_parse(struct topology **ret, const char *text, size_t len, const char *file,
		   struct problems *problems, struct err *e)
{
	return parse(ret, text, len, file, NULL, problems, e);
}

int topology_load(struct topology **ret, const char *path, struct problems *problems, struct err *e)
{
	return topology_load_on(ret, path, NULL, problems, e);
}

/* Root's group, and the user who runs this, may write the file. */
static bool others_may_write(const struct stat *st)
{
	return (st->st_mode & S_IWOTH) || ((st->st_mode & S_IWGRP) && st->st_gid != 0) ||
	       (st->st_uid != 0 && st->st_uid != geteuid());
}

/* @below: read the host's own file, which messages call @path. */
static int load(struct topology **ret, const char *path, bool below, const struct host *h,
		struct problems *problems, struct err *e)
{
	_cleanup_free_ char *raw = NULL;
	_cleanup_close_ int fd = -1;
	struct err why = { 0 };
	struct err *said;
	struct stat st;
	size_t len;
	int r;

	problems_done(problems);
	problems->file = shown_name(path);
	fd = topo_text_open(below ? &h->root : NULL, below ? HOST_TOPOLOGY : path, &st, &why);
	r = fd < 0 ? fd : topo_text_read(&raw, &len, fd, &why);
	if (r == 0) {
		r = parse(ret, raw, len, path, h, problems, e);
		/* Nothing is done on a captured host, so there it does not matter. */
		if (r == 0 && h && !root_is_tree(&h->root) && others_may_write(&st))
			(*ret)->written_by =
				(struct topo_writers){ true, st.st_uid, st.st_mode & 07777 };
		return r;
	}
	said = problem_error(problems, (struct loc){ 0 }, "%s", why.cause);
	err_fix(said, 0, "%s", why.fix);
	if (said && e)
		*e = *said;
	return -EINVAL;
}

int topology_load_on(struct topology **ret, const char *path, const struct host *h,
		     struct problems *problems, struct err *e)
{
	return load(ret, path, false, h, problems, e);
}

int topology_load_below(struct topology **ret, const char *shown, const struct host *h,
			struct problems *problems, struct err *e)
{
	return load(ret, shown, true, h, problems, e);
}
