// SPDX-License-Identifier: GPL-2.0-or-later
#include "topology/build/made.h"

#include <string.h>

#include "topology/build/build.h"
#include "topology/index.h"

/* While it is built, the line of a place is the number of what it is about, from 1. */
static struct loc place_of(size_t i)
{
	return (struct loc){ (unsigned)i + 1, 0 };
}

/* Cuts the words at "=". @copy gets the copies, which @ret points into. */
static int split(struct topo_build *b, const struct topo_made *m, size_t i, char **copy,
		 struct topo_entry *ret)
{
	*ret = (struct topo_entry){ .loc = place_of(i),
				    .head = { m->name, place_of(i), false },
				    .index = { m->index, place_of(i), false } };
	if (!m->n) {
		err_fix(topo_error(&b->c, ret->loc, "nothing is set"), 0,
			"write KEY=VALUE behind it; to see the keys, run: vfyard set --help");
		return 0;
	}
	for (size_t k = 0; k < m->n && k < TOPO_PAIRS_MAX; k++) {
		char *eq;

		copy[k] = strdup(m->words[k]);
		if (!copy[k])
			return -ENOMEM;
		eq = copy[k] + strcspn(copy[k], "=");
		*eq = '\0';
		ret->keys[k] = (struct topo_word){ copy[k], ret->loc, false };
		ret->values[k] = (struct topo_word){ eq + 1, ret->loc, false };
		ret->n++;
	}
	if (m->n > TOPO_PAIRS_MAX)
		topo_error(&b->c, ret->loc, "more than %d settings", TOPO_PAIRS_MAX);
	return 0;
}

static bool is_vf_setting(const char *key)
{
	for (unsigned bit = 0; bit < VF_ATTR_N; bit++)
		if (!strcmp(vf_attr_info(bit)->name, key))
			return true;
	return false;
}

/* Is it a setting of the other kind of object? Says so, because the list of keys would not tell. */
static bool is_misplaced(struct topo_build *b, const struct topo_made *m,
			 const struct topo_entry *spec)
{
	for (size_t k = 0; k < spec->n; k++) {
		const char *key = spec->keys[k].s;

		if (!m->index && is_vf_setting(key)) {
			err_fix(topo_error(&b->c, spec->loc,
					   "%s= is a setting of VFs, and this is a PF", key),
				0, "name a VF, %s/0, or all of them, %s/*", m->name, m->name);
			return true;
		}
		if (m->index && topo_build_is_pf_setting(key)) {
			err_fix(topo_error(&b->c, spec->loc,
					   "%s= is a setting of PFs, and this is a VF", key),
				0, "run: vfyard set %s %s=%s", m->name, key, spec->values[k].s);
			return true;
		}
	}
	return false;
}

/* The entry of that PF, which the first one that is about it makes. */
static struct topo_pf *pf_of(struct topology *t, const struct topo_made *m)
{
	struct topo_pf *pf = t->pfs;

	for (; pf < t->pfs + t->n_pfs; pf++)
		if (!bdf_cmp(pf->bdf, m->pf))
			return pf;
	*pf = (struct topo_pf){ .name = strdup(m->name), .has_bdf = true, .bdf = m->pf };
	if (!pf->name)
		return NULL;
	t->n_pfs++;
	return pf;
}

/* Without numvfs= a PF is never written to, and here it was asked for. */
static void keep_number(struct topo_pf *pf, const struct topo_made *m)
{
	if (pf->has_numvfs || (!pf->has_autoprobe && !pf->up))
		return;
	pf->has_numvfs = true;
	pf->numvfs = m->numvfs;
}

static int build_one(struct topo_build *b, const struct topo_made *m, size_t i)
{
	struct topo_pf *pf = pf_of(b->t, m);
	char *copy[TOPO_PAIRS_MAX] = { NULL };
	struct topo_entry spec;
	int r = pf ? split(b, m, i, copy, &spec) : -ENOMEM;

	if (r == 0 && spec.n && !is_misplaced(b, m, &spec)) {
		if (m->index)
			topo_build_vf_settings(b, &spec);
		else
			topo_build_pf_settings(b, &spec, pf);
	}
	for (size_t k = 0; k < TOPO_PAIRS_MAX; k++)
		free(copy[k]);
	return r;
}

/* @is_about_vfs: those that are about VFs, whose PFs must be known then. */
static int build_each(struct topo_build *b, const struct topo_made *v, size_t n, bool is_about_vfs)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < n; i++) {
		struct topo_pf *pf = pf_of(b->t, &v[i]);

		if (!pf)
			return -ENOMEM;
		if (is_about_vfs == (v[i].index != NULL))
			r = build_one(b, &v[i], i);
		if (!is_about_vfs)
			keep_number(pf, &v[i]);
	}
	return r;
}

static int build(struct topo_build *b, const struct topo_made *v, size_t n)
{
	struct topology *t = b->t;
	int r;

	t->is_made = true;
	t->file = strdup("set");
	t->index = calloc(1, sizeof(*t->index));
	t->pfs = calloc(n + 1, sizeof(*t->pfs));
	t->vfs = calloc(n + 1, sizeof(*t->vfs));
	if (!t->file || !t->index || !t->pfs || !t->vfs)
		return -ENOMEM;
	r = build_each(b, v, n, false);
	if (r == 0)
		r = topo_index_pf_names(t);
	if (r == 0)
		r = build_each(b, v, n, true);
	if (r == 0)
		r = topo_index_domain_names(t);
	if (r == 0)
		r = topo_index_runs(t, &b->c);
	return r < 0 ? r : topo_rules(b);
}

/* Messages name what was typed. */
static void name_objects(struct problems *p, const struct topo_made *v, size_t n)
{
	for (size_t i = 0; i < p->n; i++) {
		struct problem *x = &p->v[i];
		size_t at = x->loc.line - 1u;

		x->err.object[0] = '\0';
		err_at(&x->err, 0, at < n ? v[at].object : "set", "set");
		x->loc = (struct loc){ 0 };
	}
}

/* What the host has against it is said of the objects, too. */
static void forget_places(struct topology *t)
{
	for (size_t i = 0; i < t->n_vfs; i++) {
		t->vfs[i].loc = (struct loc){ 0 };
		memset(t->vfs[i].attr_loc, 0, sizeof(t->vfs[i].attr_loc));
	}
}

int topology_made(struct topology **ret, const struct topo_made *v, size_t n,
		  struct problems *problems, struct err *e)
{
	struct topo_build b = { .c = { .problems = problems },
				.t = calloc(1, sizeof(struct topology)) };
	int r;

	problems_done(problems);
	r = b.t ? build(&b, v, n) : -ENOMEM;
	if (r == 0 && !problems->n_errors) {
		forget_places(b.t);
		*ret = b.t;
		return 0;
	}
	name_objects(problems, v, n);
	topology_free(b.t);
	return r == -ENOMEM ? err_set(e, ENOMEM, "out of memory") : -EINVAL;
}
