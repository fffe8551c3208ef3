/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Checks the topology against this host, finds all problems in one run, and changes nothing. */
#ifndef VFY_ENGINE_CHECK_CHECK_H
#define VFY_ENGINE_CHECK_CHECK_H

#include "backend/backend.h"
#include "engine/plan/desired.h"

/**
 * check_host - find every reason why this host cannot be made as the topology says
 * @bound: the topology on the PFs of @inv; what making it found is among the problems
 * @inv: has been read, and surveyed if there is a backend
 * @saved: what vfyard made assignable; NULL: not known
 * @ops: NULL when the host has no hypervisor, which is itself a problem
 * @no_attach: as in desired.h: running domains get nothing, so what they would be refused is no
 * problem; such a domain is checked as if it were off, for what it could have at its next start
 *
 * Adds problems, and notes (about options that mean nothing on this hypervisor). Returns 0, also
 * when there are problems; -errno only when the check itself could not be done.
 */
int check_host(const struct binding *bound, const struct host *h, struct inventory *inv,
	       const struct state *saved, const struct backend_ops *ops, struct backend *b,
	       bool no_attach, struct problems *problems, struct err *e);

/**
 * check_steps - find VFs that the host depends on and whose settings a plan changes
 *
 * A VF of the host whose MAC, VLAN or link changes may be the host's own way out (guard.h). VFs
 * that lose their driver, and those of a PF that makes them anew, are left to check_host(), which
 * refuses them. Adds one problem for each VF.
 */
void check_steps(const struct plan *p, const struct host *h, struct problems *problems);

/* A note for each VF whose domain has a definition that takes it from the hypervisor's driver, and
 * for each that vfyard put into the definition of a domain which the topology does not give it. */
void check_defined(const struct desired *g, struct problems *problems);

/* Domains whose definitions cannot be read, where no other error has said so: what they have at
 * their next start is not known, even if they have all their VFs now. */
void check_unread(const struct desired *g, struct problems *problems);

/**
 * check_names - may what a plan makes assignable be called as the topology says?
 *
 * What is assignable already, or in a domain, keeps the name it has. Adds one problem a VF.
 */
void check_names(const struct plan *p, const struct desired *g, const struct host *h,
		 struct problems *problems);

/**
 * check_neighbours - what cannot leave, or come to the host, beside a guest that has its neighbour
 *
 * See engine/plan/neighbours.h. Adds one problem a VF. Returns 0 or -ENOMEM.
 */
int check_neighbours(const struct plan *p, const struct desired *g, const struct backend_ops *ops,
		     struct problems *problems, struct err *e);

/**
 * check_guests - settings of VFs that running guests have
 *
 * A MAC or VLAN that changes under a guest cuts it off. Adds one problem for each such VF, with the
 * domain; --force with the VF's name allows the settings. A broken VF is treated alike, because a
 * guest may have it. The plan loses, with a note, the settings of a guest that is libvirt's
 * according to the topology, because libvirt sets them itself when it starts the guest, and those
 * that the PF's driver does not report, because they would differ each time. VFs of a PF that makes
 * them anew are left to check_host(). Returns 0 or -ENOMEM.
 */
int check_guests(struct plan *p, const struct desired *g, const struct host *h,
		 struct problems *problems, struct err *e);

#endif
