/* SPDX-License-Identifier: GPL-2.0-or-later */
/* May a function be taken from the host, may a domain get it? Check, plan, dry run and run ask
 * here. */
#ifndef VFY_ENGINE_PLAN_REFUSE_H
#define VFY_ENGINE_PLAN_REFUSE_H

#include "engine/plan/step.h"

/* Functions that one run takes from the host, sorted by address. */
struct takes {
	struct bdf *v;
	size_t n;
};

/* Adds one at the end; takes_sort() before it is asked. Returns 0 or -ENOMEM. */
int takes_add(struct takes *t, struct bdf dev, struct err *e);
void takes_sort(struct takes *t);
/* Those of the STEP_ASSIGNs of a plan. Returns 0 or -ENOMEM. */
int takes_of_plan(struct takes *ret, const struct plan *p, struct err *e);
void takes_done(struct takes *t);

/* Whom to ask; borrowed. */
struct refuse {
	const struct host *host;
	const struct backend_ops *ops; /* NULL: no hypervisor */
	struct backend *backend;       /* NULL: not seen */
	const struct takes *takes;     /* NULL: the function alone is taken */
};

/* May anything be made assignable on this host? 0 or -errno. */
int refuse_host(const struct refuse *r, struct err *e);

/**
 * refuse_take - may this function be made assignable?
 *
 * The host's own need and other users of it (guard_take()), then the hypervisor's table. Of one
 * that is ABSENT only its address is looked at. Returns 0 or -errno, mostly with EXIT_REFUSED.
 */
int refuse_take(const struct refuse *r, struct vf_ref vf, struct err *e);

/* The hypervisor's table alone: right before the change, when the guard was asked already. */
int refuse_assign(const struct refuse *r, struct vf_ref vf, struct err *e);

/* What refuse_take() says, every reason of it: @say is called for each, with @arg. */
void refuse_take_each(const struct refuse *r, struct vf_ref vf,
		      void (*say)(void *arg, const struct err *e), void *arg);

/* What a domain is to get, all at once: each alone may fit where together they do not. */
struct refuse_gets {
	const struct domain *domain; /* id 0: it does not run */
	const struct vf_ref *vfs;
	const struct dev_options *options; /* of each */
	size_t n;
	bool is_last; /* it is done next */
};

/**
 * refuse_attach - may the domain get them?
 * @unseen: the first reason why a capture could not be asked, with a cause; may be NULL
 *
 * That they are assignable, or will be, is asked elsewhere. 0 or -errno.
 */
int refuse_attach(const struct refuse *r, const struct refuse_gets *g, struct err *unseen,
		  struct err *e);

/* The same, reason by reason, until @say returns false. */
void refuse_attach_each(const struct refuse *r, const struct refuse_gets *g, struct err *unseen,
			bool (*say)(void *arg, const struct refusal *row, const struct err *e),
			void *arg);

#endif
