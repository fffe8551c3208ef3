/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Arrays that grow by one at a time. */
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

#endif
