/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Strings stored once: thousands of VFs share a handful of driver names. */
#ifndef VFY_BASE_INTERN_H
#define VFY_BASE_INTERN_H

#include <stddef.h>

struct intern;

/* NULL when out of memory. */
struct intern *intern_new(void);
void intern_free(struct intern *in);

/**
 * intern_add - the one stored copy of @s
 *
 * Lives as long as @in; equal strings give equal pointers. NULL when @s is NULL or memory is out.
 * Constant time, whatever is stored already.
 */
const char *intern_add(struct intern *in, const char *s);

#endif
