// SPDX-License-Identifier: GPL-2.0-or-later
#include "topology/domain_slots.h"
#include "base/text.h"

#include <stdlib.h>

static bool has_own_slot(const struct slot_dev *d)
{
	return d->is_vf && d->bdf.fn == 0;
}

/* Sorts by host slot, and those with a slot of their own first, so that sharers become
 * neighbours. */
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

unsigned pv_slots(struct slot_dev *devs, size_t n)
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

int pv_slots_check(const char *name, struct slot_dev *devs, size_t n, size_t now, struct err *e)
{
	unsigned used = pv_slots(devs, now), slots = pv_slots(devs, n);
	char has[64] = "";

	if (slots <= PV_SLOTS)
		return 0;
	if (now)
		snprintf(has, sizeof(has), " (%zu device%s %s %u now)", now, text_s(now),
			 now == 1 ? "takes" : "take", used);
	err_refuse(e, ENOSPC,
		   "PV domain %s would need %u virtual PCI slots for %zu devices, but it has %u%s",
		   name, slots, n, PV_SLOTS, has);
	return err_fix(
		e, -ENOSPC,
		"attach fewer VFs; VFs of one host slot share a virtual slot, but function 0 has "
		"its own");
}

int hvm_slots_check(const char *name, size_t n, struct err *e)
{
	if (n <= HVM_SLOTS - HVM_FIXED_SLOTS)
		return 0;
	err_refuse(e, ENOSPC,
		   "HVM domain %s has room for at most %u devices, but %zu are asked for, and each "
		   "takes a PCI slot",
		   name, HVM_SLOTS - HVM_FIXED_SLOTS, n);
	return err_fix(e, -ENOSPC, "attach fewer VFs, or use a PV domain");
}

void hvm_slots_init(struct hvm_slots *m)
{
	*m = (struct hvm_slots){ .owner = { "the host bridge", "the ISA bridge" } };
}

int hvm_slots_take(struct hvm_slots *m, const char *name, const struct dev_options *options,
		   size_t n, struct err *e)
{
	for (size_t i = 0; i < n; i++) {
		unsigned slot = options[i].vslot > 0 ? (unsigned)options[i].vslot & 31 : 0;

		if (!slot)
			continue;
		if (m->owner[slot]) {
			err_refuse(e, EBUSY, "slot %02x of HVM domain %s is for %s", slot, name,
				   m->owner[slot]);
			return err_fix(e, -EBUSY,
				       "leave vslot out; the device model then finds a free slot");
		}
		m->owner[slot] = "another one of these";
	}
	return 0;
}
