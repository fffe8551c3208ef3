/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a plan writes into the store: before its first step, and after its last. */
#ifndef VFY_ENGINE_MEMORY_H
#define VFY_ENGINE_MEMORY_H

#include "engine/steps.h"

/* How an entry was before this run touched it. */
struct memory_change {
	struct original old; /* pf and index also when it is new */
	bool is_new;
};

/* What one run changed in the store, so that a rollback can take it back. */
struct memory {
	struct memory_change *v;
	size_t n;
};

/**
 * memory_take - put what the devices are now into the store and commit it
 *
 * For every ASSIGN of the plan. The first memory wins: a VF that is remembered keeps what it had
 * when it was first taken, unless another card is there now. Reads driver and override afresh.
 * On failure nothing of the host was changed and the file is as before.
 */
int memory_take(struct memory *m, const struct engine *en, const struct plan *p, struct err *e);

/* After a complete rollback: the store as it was. What cannot be written is only a note, for an
 * entry too many does no harm. */
void memory_drop(const struct memory *m, const struct engine *en);

/**
 * memory_finish - forget what was given back, and the names of what was released
 *
 * The host is already as asked when this fails: EXIT_LEFT, and a second run of the same command
 * repairs it.
 */
int memory_finish(const struct engine *en, const struct plan *p, struct err *e);

void memory_done(struct memory *m);

#endif
