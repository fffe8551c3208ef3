/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Can this host give VFs to guests, can this VF be given, can this domain get it? All that is
 * looked at, in the order in which things break. */
#ifndef VFY_ENGINE_DOCTOR_DOCTOR_H
#define VFY_ENGINE_DOCTOR_DOCTOR_H

#include "backend/backend.h"
#include "base/finding.h"
#include "state/state.h"

/* Whom to ask; borrowed. */
struct doctor {
	const struct host *host;
	struct inventory *inv;
	const struct topology *topo;   /* NULL: none */
	struct pf *const *pfs;	       /* of the topology, NULL where one is missing */
	const struct state *saved;     /* NULL: nothing is known of it */
	const struct backend_ops *ops; /* NULL: no hypervisor */
	struct backend *backend;       /* NULL: not seen */
	const struct err *unseen;      /* why domains are not seen; without a cause: they are */
	struct findings *found;	       /* where findings go */
};

/* The hypervisor and its IOMMU, its driver, and what happens at boot. @no_hypervisor: why there is
 * none, where @ops is NULL. */
void doctor_host(struct doctor *d, const struct err *no_hypervisor);

/* One PF and its VFs as a whole; all of them. */
void doctor_pf(struct doctor *d, struct pf *pf);
void doctor_cards(struct doctor *d);

/* Who else sets VFs of @only, or of any PF where that is NULL. Returns 0 or -ENOMEM. */
int doctor_owners(struct doctor *d, const struct pf *only, struct err *e);

/**
 * doctor_vf - the chain from an address to "assignable": every link, the first that blocks marked
 *
 * Links are the states of the inventory and the rows of the hypervisor's table of refusals, so that
 * what is said here is what check, plan and the run say.
 */
void doctor_vf(struct doctor *d, struct vf_ref vf);

/**
 * doctor_domain - a running domain: what it has, and could it get @vfs
 * @domain: found by the backend; id 0: it does not run
 *
 * Without @vfs it is asked as if it were to get nothing. Returns 0, or -errno of what could not be
 * looked at.
 */
int doctor_domain(struct doctor *d, const struct domain *domain, const struct vf_ref *vfs,
		  const struct dev_options *options, size_t n, struct err *e);

#endif
