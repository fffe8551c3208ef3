/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What stands on a device, and on that: the walk of both halves of the guard. */
#ifndef VFY_HOST_GUARD_STACK_H
#define VFY_HOST_GUARD_STACK_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Devices that stand on a function, and what stands on those: a list in the order of discovery,
 * which grows while it is walked.
 */
struct stack_dev {
	char name[64];
	char number[16]; /* "major:minor" of a block device */
	const struct stack_dev *below;
	bool is_part; /* a piece of the one below (partition), not something built on it */
};

struct stack {
	struct stack_dev **v;
	size_t n;
	void *seen; /* tsearch() tree of names */
};

/* Adds @name once. -ENOMEM. */
int stack_add(struct stack *s, const char *name, const struct stack_dev *below, bool is_part);
void stack_done(struct stack *s);

#endif
