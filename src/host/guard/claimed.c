// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/guard/claimed.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "base/child.h"
#include "base/mem.h"

struct look {
	const struct host *h;
	char node[sizeof(((struct stack_dev *)0)->name)];
};

/* O_NONBLOCK, because a drive for removable media would wait for a medium without it. */
static int try_claim(void *arg)
{
	const struct look *l = arg;
	_cleanup_close_ int fd =
		root_openat(&l->h->root, O_RDONLY | O_EXCL | O_NONBLOCK, "dev/%s", l->node);

	return fd == -EBUSY ? -EBUSY : 0;
}

/* Returns 1, 0 or -errno. */
static int is_claimed(const struct host *h, const char *name)
{
	struct look l = { .h = h };
	struct child child;
	int r;

	memcpy(l.node, name, strlen(name) + 1);
	/* sysfs has "cciss!c0d0". Source: Linux drivers/base/core.c, device_get_devnode(). */
	for (char *c = l.node; (c = strchr(c, '!'));)
		*c = '/';
	r = child_start(&child, try_claim, &l);
	if (r == 0)
		r = child_finish(&child, h->timeout_ms);
	return r == -EBUSY ? 1 : r;
}

int guard_claimed(const struct host *h, const struct stack *s, const struct stack_dev **ret)
{
	int r = 0;

	*ret = NULL;
	/* The devices of a tree are not this host's, whatever their names. */
	if (root_is_tree(&h->root))
		return 0;
	for (size_t i = s->n; r == 0 && i > 0; i--) {
		r = is_claimed(h, s->v[i - 1]->name);
		if (r == 1)
			*ret = s->v[i - 1];
	}
	return r < 0 ? r : 0;
}
