// SPDX-License-Identifier: GPL-2.0-or-later
/* Which VFs are shown, and which of them share a line. */
#include <string.h>

#include "report/list_columns.h"

#define RUN_MIN 3u

/* Is @word one of "a,b,c"? */
static bool is_in(const char *list, const char *word)
{
	size_t n = strlen(word), k;

	for (; *list; list += list[k] ? k + 1 : k) {
		k = strcspn(list, ",");
		if (k == n && !strncmp(list, word, n))
			return true;
	}
	return false;
}

bool list_shows(const struct list_filter *f, const struct vf *vf)
{
	return (!f->states || is_in(f->states, vf_state_name((enum vf_state)vf->state))) &&
	       (!f->drivers || is_in(f->drivers, vf->driver ? vf->driver : "none")) &&
	       (!f->domains || (vf->domain && is_in(f->domains, vf->domain)));
}

bool list_shows_pf(const struct list_view *l, size_t p)
{
	struct list_run run = { .pf = &l->inv->pfs[p] };

	return l->shown[p] && (!list_is_filtered(&l->filter) || list_next_run(l, &run));
}

static bool folds(const struct list_view *l, const struct pf *pf)
{
	unsigned n = 0;

	if (l->fold != LIST_FOLD_LONG || pf->n_vfs <= LIST_LONG)
		return l->fold == LIST_FOLD;
	for (unsigned i = 0; i < pf->n_vfs; i++)
		n += list_shows(&l->filter, &pf->vfs[i]);
	return n > LIST_LONG;
}

static bool is_same_text(const char *a, const char *b)
{
	return a == b || (a && b && !strcmp(a, b));
}

/* Addresses, groups and names of network devices differ with the index, and do not count; nor do
 * MACs and GUIDs. */
static bool is_equal(const struct list_view *l, const struct pf *pf, unsigned a, unsigned b)
{
	const struct vf *x = &pf->vfs[a], *y = &pf->vfs[b];
	const unsigned own = VF_ATTR_MAC | VF_ATTR_GUIDS;

	return is_same_text(x->driver, y->driver) && is_same_text(x->domain, y->domain) &&
	       is_same_text(x->why, y->why) && !x->netdev == !y->netdev && x->state == y->state &&
	       x->permissive == y->permissive &&
	       (!l->has_attrs || !pf->attrs ||
		(pf->attrs[a].given == pf->attrs[b].given &&
		 vf_attrs_agree(&pf->attrs[a], &pf->attrs[b], ~own)));
}

bool list_next_run(const struct list_view *l, struct list_run *run)
{
	const struct pf *pf = run->pf;
	unsigned i = run->next;

	while (i < pf->n_vfs && !list_shows(&l->filter, &pf->vfs[i]))
		i++;
	if (i >= pf->n_vfs)
		return false;
	run->first = run->last = i;
	if (l->fold != LIST_FULL && folds(l, pf))
		while (run->last + 1 < pf->n_vfs &&
		       list_shows(&l->filter, &pf->vfs[run->last + 1]) &&
		       is_equal(l, pf, i, run->last + 1))
			run->last++;
	if (run->last - run->first + 1 < RUN_MIN)
		run->last = run->first;
	run->next = run->last + 1;
	return true;
}
