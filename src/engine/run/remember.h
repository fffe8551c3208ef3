/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a plan writes into the state, before its steps and after its last one. */
#ifndef VFY_ENGINE_RUN_REMEMBER_H
#define VFY_ENGINE_RUN_REMEMBER_H

#include "engine/run/run.h"

/* How an entry was before this run touched it. */
struct remember_change {
	struct vf_saved old;	/* pf and index are set even when the entry is new */
	struct pf_saved old_pf; /* the same for a PF */
	bool is_pf, is_new;
};

/* What one run changed in the state, so that a rollback can take it back. */
struct remember {
	struct remember_change *v;
	size_t n;
};

/**
 * remember_take - put what the objects of steps @first.. are now into the state, and commit it
 *
 * For PFs whose numvfs or autoprobe changes, or that are brought up, every VF that is made
 * assignable, and with p->remember_all every VF a step is about; those that do not exist yet are
 * passed over: call it again when they do. The first memory wins: what is remembered keeps what it
 * had when it was first taken, unless another card is there now. Reads driver, override and
 * attributes afresh. What another tool made assignable and this plan gives to the host is marked
 * so. On failure the file is as before, and nothing of steps @first.. may be done.
 */
int remember_take(struct remember *m, const struct engine *en, const struct plan *p, size_t first,
		  struct err *e);

/* Call it after a complete rollback: the state becomes as it was. A failure to write is only a
 * note, because an entry too many does no harm. */
void remember_drop(const struct remember *m, const struct engine *en);

/**
 * remember_finish - forget what was given back, the names of what was released, and p->forget
 *
 * Forgets only the name when state_needs() the VF, or when one of its settings was left
 * (unrestored.h). With p->remember_all what was given back stays in the memory, because the
 * topology may have set more of it. When this fails, the host is already as asked: the status is
 * EXIT_LEFT, and a second run of the same command repairs it.
 */
int remember_finish(const struct engine *en, const struct plan *p, struct err *e);

void remember_done(struct remember *m);

#endif
