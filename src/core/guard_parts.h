/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The two halves of the guard: what a function carries for the network, what it stores. */
#ifndef VFY_CORE_GUARD_PARTS_H
#define VFY_CORE_GUARD_PARTS_H

#include "core/guard.h"

#define GUARD_WHY_MAX 256

/*
 * Each returns 1 with a sentence in @why when the host needs the function, 0 when it does not, or
 * -errno when it could not look.
 */
int guard_net(const struct host *h, struct bdf dev, char why[GUARD_WHY_MAX]);
int guard_block(const struct host *h, struct bdf dev, char why[GUARD_WHY_MAX]);

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
	size_t n, allocated;
	void *seen; /* tsearch() tree of names */
};

/* Adds @name once. -ENOMEM. */
int stack_add(struct stack *s, const char *name, const struct stack_dev *below, bool is_part);
void stack_done(struct stack *s);

#endif
