// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/guard/stack.h"

#include <errno.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/mem.h"

static int cmp_name(const void *a, const void *b)
{
	const struct stack_dev *x = a, *y = b;

	return strcmp(x->name, y->name);
}

static void entry_unused(void *p UNUSED)
{
}

int stack_add(struct stack *s, const char *name, const struct stack_dev *below, bool is_part)
{
	struct stack_dev key = { 0 }, *d;

	if (strlen(name) >= sizeof(key.name))
		return -ENAMETOOLONG;
	memcpy(key.name, name, strlen(name) + 1);
	if (tfind(&key, &s->seen, cmp_name))
		return 0;
	if (ARRAY_GROW(s->v, s->n) < 0)
		return -ENOMEM;
	d = malloc(sizeof(*d));
	if (!d)
		return -ENOMEM;
	*d = key;
	d->below = below;
	d->is_part = is_part;
	s->v[s->n++] = d;
	return tsearch(d, &s->seen, cmp_name) ? 0 : -ENOMEM;
}

void stack_done(struct stack *s)
{
	tdestroy(s->seen, entry_unused);
	for (size_t i = 0; i < s->n; i++)
		free(s->v[i]);
	free(s->v);
}
