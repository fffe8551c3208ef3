/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What stands on a device, and on that in turn: both halves of the guard walk it. */
#ifndef VFY_HOST_GUARD_STACK_H
#define VFY_HOST_GUARD_STACK_H

#include <stdbool.h>
#include <stddef.h>

/*
 * The devices that stand on a function, and what stands on those, in the order in which they are
 * found. The list grows while it is walked.
 */
struct stack_dev {
	char name[64];
	char number[16]; /* "major:minor" of a block device */
	const struct stack_dev *below;
	bool is_part; /* a piece of the one below (a partition), not something built on it */
};

struct stack {
	struct stack_dev **v;
	size_t n;
	void *seen; /* tsearch() tree of names */
};

/* Adds @name, once. Returns 0 or -ENOMEM. */
int stack_add(struct stack *s, const char *name, const struct stack_dev *below, bool is_part);
void stack_done(struct stack *s);

#endif
