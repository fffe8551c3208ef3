/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a plan is computed from, and the computing itself. Pure: the same data gives the same
 * steps. */
#ifndef VFY_ENGINE_PLAN_DESIRED_H
#define VFY_ENGINE_PLAN_DESIRED_H

#include "backend/backend.h"
#include "base/problem.h"
#include "topology/binding.h"
#include "engine/plan/step.h"

/* A domain of the topology as it is now; the VFs themselves say which of them it has. */
struct desired_domain {
	bool runs;
	bool is_off;	      /* it does not, and has a definition of its next start */
	bool is_left;	      /* it cannot be asked, and gets nothing now */
	struct domain domain; /* when it runs, or is off */
	struct err unread;    /* why its definition is not known; cause "": it is, or it has none */
};

/* What the topology wants of one VF. */
struct desired_vf {
	struct vf_attrs want;	    /* topology_attrs() with mac=auto resolved, including driver= */
	size_t domain;		    /* index in topo->domains, or NO_DOMAIN */
	struct dev_options options; /* of the device in that domain */
	unsigned defined;	    /* enum domain_defined, of that domain */
};

#define NO_DOMAIN SIZE_MAX

/*
 * The topology and the host side by side. pfs[] contains no NULL, because a host that lacks a PF is
 * refused before. Every PF has entries for all VFs that the topology will make (ABSENT ones), and
 * attributes for those that exist.
 */
struct desired {
	const struct topology *topo;
	struct pf **pfs;		/* from the binding, like the next one; borrowed */
	const struct wanted *wanted;	/* one for each of topo->domains */
	struct inventory *inv;		/* surveyed; borrowed */
	const struct state *saved;	/* what PFs were; borrowed */
	struct desired_domain *domains; /* one for each of topo->domains */
	struct desired_vf **vfs;	/* by PF and index: pfs[i]->n_vfs entries each */
	bool no_attach;			/* --no-attach: domains are left alone */
	bool has_permissive;		/* the hypervisor knows permissive */
	bool *is_down;			/* by PF: whether its network device is down; NULL: none
					 * is */
	struct attachment *kept;	/* what vfyard put into definitions, of any domain; only
					 * where one of the topology has a definition */
	size_t n_kept;
};

/**
 * plan_apply - plan the steps from the host as it is to the topology
 *
 * Order: PFs up that shall be (up=1); autoprobe off where VFs are made for guests; off the
 * pass-through driver what vfyard made assignable and is in the way; numvfs of all PFs, next to
 * each other; then for each PF, VF by VF: settings, then driver (assign, release, unbind, probe);
 * autoprobe to what it shall be; then domain by domain attach, and define where the domain has a
 * definition without the VF, also of one that is off. A VF in a domain is never taken out of it,
 * and no VF is unmade while one of its PF is not free: check_host() refuses that before.
 *
 * numvfs goes from N to M through 0. Without autoprobe= in the topology autoprobe ends as the state
 * remembers it, or else as it is. A PF without numvfs= gets no PF steps. A VF that neither a domain
 * nor driver= names keeps its driver; if it is made beside VFs for guests, it gets none.
 *
 * Sets p->stop_on_error and remember_all. Returns 0 or -ENOMEM.
 */
int plan_apply(const struct desired *g, struct plan *p, struct err *e);

#endif
