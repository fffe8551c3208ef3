/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Arrays that grow by one at a time. */
#ifndef VFY_BASE_ARRAY_H
#define VFY_BASE_ARRAY_H

#include <stddef.h>

/**
 * ARRAY_GROW - room for one more element at @n, the number of those that are there
 * @v: pointer to the first, NULL for an empty array; it moves. free() it
 *
 * The room follows from @n alone, so nobody keeps count of it: an array grows by this macro only,
 * one element for each call, and may shrink in between. Returns 0, or -ENOMEM with @v as it was.
 */
#define ARRAY_GROW(v, n) array_grow(&(v), n, sizeof((v)[0]))

/* @v: the address of the pointer. */
int array_grow(void *v, size_t n, size_t size);

#endif
