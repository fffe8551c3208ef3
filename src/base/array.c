// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/array.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define FIRST 8 /* a power of two */

/* The array has room up to the next power of two, so it is full only when @n is a power of two. */
int array_grow(void *v, size_t n, size_t size)
{
	void *old, *grown;

	if (n && (n < FIRST || (n & (n - 1))))
		return 0;
	memcpy(&old, v, sizeof(old));
	grown = reallocarray(old, n ? 2 * n : FIRST, size);
	if (!grown)
		return -ENOMEM;
	memcpy(v, &grown, sizeof(grown));
	return 0;
}
