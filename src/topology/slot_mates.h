/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whole functions of one slot that one domain gets stay one device in its guest. Pure. */
#ifndef VFY_TOPOLOGY_SLOT_MATES_H
#define VFY_TOPOLOGY_SLOT_MATES_H

#include "host/inventory/inventory.h"
#include "topology/dev_options.h"

/* One function that a domain gets. */
struct slot_function {
	struct bdf bdf;
	bool is_whole; /* a VF is a device by itself, whatever is beside it */
	int vslot;     /* where it is wanted in the guest; 0 or less: anywhere */
};

/* Where it is in the guest: which of the domain's devices it belongs to, and which function of it
 * it is. */
struct slot_place {
	size_t device; /* counted in the order in which the first function of each comes */
	uint8_t fn;
	uint8_t mates; /* bit N: function N of its host slot is of that device, itself too; 0: it
			* is all of it */
};

static inline struct slot_function slot_function_of(struct vf_ref vf, const struct dev_options *o)
{
	return (struct slot_function){ vf_of(vf)->bdf, vf_is_whole(vf), o->vslot };
}

/* Are they functions of one device? Those that are wanted in different places are not. */
bool slot_mates(const struct slot_function *a, const struct slot_function *b);

/**
 * slot_mates_fn - which function in the guest is function @fn of the host
 * @mates: of slot_place, with @fn or without it
 *
 * They keep their numbers, and gaps are no harm; but no guest looks for others in a slot without a
 * function 0, so the first one of the device is that, whatever its number on the host (PCI Local
 * Bus 3.0, 3.2.2.3.4).
 */
static inline uint8_t slot_mates_fn(uint8_t mates, uint8_t fn)
{
	uint8_t all = (uint8_t)(mates | 1u << fn);

	return all & ((1u << fn) - 1) ? fn : 0;
}

/* Places @n functions, of one domain, into @ret. Returns how many devices they are. */
size_t slot_places(const struct slot_function *v, size_t n, struct slot_place *ret);

#endif
