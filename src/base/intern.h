/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Strings stored once: thousands of VFs share a handful of driver names. */
#ifndef VFY_BASE_INTERN_H
#define VFY_BASE_INTERN_H

#include <stddef.h>

struct intern;

/* Returns NULL when out of memory. */
struct intern *intern_new(void);
void intern_free(struct intern *in);

/**
 * intern_add - the one stored copy of @s
 *
 * The copy lives as long as @in; equal strings give equal pointers. Returns NULL when @s is NULL or
 * memory runs out. It takes constant time, however much is stored.
 */
const char *intern_add(struct intern *in, const char *s);

#endif
