/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the parts of the check share. */
#ifndef VFY_ENGINE_CHECK_CHECK_PARTS_H
#define VFY_ENGINE_CHECK_CHECK_PARTS_H

#include "backend/backend.h"
#include "state/state.h"
#include "topology/binding.h"
#include "engine/plan/refuse.h"

struct check {
	const struct topology *topo;
	const struct host *host;
	struct inventory *inv;
	const struct state *saved;     /* NULL: nothing is remembered */
	const struct backend_ops *ops; /* NULL: no hypervisor */
	struct backend *backend;       /* NULL: none, or not open */
	struct problems *problems;
	struct pf **pfs;	     /* from the binding, like the next one */
	const struct wanted *wanted; /* one for each domain */
	bool no_attach;		     /* running domains are left alone */
	struct takes takes;	     /* what the topology takes from the host, of what exists */
};

/*
 * Adds a problem about one object ("net0/3", "web1"). Returns its err for err_fix(), NULL when out
 * of memory. The object becomes the step of the sentence: "topology.cfg:7:3: net0/3: CAUSE; FIX".
 */
struct err *check_error(struct check *c, struct loc loc, const char *object, const char *fmt, ...)
	PRINTF_LIKE(4, 5);
struct err *check_note(struct check *c, struct loc loc, const char *object, const char *fmt, ...)
	PRINTF_LIKE(4, 5);

/* Reports another part's refusal, with its cause and fix, at our place and object. */
void check_refusal(struct check *c, struct loc loc, const char *object, const struct err *why);

/* Reports the refusal of a domain that cannot be asked; the other domains do not wait for it. */
void check_unasked(struct check *c, const struct topo_domain *d, const struct err *why);

/* Makes the question of whether something can be taken from the host; @c is borrowed. */
struct refuse check_asks(const struct check *c);

/* The VF is to be made assignable: reports every reason against it as a problem of @object. */
void check_take(struct check *c, struct loc loc, const char *object, struct vf_ref vf);

/* Checks that the domain has room for @w, as far as that can be seen. Adds a problem; returns 0 or
 * -ENOMEM. */
int check_limits(struct check *c, const struct topo_domain *d, const struct wanted *w,
		 struct err *e);

/* Tells whether nobody can say which process the domain is, or that process cannot be asked. Adds a
 * problem of the domain, unless domains are left alone. */
bool check_is_unknown(struct check *c, const struct topo_domain *d);

/* Tells whether the domain runs and something may be attached to it. */
bool check_is_running(const struct check *c, const struct topo_domain *d);

/* Reports a VF that is to be used and is stale or broken. */
void check_unsure(struct check *c, struct loc loc, const char *label, size_t pf, unsigned index);

/* Returns how many VFs topology PF @pf has once the host is as the topology says. */
unsigned check_numvfs(const struct check *c, size_t pf);

/* Returns the VF as it is now; NULL while it does not exist. */
struct vf *check_vf_now(const struct check *c, size_t pf, unsigned index);

/* The parts. Each adds problems, and returns 0 or -ENOMEM. */
int check_hypervisor(struct check *c, struct err *e);
int check_pfs(struct check *c, struct err *e);
int check_vfs(struct check *c, struct err *e);
int check_macs(struct check *c, struct err *e);
int check_domains(struct check *c, struct err *e);
int check_groups(struct check *c, struct err *e);
int check_attached(struct check *c, struct err *e);

#endif
