/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One run: a host, a topology and a hypervisor, and what is opened of them on demand. */
#ifndef VFY_ENGINE_SESSION_SESSION_H
#define VFY_ENGINE_SESSION_SESSION_H

#include "backend/backend.h"
#include "engine/operands.h"
#include "topology/binding.h"
#include "state/state.h"
#include "engine/run/run.h"

/* Zeroed, except for what the caller asks for; close it with session_close(). */
struct session {
	struct host host;	/* opened by the caller */
	const char *config;	/* -C FILE, NULL when not given; borrowed */
	const char *hypervisor; /* "auto", "xen", "kvm"; borrowed */
	const char *command;	/* what the lock tells another run about this one; borrowed */
	bool dry_run;
	bool tries;	 /* this run is to be confirmed, so a topology that was not may be tried */
	bool ends_trial; /* this run confirms or undoes, so what awaits that is not in its way */
	const char *program;	   /* what to run when nobody confirms; NULL: nothing; borrowed */
	int lock_fd;		   /* -1: not taken */
	struct progress *progress; /* where long runs tell how far they are; borrowed */

	/* opened by the functions below */
	struct topology *topo;
	struct topology *file_topo; /* the file's, while topo is made of words (set.h); the
				     * backend may hold on to it */
	char *topo_path;	    /* where it was read, or looked for */
	struct problems faults;	    /* the file's errors, because of which topo could not be read */
	struct binding bound;	    /* the topology on the inventory; zeroed when one is missing */
	struct inventory *inv;
	struct err unseen; /* why inv->domains_unseen */
	const struct backend_ops *ops;
	struct backend *backend;
	struct state *saved;
	struct state *trial;   /* what the run that awaits confirmation found (trial.h) */
	struct forced *forced; /* engine/session/forced.h */
};

/*
 * These open what a run needs, once and in any order; each opens what it depends on.
 * session_close() closes everything.
 */

/*
 * Loads the topology given with -C, or the default file. s->faults has everything that is wrong
 * with it, for the caller to report, and @e has the first of these, with its place; a missing file
 * is an error in @e. The status is EXIT_USAGE.
 */
int session_load_topology(struct session *s, struct err *e);

/*
 * As session_load_topology(), and its faults are said here. Not @required: no default file, or an
 * empty one, is fine, and a broken one is only a note.
 */
int session_topology(struct session *s, bool required, struct err *e);

/*
 * Reads the PFs and VFs of this host (@flags as for inventory_read()) with the topology's names, as
 * sysfs has them; what was read before is freed. PFs that the topology wants and the host lacks are
 * in bound.problems.
 */
int session_read_pfs(struct session *s, unsigned flags, struct err *e);

/* Forgets the inventory, and what the topology is on it. */
void session_forget_pfs(struct session *s);

/*
 * Like session_read_pfs(), then does the backend's survey when there is a hypervisor. Use it for
 * reading: what could not be seen gives a note, and stays as sysfs tells it.
 */
int session_inventory(struct session *s, unsigned flags, struct err *e);

/* Opens the backend of this host. With @required a host without a hypervisor is an error. */
int session_backend(struct session *s, bool required, struct err *e);
int session_state(struct session *s, struct err *e);

/* Reads which cards the PFs are on, and notes each that is not the one remembered. Call it after
 * the state and the inventory. */
void session_cards(struct session *s);

/* Tells the host's log why a run that would change the host failed, or was refused; @problems (may
 * be NULL) has each reason when there are several. Not of a dry run. */
void session_tell_failure(const struct session *s, const struct problems *problems,
			  const struct err *e);

/* Asked before anything is written, including the lock and the memory: a run that is not dry needs
 * root, and the running host. Returns 0, -EPERM or -ENOTSUP. */
int session_may_change(const struct session *s, struct err *e);

/* Takes the host lock, unless this is a dry run or it is taken already. */
int session_lock(struct session *s, struct err *e);

void session_unlock(struct session *s);

/* Opens all that a command needs to change things: the host lock (not with --dry-run) and, under
 * it, state, backend, inventory and a survey that saw everything, after a killed run has been
 * repaired. */
int session_engine(struct session *s, struct engine *ret, struct err *e);
void session_close(struct session *s);

/* Resolves DEV texts into a list; release it with devlist_done(). */
int session_devices(struct session *s, int n, const char *const *devs, struct devlist *ret,
		    struct err *e);

#endif
