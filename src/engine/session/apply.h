/* SPDX-License-Identifier: GPL-2.0-or-later */
/* plan, status and apply: from a session to a plan, refused or ready to run. */
#ifndef VFY_ENGINE_SESSION_APPLY_H
#define VFY_ENGINE_SESSION_APPLY_H

#include "engine/plan/desired_read.h"
#include "engine/session/session.h"

/* The topology held against the host; zeroed before apply_open(), released with apply_done(). */
struct apply {
	struct session *s;
	struct engine en; /* filled when it is to be run */
	struct desired desired;
	struct plan plan;	  /* empty where problems keep it from being made */
	struct problems problems; /* what check finds; errors are refusals */
	bool has_desired;
	const struct apply *before; /* of one that looks again, else NULL */
	struct apply *after;	    /* of apply_look_again(), else NULL */
	struct inventory *inv;	    /* what the plan is about, where the session has read anew */
	struct binding bound;
};

/**
 * apply_wait - wait for the PFs of the topology
 * @wait_ms: at most; 0 looks once
 *
 * For a boot, where drivers load beside this: until every PF is found, has its driver, and its
 * netdev where the topology sets what goes through it, up where its driver needs that for rates, or
 * for VFs and the topology does not bring it up.
 * What is missing at the end is not an error here: the check, or the step, names it.
 */
int apply_wait(struct session *s, unsigned wait_ms, struct err *e);

/**
 * apply_open - topology, host, check, desired and plan
 * @to_run: with the host lock, after recovery, as a mutating command (session_engine()); else for
 *	    reading, where what could not be seen is said as a note
 *
 * Returns 0 with the plan, or with a->problems.n_errors and as much of a plan as can be made;
 * -errno when the look itself failed.
 */
int apply_open(struct apply *a, struct session *s, bool to_run, bool no_attach, struct err *e);

/* apply_open() for a run, after apply_wait() of the PFs of the topology; @wait_ms 0: without. */
int apply_prepare(struct apply *a, struct session *s, unsigned wait_ms, bool no_attach,
		  struct err *e);

/* Runs the plan of apply_open(.., true, ..). */
int apply_run(struct apply *a, struct err *e);
void apply_done(struct apply *a);

/* -EBUSY with EXIT_REFUSED, and how many there are, when check finds errors; 0 for none. */
int apply_refused(const struct problems *all, struct err *e);

/* What is planned or reported is not all: a failure, with why the domains could not be seen; else
 * 0. */
int apply_unseen(const struct apply *a, struct err *e);

/* False when what domains have could not be seen, and the topology has some: what then looks like
 * the topology is none the surer for it. session.h has the reason. */
static inline bool apply_sees_all(const struct apply *a)
{
	return !a->s->inv->domains_unseen || !a->s->topo->n_domains;
}

/* True when the topology is as the host is: all seen, nothing to do and nothing refused. */
static inline bool apply_in_sync(const struct apply *a)
{
	return !a->plan.n && !a->problems.n_errors && apply_sees_all(a);
}

#endif
