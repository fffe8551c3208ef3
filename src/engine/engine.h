/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Everything that planning and running a change needs. */
#ifndef VFY_ENGINE_ENGINE_H
#define VFY_ENGINE_ENGINE_H

#include "backend/backend.h"
#include "state/state.h"

struct progress; /* engine/run/progress.h */
struct takes;	 /* engine/plan/refuse.h */

/* Everything in it is borrowed. */
struct engine {
	const struct host *host;
	const struct backend_ops *ops;
	struct backend *backend;
	struct inventory *inv;
	struct state *saved;
	struct state *trial; /* what devices are now, for an undo of the run (run/trial_take.h);
			      * NULL: nobody wants it */
	const char *command; /* for the journal; may be NULL */
	struct progress *progress; /* NULL: silent */
	const struct takes *takes; /* while a plan runs: what the plan takes from the host */
	bool dry_run;
};

#endif
