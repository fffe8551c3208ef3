// SPDX-License-Identifier: GPL-2.0-or-later
/* What there is to know of a PF before anything is given away. */
#include <string.h>

#include "engine/doctor/doctor_parts.h"
#include "engine/plan/refuse_numvfs.h"
#include "host/guard/guard.h"
#include "host/inventory/pf_driver.h"
#include "host/inventory/pf_room.h"
#include "host/pci/msix.h"

/* As check does for numvfs= of a topology, with as many as there can be: a driver that makes all
 * or none is asked for all. */
static void read_driver(const struct doctor *d, const struct pf *pf, struct pf_facts *f)
{
	const struct refuse ask = doctor_asks(d);

	if (pf->numvfs)
		return;
	if (!pf->totalvfs) {
		err_refuse(&f->no_vfs, ERANGE, "the card says that it can have 0 VFs");
		pf_driver_fix_limit(pf, 0, &f->no_vfs);
		return;
	}
	refuse_numvfs(&ask, pf, pf->totalvfs, false, &f->no_vfs);
}

/* Groups are few, and VFs of a PF stand together: neighbours are looked at. */
static unsigned count_shared(const struct pf *pf)
{
	unsigned n = 0;

	for (unsigned i = 0; i < pf->n_vfs; i++) {
		int32_t group = pf->vfs[i].iommu_group;

		n += group != NO_GROUP &&
		     ((i && pf->vfs[i - 1].iommu_group == group) ||
		      (i + 1 < pf->n_vfs && pf->vfs[i + 1].iommu_group == group));
	}
	return n;
}

static void read_room(const struct doctor *d, const struct pf *pf, struct pf_facts *f)
{
	struct pf_room room;

	pf_room_read(d->host, pf, &room);
	f->memory = room.memory;
	f->is_without_memory = room.is_without_memory;
	f->n_buses = room.n_buses;
	f->last_bus = room.last_bus;
	f->ari = room.ari;
}

void pf_facts_read(const struct doctor *d, struct pf *pf, struct pf_facts *ret)
{
	char label[BDF_STRLEN];
	unsigned vectors;

	*ret = (struct pf_facts){ .pf = pf, .vectors = UNKNOWN };
	for (unsigned i = 0; i < pf->n_vfs; i++)
		ret->count[pf->vfs[i].state]++;
	read_driver(d, pf, ret);
	read_room(d, pf, ret);
	guard_pf(d->host, pf->bdf, pf_label(label, pf), &ret->needed);
	ret->is_down = pf_is_up(d->host, pf) == 0;
	if (pf->n_vfs && msix_vectors(d->host, pf->vfs[0].bdf, &vectors) == 0)
		ret->vectors = (int)vectors;
	if (d->ops && d->ops->gives_groups)
		ret->n_shared = count_shared(pf);
	if (d->saved)
		ret->other_card = state_other_card(d->saved, pf);
}
