// SPDX-License-Identifier: GPL-2.0-or-later
/* What the parts of the builder share: lists, specifications, ranges. */
#include "topology/build/build.h"

#include <string.h>

#include "base/closest.h"
#include "topology/index.h"

bool topo_build_is_list(struct topo_build *b, const struct topo_node *value)
{
	if (value->kind == NODE_LIST)
		return true;
	err_fix(topo_error(&b->c, value->loc, "'%s' is %s, expected a list", value->key,
			   node_kind_name(value->kind)),
		0, "put [ and ] around it");
	return false;
}

int topo_build_entry(struct topo_build *b, struct topo_node *node, const char *head_key,
		     const char *index_key, struct topo_entry *ret)
{
	*ret = (struct topo_entry){ .loc = node->loc };
	if (b->is_json)
		return topo_entry_object(ret, node, head_key, index_key, NULL, &b->c);
	if (node->kind == NODE_STRING)
		return topo_entry_split(ret, node, &b->c);
	topo_error(&b->c, node->loc, "expected a string, found %s", node_kind_name(node->kind));
	return -EINVAL;
}

static int not_defined(struct topo_build *b, const struct topo_word *name)
{
	const char *names[16] = { NULL };
	const char *close;
	struct err *e;

	if (b->pf_names_unsure)
		return -EINVAL;
	for (size_t i = 0; i < b->t->n_pfs && i < ARRAY_SIZE(names) - 1; i++)
		names[i] = b->t->pfs[i].name;
	close = closest_word(name->s, names);
	e = topo_error(&b->c, name->loc, "PF '%s' is not defined", name->s);
	if (close)
		err_fix(e, 0, "write '%s', or add '%s' to the pf list", close, name->s);
	else
		err_fix(e, 0, "add '%s' to the pf list", name->s);
	return -EINVAL;
}

/* Reads up to five digits, more than any PF needs. Returns NULL when there are none. */
static const char *scan_index(const char *s, unsigned *ret)
{
	size_t n = strspn(s, "0123456789");

	if (n < 1 || n > 5)
		return NULL;
	*ret = (unsigned)strtoul(s, NULL, 10);
	return s + n;
}

static int scan_range(struct topo_build *b, const struct topo_word *word, struct topo_range *ret)
{
	const char *p;

	ret->all = !strcmp(word->s, "*");
	if (ret->all)
		return 0;
	p = scan_index(word->s, &ret->first);
	ret->last = ret->first;
	if (p && *p == '-')
		p = scan_index(p + 1, &ret->last);
	if (!p || *p) {
		err_fix(topo_error(&b->c, word->loc, "'%s' is not an index of VFs", word->s), 0,
			"write INDEX, A-B or *");
		return -EINVAL;
	}
	if (ret->last < ret->first) {
		err_fix(topo_error(&b->c, word->loc, "the range %s runs backwards", word->s), 0,
			"write %u-%u", ret->last, ret->first);
		return -EINVAL;
	}
	return 0;
}

static int no_index(struct topo_build *b, const struct topo_entry *spec)
{
	struct loc at = spec->loc;

	if (b->is_json && spec->head.s && topo_build_is_dev(b, spec, &(struct topo_range){ 0 }))
		err_fix(topo_error(&b->c, at, "'%s' is a device of the dev list, which has no VFs",
				   spec->head.s),
			0, "name it in a domain, {\"dev\": \"%s\"}", spec->head.s);
	else if (b->is_json)
		err_fix(topo_error(&b->c, at, "this entry has no \"%s\"",
				   spec->head.s ? "index" : "pf"),
			0, "add it");
	else
		err_fix(topo_error(&b->c, at, "'%s' names no VFs", spec->head.s), 0,
			"write PF/INDEX, PF/A-B or PF/*");
	return -EINVAL;
}

bool topo_build_is_dev(const struct topo_build *b, const struct topo_entry *spec,
		       struct topo_range *ret)
{
	struct topo_range r = { .all = true };

	if (!spec->head.s || spec->index.s || !topo_index_find_pf(b->t, spec->head.s, &r.pf) ||
	    !b->t->pfs[r.pf].is_dev)
		return false;
	*ret = r;
	return true;
}

static void raise_numvfs(const struct topo_build *b, const struct topo_pf *pf, const char *or_else,
			 struct err *e)
{
	if (b->t->is_made)
		err_fix(e, 0, "raise numvfs=, or %s", or_else);
	else
		err_fix(e, 0, "raise numvfs at %s:%u:%u, or %s", b->t->file, pf->loc.line,
			pf->loc.col, or_else);
}

int topo_build_range(struct topo_build *b, const struct topo_entry *spec, struct topo_range *ret)
{
	struct topo_range r = { 0 };
	const struct topo_pf *pf;

	if (!spec->head.s || !spec->index.s)
		return no_index(b, spec);
	if (!topo_index_find_pf(b->t, spec->head.s, &r.pf)) {
		if (!strchr(spec->head.s, ':'))
			return not_defined(b, &spec->head);
		topo_build_address(b, &spec->head, spec->index.s);
		return -EINVAL;
	}
	if (b->t->pfs[r.pf].is_dev) {
		err_fix(topo_error(&b->c, spec->loc,
				   "'%s' is a device of the dev list, which has no VFs",
				   spec->head.s),
			0, "write %s alone, in a domain", spec->head.s);
		return -EINVAL;
	}
	if (scan_range(b, &spec->index, &r) < 0)
		return -EINVAL;
	pf = &b->t->pfs[r.pf];
	if (!r.all && pf->has_numvfs && !pf->numvfs) {
		raise_numvfs(b, pf, "remove this entry",
			     topo_error(&b->c, spec->index.loc, "%s has numvfs=0", pf->name));
		return -EINVAL;
	}
	if (!r.all && pf->has_numvfs && r.last >= pf->numvfs) {
		raise_numvfs(b, pf, "lower the index",
			     topo_error(&b->c, spec->index.loc,
					"index %u is beyond the VFs of %s, which end at %u", r.last,
					pf->name, pf->numvfs - 1));
		return -EINVAL;
	}
	*ret = r;
	return 0;
}
