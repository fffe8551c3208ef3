// SPDX-License-Identifier: GPL-2.0-or-later
#include "backend/xen/slots.h"

#include <stdlib.h>

static bool has_own_slot(const struct slot_dev *d)
{
	return d->is_vf && d->bdf.fn == 0;
}

/* Host slot first, then those with a slot of their own: sharers become neighbours. */
static int by_slot(const void *a, const void *b)
{
	const struct slot_dev *x = a, *y = b;
	uint64_t kx = bdf_key(x->bdf) >> 3, ky = bdf_key(y->bdf) >> 3;

	if (kx != ky)
		return kx < ky ? -1 : 1;
	if (has_own_slot(x) != has_own_slot(y))
		return has_own_slot(x) ? -1 : 1;
	return bdf_cmp(x->bdf, y->bdf);
}

unsigned xen_pv_slots(struct slot_dev *devs, size_t n)
{
	unsigned slots = 0;

	if (n)
		qsort(devs, n, sizeof(*devs), by_slot);
	for (size_t i = 0; i < n; i++) {
		const struct slot_dev *last = i ? &devs[i - 1] : NULL;

		if (has_own_slot(&devs[i]) || !last || has_own_slot(last) ||
		    bdf_key(last->bdf) >> 3 != bdf_key(devs[i].bdf) >> 3)
			slots++;
	}
	return slots;
}
