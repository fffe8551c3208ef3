// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/inventory/inventory.h"

#include <stdlib.h>
#include <string.h>

#include "base/intern.h"

const char *vf_state_name(enum vf_state s)
{
	static const char *const names[] = {
		[VF_ABSENT] = "absent",	    [VF_HOST] = "host",	  [VF_ASSIGNABLE] = "assignable",
		[VF_ATTACHED] = "attached", [VF_STALE] = "stale", [VF_BROKEN] = "broken",
	};

	return names[s];
}

void inventory_free(struct inventory *inv)
{
	if (!inv)
		return;
	for (size_t i = 0; i < inv->n_pfs; i++) {
		free(inv->pfs[i].vfs);
		free(inv->pfs[i].attrs);
	}
	free(inv->pfs);
	free(inv->others);
	free(inv->netdevs);
	free(inv->by_bdf);
	intern_free(inv->strings);
	free(inv);
}

const char *inventory_intern(struct inventory *inv, const char *s)
{
	return intern_add(inv->strings, s);
}

static int key_to_pf(const void *key, const void *pf)
{
	return bdf_cmp(*(const struct bdf *)key, ((const struct pf *)pf)->bdf);
}

struct pf *inventory_find_pf(const struct inventory *inv, struct bdf bdf)
{
	if (!inv->n_pfs)
		return NULL;
	return bsearch(&bdf, inv->pfs, inv->n_pfs, sizeof(*inv->pfs), key_to_pf);
}

static int key_to_vf(const void *key, const void *ref)
{
	return bdf_cmp(*(const struct bdf *)key, vf_of(*(const struct vf_ref *)ref)->bdf);
}

bool inventory_find_vf(const struct inventory *inv, struct bdf bdf, struct vf_ref *ret)
{
	const struct vf_ref *found = NULL;

	if (inv->n_vfs)
		found = bsearch(&bdf, inv->by_bdf, inv->n_vfs, sizeof(*inv->by_bdf), key_to_vf);
	if (found)
		*ret = *found;
	return found != NULL;
}

static struct pf *find_other(const struct inventory *inv, struct bdf bdf)
{
	if (!inv->n_others)
		return NULL;
	return bsearch(&bdf, inv->others, inv->n_others, sizeof(*inv->others), key_to_pf);
}

bool inventory_find_function(const struct inventory *inv, struct bdf bdf, struct vf_ref *ret)
{
	return inventory_find_vf(inv, bdf, ret) || inventory_find_index(inv, bdf, WHOLE, ret);
}

bool inventory_find_index(const struct inventory *inv, struct bdf bdf, unsigned index,
			  struct vf_ref *ret)
{
	struct pf *pf = inventory_find_pf(inv, bdf);

	if (!pf && index == WHOLE)
		pf = find_other(inv, bdf);
	if (!pf || (index != WHOLE && index >= pf->n_vfs))
		return false;
	*ret = (struct vf_ref){ pf, index };
	return vf_of(*ret)->state != VF_ABSENT;
}

/* Behind its VFs a PF comes itself. */
static bool next_of_pf(struct vf_ref *at)
{
	if (vf_is_whole(*at))
		return false;
	at->index = at->index + 1 < at->pf->n_vfs ? at->index + 1 : WHOLE;
	return !vf_is_whole(*at) || at->pf->whole.state != VF_ABSENT;
}

static bool is_between(const struct pf *pf, const struct pf *v, size_t n)
{
	return n && pf >= v && pf < v + n;
}

static struct pf *next_pf(const struct inventory *inv, struct pf *pf)
{
	if (!pf)
		return inv->n_pfs ? inv->pfs : inv->others;
	if (is_between(pf, inv->pfs, inv->n_pfs))
		return ++pf < inv->pfs + inv->n_pfs ? pf : inv->others;
	return ++pf < inv->others + inv->n_others ? pf : NULL;
}

bool inventory_next(const struct inventory *inv, struct vf_ref *at)
{
	if (at->pf && next_of_pf(at))
		return true;
	while ((at->pf = next_pf(inv, at->pf))) {
		at->index = at->pf->n_vfs ? 0 : WHOLE;
		if (!vf_is_whole(*at) || at->pf->whole.state != VF_ABSENT)
			return true;
	}
	return false;
}

/* What a message calls a PF is pasted into a command line: a shell would take such a name for
 * something else, or topology/dev_spec.c would. */
static bool is_plain(const char *netdev)
{
	return !strpbrk(netdev, "='\"`$;&|<>()*?[]#~!\\{}");
}

const char *pf_label(char buf[BDF_STRLEN], const struct pf *pf)
{
	if (pf->name)
		return pf->name;
	return pf->netdev && is_plain(pf->netdev) ? pf->netdev : bdf_str(buf, pf->bdf);
}

const char *vf_label(char buf[VF_LABEL_MAX], struct vf_ref r)
{
	char pf[BDF_STRLEN], bdf[BDF_STRLEN];
	const struct vf *vf = vf_of(r);

	if (vf_is_whole(r)) {
		bdf_str(bdf, r.pf->bdf);
		snprintf(buf, VF_LABEL_MAX, r.pf->name ? "%.80s (%s)" : "%.0s%s",
			 r.pf->name ? r.pf->name : "", bdf);
		return buf;
	}
	/* Where one that does not exist yet will be is not always known. */
	if (vf->state == VF_ABSENT && !bdf_key(vf->bdf))
		snprintf(buf, VF_LABEL_MAX, "%s/%u", pf_label(pf, r.pf), r.index);
	else
		snprintf(buf, VF_LABEL_MAX, "%s/%u (%s)", pf_label(pf, r.pf), r.index,
			 bdf_str(bdf, vf->bdf));
	return buf;
}
