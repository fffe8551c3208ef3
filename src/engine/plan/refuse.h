/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether a function may be taken from the host, and whether a domain may get it: check, plan, dry
 * run and run all ask here. */
#ifndef VFY_ENGINE_PLAN_REFUSE_H
#define VFY_ENGINE_PLAN_REFUSE_H

#include "engine/plan/step.h"

/* The functions that one run takes from the host, sorted by address. */
struct takes {
	struct bdf *v;
	size_t n;
};

/* Adds one at the end. Call takes_sort() before asking. Returns 0 or -ENOMEM. */
int takes_add(struct takes *t, struct bdf dev, struct err *e);
void takes_sort(struct takes *t);
/* Collects those of a plan's STEP_ASSIGNs. Returns 0 or -ENOMEM. */
int takes_of_plan(struct takes *ret, const struct plan *p, struct err *e);
void takes_done(struct takes *t);

/* Whom to ask; borrowed. */
struct refuse {
	const struct host *host;
	const struct backend_ops *ops; /* NULL: no hypervisor */
	struct backend *backend;       /* NULL: not seen */
	const struct takes *takes;     /* NULL: only this function is taken */
};

/* Tells whether anything may be made assignable on this host. Returns 0 or -errno. */
int refuse_host(const struct refuse *r, struct err *e);

/**
 * refuse_take - tell whether this function may be made assignable
 *
 * Asks whether the host needs it or others use it (guard_take()), then the hypervisor's table. When
 * the VF is ABSENT, only its address counts. Returns 0 or -errno, mostly with EXIT_REFUSED.
 */
int refuse_take(const struct refuse *r, struct vf_ref vf, struct err *e);

/* Asks only the hypervisor's table, right before the change, when the guard has been asked
 * already. */
int refuse_assign(const struct refuse *r, struct vf_ref vf, struct err *e);

/* Calls @say, with @arg, for every reason that refuse_take() has. */
void refuse_take_each(const struct refuse *r, struct vf_ref vf,
		      void (*say)(void *arg, const struct err *e), void *arg);

/*
 * The same three, link by link: each row of the hypervisor's table that is asked, with its reason
 * or NULL, as refusal_walk(). The guard, of the host's own need and of other users, comes first, as
 * a row "guard".
 */
typedef void refuse_say(void *arg, const struct refusal *row, const struct err *why,
			bool is_unseen);
void refuse_host_walk(const struct refuse *r, refuse_say *say, void *arg);
void refuse_take_walk(const struct refuse *r, struct vf_ref vf, refuse_say *say, void *arg);

/* What a domain is to get, all at once, because each may fit alone where together they do not. */
struct refuse_gets {
	const struct domain *domain; /* id 0: it does not run */
	const struct vf_ref *vfs;
	const struct dev_options *options; /* one for each VF */
	size_t n;
	bool is_last; /* this is the next thing that is done */
};

/**
 * refuse_attach - tell whether the domain may get them
 * @unseen: the first reason why a capture could not be asked, with a cause; may be NULL
 *
 * Whether they are, or will be, assignable is checked elsewhere. Returns 0 or -errno.
 */
int refuse_attach(const struct refuse *r, const struct refuse_gets *g, struct err *unseen,
		  struct err *e);

/* Gives the same reasons one by one, until @say returns false. */
void refuse_attach_each(const struct refuse *r, const struct refuse_gets *g, struct err *unseen,
			bool (*say)(void *arg, const struct refusal *row, const struct err *e),
			void *arg);

/* Every row that is asked, as refuse_take_walk(); also where the domain gets nothing. */
void refuse_attach_walk(const struct refuse *r, const struct refuse_gets *g, refuse_say *say,
			void *arg);

#endif
