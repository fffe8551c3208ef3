// SPDX-License-Identifier: GPL-2.0-or-later
/* Physical functions: which they are, and how many VFs they have. */
#include <string.h>

#include "host/inventory/pf_driver.h"
#include "report/import_parts.h"
#include "base/text.h"

static int no_memory(struct err *e)
{
	return err_set(e, ENOMEM, "out of memory");
}

/* Where it is now, which is no selector: beside one that stays, it would fail when that holds. */
static int describe(struct importing *im, size_t i)
{
	const struct pf *pf = &im->inv->pfs[i];
	char bdf[BDF_STRLEN];

	bdf_str(bdf, pf->bdf);
	return topo_note(im->notes, NOTE_PF, i, "%s, %s, %s: %u of %u VFs%s", bdf,
			 pf->netdev ? pf->netdev : "no network device",
			 pf->driver ? pf->driver : "no driver", pf->numvfs, pf->totalvfs,
			 pf->numvfs || !pf->totalvfs ? "" : "; to have some write numvfs=");
}

/* A number that check would refuse is not written down. */
static int number(struct importing *im, size_t i)
{
	const struct pf *pf = &im->inv->pfs[i];
	struct topo_pf *to = &im->topo->pfs[i];
	char bdf[BDF_STRLEN];

	if (!pf->numvfs)
		return 0;
	if (pf->numvfs > pf->totalvfs)
		return topo_note_missing(im->notes, NOTE_PF, i,
					 "numvfs, because it has %u VF%s and can have %u",
					 pf->numvfs, text_s(pf->numvfs), pf->totalvfs);
	if (!root_exists(&im->s->host.root, "sys/bus/pci/devices/%s/sriov_numvfs",
			 bdf_str(bdf, pf->bdf)))
		return topo_note_missing(
			im->notes, NOTE_PF, i,
			"numvfs, because the kernel offers no sriov_numvfs for it");
	to->has_numvfs = true;
	to->numvfs = pf->numvfs;
	return 0;
}

/* Without a word of the topology it would be as vfyard remembers it. */
static void autoprobe(struct importing *im, size_t i)
{
	const struct pf *pf = &im->inv->pfs[i];
	const struct pf_saved *was = im->s->saved ? state_find_pf(im->s->saved, pf) : NULL;
	struct topo_pf *to = &im->topo->pfs[i];

	if (pf->autoprobe == UNKNOWN)
		return;
	to->has_autoprobe = !pf->autoprobe ||
			    (was && was->autoprobe != UNKNOWN && was->autoprobe != pf->autoprobe);
	to->autoprobe = pf->autoprobe == 1;
}

static int add(struct importing *im, size_t i, struct err *e)
{
	const struct pf *pf = &im->inv->pfs[i];
	struct topo_pf *to = &im->topo->pfs[i];
	int r = import_pf_name(im, pf->name ? pf->name : pf->netdev, &to->name);

	if (r == 0)
		r = describe(im, i);
	if (r == 0)
		r = number(im, i);
	if (r < 0)
		return no_memory(e);
	autoprobe(im, i);
	to->up =
		to->has_numvfs && pf_driver_has(pf, PF_NEEDS_UP) && pf_is_up(&im->s->host, pf) == 1;
	return import_select(im, &im->pfs, i, to, e);
}

int import_pfs(struct importing *im, struct err *e)
{
	size_t n = im->inv->n_pfs;
	int r = 0;

	im->topo->pfs = calloc(n + 1, sizeof(*im->topo->pfs));
	if (!im->topo->pfs)
		return no_memory(e);
	im->topo->n_pfs = n;
	for (size_t i = 0; r == 0 && i < n; i++)
		if (import_choice_add(&im->pfs, im, &im->inv->pfs[i]) < 0)
			r = no_memory(e);
	for (size_t i = 0; r == 0 && i < n; i++)
		r = add(im, i, e);
	return r;
}
