// SPDX-License-Identifier: GPL-2.0-or-later
#include "topology/slot_mates.h"

static int where(const struct slot_function *f)
{
	return f->vslot > 0 ? f->vslot : 0;
}

bool slot_mates(const struct slot_function *a, const struct slot_function *b)
{
	return a->is_whole && b->is_whole && bdf_key(a->bdf) >> 3 == bdf_key(b->bdf) >> 3 &&
	       where(a) == where(b);
}

/* The first of the others with which it is one device; @n: there is none. */
static size_t find_mate(const struct slot_function *v, size_t n, size_t i)
{
	size_t k = 0;

	if (!v[i].is_whole)
		return n;
	while (k < n && (k == i || !slot_mates(&v[k], &v[i])))
		k++;
	return k;
}

static uint8_t mates_of(const struct slot_function *v, size_t n, size_t i)
{
	unsigned mates = 1u << v[i].bdf.fn;

	if (find_mate(v, n, i) == n)
		return 0;
	for (size_t k = 0; k < n; k++)
		if (slot_mates(&v[k], &v[i]))
			mates |= 1u << v[k].bdf.fn;
	return (uint8_t)mates;
}

size_t slot_places(const struct slot_function *v, size_t n, struct slot_place *ret)
{
	size_t devices = 0;

	for (size_t i = 0; i < n; i++) {
		uint8_t mates = mates_of(v, n, i);
		size_t first = mates ? find_mate(v, n, i) : n;

		ret[i] = (struct slot_place){
			.device = first < i ? ret[first].device : devices++,
			.fn = mates ? slot_mates_fn(mates, v[i].bdf.fn) : 0,
			.mates = mates,
		};
	}
	return devices;
}
