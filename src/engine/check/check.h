/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The topology against this host, all problems in one run; changes nothing. */
#ifndef VFY_ENGINE_CHECK_CHECK_H
#define VFY_ENGINE_CHECK_CHECK_H

#include "backend/backend.h"
#include "engine/plan/desired.h"

/**
 * check_host - every reason why this topology cannot be made so here
 * @bound: the topology on the PFs of @inv; what its making found is among the problems
 * @inv: read, and surveyed when there is a backend
 * @saved: what vfyard made assignable; NULL: nothing is known of that
 * @ops: NULL when the host has no hypervisor (itself a problem)
 * @no_attach: as of desired.h: what running domains would be refused is none, because they get
 *nothing; what such a domain could have at its next start is looked at as of one that is off
 *
 * Adds problems and notes (options without meaning on this hypervisor). Returns 0, also when there
 * are problems; -errno only when the check itself could not be done.
 */
int check_host(const struct binding *bound, const struct host *h, struct inventory *inv,
	       const struct state *saved, const struct backend_ops *ops, struct backend *b,
	       bool no_attach, struct problems *problems, struct err *e);

/**
 * check_steps - does the host live on a VF whose settings a plan changes?
 *
 * A VF of the host whose MAC, VLAN or link changes may be its own way out (guard.h). VFs that lose
 * their driver, and those of a PF that makes them anew, are refused by check_host(); of those this
 * adds nothing. Adds one problem a VF.
 */
void check_steps(const struct plan *p, const struct host *h, struct problems *problems);

/**
 * check_guests - settings of VFs that running guests have
 *
 * A MAC or VLAN that changes under a guest cuts it off: one problem a VF, with the domain; --force
 * with the VF's name lets them be set. The same of one that is broken, which a guest may have. Left
 * out of the plan, with a note, are those of a guest that the topology says is libvirt's, which
 * sets them itself when it starts the guest, and those that the PF's driver does not report: they
 * differ each time. VFs of a PF that makes them anew are refused by check_host(). Returns 0 or
 * -ENOMEM.
 */
int check_guests(struct plan *p, const struct desired *g, const struct host *h,
		 struct problems *problems, struct err *e);

#endif
