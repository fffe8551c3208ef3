/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What each kind of step does to a host, and how it is undone. */
#ifndef VFY_ENGINE_RUN_ACTIONS_H
#define VFY_ENGINE_RUN_ACTIONS_H

#include "engine/run/journal.h"
#include "engine/run/run.h"

struct action {
	/* NULL for STEP_NUMVFS, of which several run at once (run_numvfs.h). */
	int (*run)(struct engine *en, const struct step *s, struct err *e);
	int (*undo)(struct engine *en, const struct step *s, const struct before *b, struct err *e);
	bool undo_failed; /* it may have left something when it failed, so that is undone, too */
	/* What the user runs when the undo failed, followed by PF/INDEX. NULL: apply. */
	const char *repair;
	bool repair_domain; /* the domain's name comes before that */
};

/* By enum step_kind. */
extern const struct action actions[N_STEP_KINDS];

/* Reads the object as it is now, for undo and journal. Returns 0 or -errno. */
int action_look(const struct engine *en, const struct step *s, struct before *ret, struct err *e);

#endif
