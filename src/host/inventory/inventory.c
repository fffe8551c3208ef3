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
	for (size_t i = 0; i < inv->n_devices; i++) {
		free(inv->devices[i]->vfs);
		free(inv->devices[i]->attrs);
		free(inv->devices[i]->of);
		free(inv->devices[i]);
	}
	free(inv->devices);
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

static const char *whole_label(char buf[VF_LABEL_MAX], struct vf_ref r)
{
	char bdf[BDF_STRLEN];

	bdf_str(bdf, vf_of(r)->bdf);
	if (!r.pf->name)
		snprintf(buf, VF_LABEL_MAX, "%s", bdf);
	else if (r.pf->n_vfs > 1 && r.index != WHOLE)
		snprintf(buf, VF_LABEL_MAX, "%.60s/%u (%s)", r.pf->name, r.index, bdf);
	else
		snprintf(buf, VF_LABEL_MAX, "%.60s (%s)", r.pf->name, bdf);
	return buf;
}

const char *vf_label(char buf[VF_LABEL_MAX], struct vf_ref r)
{
	char pf[BDF_STRLEN], bdf[BDF_STRLEN];
	const struct vf *vf = vf_of(r);

	if (vf_is_whole(r))
		return whole_label(buf, r);
	/* Where one that does not exist yet will be is not always known. */
	if (vf->state == VF_ABSENT && !bdf_key(vf->bdf))
		snprintf(buf, VF_LABEL_MAX, "%s/%u", pf_label(pf, r.pf), r.index);
	else
		snprintf(buf, VF_LABEL_MAX, "%s/%u (%s)", pf_label(pf, r.pf), r.index,
			 bdf_str(bdf, vf->bdf));
	return buf;
}
