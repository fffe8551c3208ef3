/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Typed steps and the one loop that changes a host. */
#ifndef VFY_ENGINE_STEPS_H
#define VFY_ENGINE_STEPS_H

#include "core/backend.h"
#include "core/store.h"

enum step_kind {
	STEP_ASSIGN,	/* host driver or none -> assignable */
	STEP_RELEASE,	/* assignable -> no driver */
	STEP_GIVE_BACK, /* no driver -> the driver and override it had before */
	STEP_ATTACH,	/* assignable -> in a domain */
	STEP_DETACH,	/* in a domain -> assignable */
};

struct step {
	enum step_kind kind;
	struct vf_ref vf;
	struct domain *domain;		 /* ATTACH, DETACH; borrowed */
	struct dev_options options;	 /* ATTACH; DETACH: as it is attached; ASSIGN: its name */
	const struct original *original; /* GIVE_BACK: to what; borrowed from the store */
	bool force;			 /* DETACH */
	const char *why;		 /* static text, shown by --dry-run; may be NULL */
};

struct plan {
	struct step *v;
	size_t n, allocated;
};

int plan_add(struct plan *p, const struct step *s, struct err *e);
void plan_done(struct plan *p);

const char *step_name(enum step_kind k);

/* "assign net0/3 (0000:05:10.6): driver igbvf", without newline. free() it; NULL: out of memory. */
char *step_line(const struct step *s);

/* One such line per step. For --dry-run. */
void plan_print(const struct plan *p, FILE *out);

/* Everything a run needs; borrowed. */
struct engine {
	const struct host *host;
	const struct backend_ops *ops;
	struct backend *backend;
	struct inventory *inv;
	struct store *store;
	bool dry_run;
};

/**
 * engine_run - do the steps in order; on failure undo what was done, in reverse
 *
 * With dry_run the plan goes to stdout and nothing else happens.
 *
 * Before the first step: what the devices to be assigned are now is committed to the store, once.
 * What is already remembered there stays, unless it is about another card. After the last step
 * what was given back is forgotten, again with one commit: a crash in between costs nothing, for
 * giving back twice is the same as once.
 *
 * Each step is a backend op that verifies itself; undo is a column of the step table. The
 * inventory stays the snapshot it was. @e is the failure of the step; when an undo fails too, the
 * status is EXIT_LEFT and the sentence says what is left.
 *
 * SIGINT, SIGTERM and SIGHUP that come meanwhile wait for the end of the step they come in; then
 * all is undone and -EINTR returned. One that comes in the last step is delivered when all is done.
 */
int engine_run(struct engine *en, const struct plan *p, struct err *e);

#endif
