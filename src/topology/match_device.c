// SPDX-License-Identifier: GPL-2.0-or-later
/* The dev list: functions that are given as a whole, alone or with those beside them. */
#include "topology/match.h"

#include <stdlib.h>

/* At most, without ARI. */
#define SLOT_FUNCTIONS 8

/* PFs stand among the others. */
static int read_functions(struct binder *b, struct match_set *set)
{
	const struct inventory *inv = b->inv;
	size_t p = 0, o = 0;
	int r = 0;

	while (r == 0 && (p < inv->n_pfs || o < inv->n_others)) {
		bool is_pf = o == inv->n_others ||
			     (p < inv->n_pfs && bdf_cmp(inv->pfs[p].bdf, inv->others[o].bdf) < 0);

		r = match_set_add(b, set, is_pf ? &inv->pfs[p++] : &inv->others[o++], true);
	}
	return r;
}

static bool is_in_slot(const struct pf *a, const struct pf *b)
{
	struct bdf x = a->bdf, y = b->bdf;

	x.fn = y.fn = 0;
	return !bdf_cmp(x, y);
}

/* Those that the entry gives, in order of address. */
static size_t choose(const struct match_set *set, const struct topo_pf *want, struct pf *found,
		     struct pf *ret[SLOT_FUNCTIONS])
{
	size_t n = 0;

	if (!want->all_functions) {
		ret[0] = found;
		return 1;
	}
	for (size_t i = 0; i < set->n && n < SLOT_FUNCTIONS; i++)
		if (is_in_slot(set->v[i], found))
			ret[n++] = set->v[i];
	return n;
}

static const char *owner_of(const struct binder *b, const struct pf *f)
{
	for (size_t i = 0; i < b->inv->n_devices; i++)
		for (unsigned k = 0; k < b->inv->devices[i]->n_vfs; k++)
			if (b->inv->devices[i]->of[k] == f)
				return b->inv->devices[i]->name;
	return NULL;
}

static const struct topo_pf *pf_entry_of(const struct binder *b, const struct pf *f)
{
	size_t owner = f->totalvfs ? b->owners[f - b->inv->pfs] : 0;

	return owner ? &b->t->pfs[owner - 1] : NULL;
}

/* Who has it already, in the topology or by its VFs. */
static bool may_take(struct binder *b, const struct topo_pf *want, const struct pf *f)
{
	const struct topo_pf *entry = pf_entry_of(b, f);
	const char *other = owner_of(b, f);
	char cause[256], bdf[BDF_STRLEN];

	bdf_str(bdf, f->bdf);
	if (entry) {
		snprintf(cause, sizeof(cause), "%s is PF '%s' of %s:%u:%u", bdf, entry->name,
			 b->t->file, entry->loc.line, entry->loc.col);
		match_complain(b, want, cause,
			       "give its VFs, or the PF itself, and remove the other entry");
		return false;
	}
	if (other) {
		snprintf(cause, sizeof(cause), "%s is device '%s' already", bdf, other);
		match_complain(b, want, cause, "give each its own selectors, or join them");
		return false;
	}
	if (f->numvfs) {
		snprintf(cause, sizeof(cause), "%s is a PF with %u VF%s, which would vanish", bdf,
			 f->numvfs, f->numvfs == 1 ? "" : "s");
		match_complain(
			b, want, cause,
			"give its VFs; to give the PF itself, unmake them first: write it into pf with "
			"numvfs=0 in place of this, and run: vfyard apply");
		return false;
	}
	return true;
}

static int take(struct binder *b, const struct match_set *set, const struct topo_pf *want,
		struct pf *found, struct pf **ret)
{
	struct pf *functions[SLOT_FUNCTIONS];
	size_t n = choose(set, want, found, functions);

	*ret = NULL;
	for (size_t i = 0; i < n; i++)
		if (!may_take(b, want, functions[i]))
			return 0;
	return inventory_add_device(b->inv, want->name, functions, n, ret);
}

int match_devices(struct binder *b, struct pf **ret_pfs)
{
	_cleanup_(match_set_done) struct match_set set = { 0 };
	struct pf *found;
	int r = 0;

	if (!topology_has_devs(b->t))
		return 0;
	r = read_functions(b, &set);
	for (size_t i = 0; r == 0 && i < b->t->n_pfs; i++) {
		if (!b->t->pfs[i].is_dev)
			continue;
		r = match_one(b, &set, &b->t->pfs[i], &found);
		if (r == 0 && found)
			r = take(b, &set, &b->t->pfs[i], found, &ret_pfs[i]);
	}
	return r;
}
