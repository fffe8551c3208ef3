/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Arrays that grow by one at a time, and the search in sorted ones. */
#ifndef VFY_BASE_ARRAY_H
#define VFY_BASE_ARRAY_H

#include <stddef.h>

/**
 * ARRAY_GROW - make room for one more element at @n, the number of elements so far
 * @v: pointer to the first element, NULL for an empty array; it may move. free() it
 *
 * The capacity follows from @n alone and is not stored, so an array must grow by this macro only,
 * one element for each call; it may shrink in between. Returns 0, or -ENOMEM with @v as it was.
 */
#define ARRAY_GROW(v, n) array_grow(&(v), n, sizeof((v)[0]))

/* @v is the address of the pointer. Call it through ARRAY_GROW(). */
int array_grow(void *v, size_t n, size_t size);

/**
 * array_lower_bound - find the first element of a sorted array that does not come before @key
 * @order: less than 0 when the element comes before the key; it may read what the key points to
 *
 * Of equal elements it is the first, which bsearch(3) does not promise. Returns its number, @n when
 * all come before.
 */
static inline size_t array_lower_bound(const void *v, size_t n, size_t size,
				       int (*order)(const void *element, const void *key),
				       const void *key)
{
	size_t low = 0, high = n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (order((const char *)v + mid * size, key) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

#endif
