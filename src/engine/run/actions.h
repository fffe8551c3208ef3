/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What each kind of step does to a host, and how it is taken back. */
#ifndef VFY_ENGINE_RUN_ACTIONS_H
#define VFY_ENGINE_RUN_ACTIONS_H

#include "engine/run/journal.h"
#include "engine/run/run.h"

struct action {
	/* NULL: STEP_NUMVFS, of which several run at once (run_numvfs.h). */
	int (*run)(struct engine *en, const struct step *s, struct err *e);
	int (*undo)(struct engine *en, const struct step *s, const struct before *b, struct err *e);
	bool undo_failed; /* may have left something when it failed: that is undone too */
	/* What the user runs when the undo failed; PF/INDEX follows. NULL: apply. */
	const char *repair;
	bool repair_domain; /* the domain's name comes first */
};

/* By enum step_kind. */
extern const struct action actions[N_STEP_KINDS];

/* The object as it is now, for undo and journal. Returns 0 or -errno. */
int action_look(const struct engine *en, const struct step *s, struct before *ret, struct err *e);

#endif
