/* SPDX-License-Identifier: GPL-2.0-or-later */
/* plan, status and apply: from a session to a plan that is refused or ready to run. */
#ifndef VFY_ENGINE_SESSION_APPLY_H
#define VFY_ENGINE_SESSION_APPLY_H

#include "engine/plan/desired_read.h"
#include "engine/session/session.h"

/* The topology compared with the host. Zeroed before apply_open(), released with apply_done(). */
struct apply {
	struct session *s;
	struct engine en; /* filled in when the plan is to be run */
	struct desired desired;
	struct plan plan;	  /* empty when problems keep it from being made */
	struct problems problems; /* what check finds; errors are refusals */
	bool has_desired;
	unsigned confirm_s; /* undone unless it is confirmed so soon after the run; 0: never */
	const struct apply *before; /* in a second look, the first one; otherwise NULL */
	struct apply *after;	    /* made by apply_look_again(), otherwise NULL */
	struct inventory *inv;	    /* what the plan is about, when the session has read anew */
	struct binding bound;
};

/**
 * apply_wait - wait until the PFs of the topology are ready
 * @wait_ms: how long at most; 0 looks once
 *
 * During boot drivers load in parallel with this. It waits until every PF is found and has its
 * driver; until it has its netdev, if the topology sets something through that; and until the
 * netdev is up, if the driver needs that for rates, or for VFs and the topology does not bring it
 * up. What is missing at the end is not an error here, because the check, or the step, names it.
 */
int apply_wait(struct session *s, unsigned wait_ms, struct err *e);

/**
 * apply_open - read topology and host, check them, and make the plan
 * @to_run: with the host lock, after recovery, as for a command that changes things
 *	    (session_engine()); otherwise for reading, with a note about what could not be seen
 *
 * Returns 0 with the plan, or with a->problems.n_errors and as much of a plan as can be made;
 * -errno when the host could not be read.
 */
int apply_open(struct apply *a, struct session *s, bool to_run, bool no_attach, struct err *e);

/**
 * apply_only - leave nothing but one PF in the session's topology
 * @pf: its address or network device, or its name in the topology
 * @wait_ms: how long to wait until it is there, at most
 *
 * Returns 1, or 0 when the topology has no such PF: there is nothing to do for it then.
 */
int apply_only(struct session *s, const char *pf, unsigned wait_ms, struct err *e);

/* Calls apply_wait() for the PFs of the topology, unless @wait_ms is 0, then apply_open() for a
 * run. */
int apply_prepare(struct apply *a, struct session *s, unsigned wait_ms, bool no_attach,
		  struct err *e);

/* Runs the plan that apply_open(.., true, ..) made. */
int apply_run(struct apply *a, struct err *e);
void apply_done(struct apply *a);

/* Returns -EBUSY with EXIT_REFUSED and the number of errors when check found any; 0 otherwise. */
int apply_refused(const struct problems *all, struct err *e);

/* Returns a failure, with the reason why the domains could not be seen, when what is planned or
 * reported is incomplete; 0 otherwise. */
int apply_unseen(const struct apply *a, struct err *e);

/* Returns false when what domains have could not be seen, and the topology has domains: then
 * something may only look as the topology says. session.h has the reason. */
static inline bool apply_sees_all(const struct apply *a)
{
	return !a->s->inv->domains_unseen || !a->s->topo->n_domains;
}

/* Returns true when the host is as the topology says: everything was seen, and there is nothing to
 * do and nothing refused. */
static inline bool apply_in_sync(const struct apply *a)
{
	return !a->plan.n && !a->problems.n_errors && apply_sees_all(a);
}

#endif
