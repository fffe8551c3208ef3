/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One run: a host, a topology, a hypervisor, and what is opened of them on demand. */
#ifndef VFY_ENGINE_SESSION_SESSION_H
#define VFY_ENGINE_SESSION_SESSION_H

#include "backend/backend.h"
#include "engine/operands.h"
#include "topology/binding.h"
#include "state/state.h"
#include "engine/run/run.h"

/* Zeroed but for what the caller asks for; close with session_close(). */
struct session {
	struct host host;	/* opened by the caller */
	const char *config;	/* -C FILE, NULL when not given; borrowed */
	const char *hypervisor; /* "auto", "xen", "kvm"; borrowed */
	const char *command;	/* what the lock tells another run about this one; borrowed */
	bool dry_run;
	int lock_fd;		   /* -1: not taken */
	struct progress *progress; /* where long runs tell how far they are; borrowed */

	/* opened by the functions below */
	struct topology *topo;
	char *topo_path;	/* where it was read from, or looked for */
	struct problems faults; /* of the file, because of which topo could not be read */
	struct binding bound;	/* the topology on the inventory; zeroed where one is missing */
	struct inventory *inv;
	struct err unseen; /* why inv->domains_unseen */
	const struct backend_ops *ops;
	struct backend *backend;
	struct state *saved;
	struct forced *forced; /* engine/session/forced.h */
};

/*
 * What a run needs, opened once, in any order; each opens what it rests on. All are closed by
 * session_close().
 */

/*
 * The topology given with -C, or the default file. All that is wrong with it is in s->faults for
 * the caller to report, and @e is the first of that, with its place; no file at all is an error in
 * @e. Status EXIT_USAGE.
 */
int session_load_topology(struct session *s, struct err *e);

/*
 * As session_load_topology(), and its faults are said here. Not @required: no default file is
 * fine, and a broken one is only a note.
 */
int session_topology(struct session *s, bool required, struct err *e);

/*
 * The PFs and VFs of this host (@flags as of inventory_read()) with the topology's names, as sysfs
 * has them; what was read before is freed. PFs the topology wants and the host lacks are in
 * bound.problems.
 */
int session_read_pfs(struct session *s, unsigned flags, struct err *e);

/*
 * As session_read_pfs(), and the backend's survey where there is a hypervisor. For reading: what
 * could not be seen is said as a note and left as sysfs tells it.
 */
int session_inventory(struct session *s, unsigned flags, struct err *e);

/* The backend of this host, open. @required: a host without a hypervisor is an error. */
int session_backend(struct session *s, bool required, struct err *e);
int session_state(struct session *s, struct err *e);

/* Which cards the PFs are on, with a note of each that is not the one remembered. After the state
 * and the inventory. */
void session_cards(struct session *s);

/* Asked before anything is written, the lock and the memory too: a run that is not dry needs root,
 * and the running host. 0, -EPERM or -ENOTSUP. */
int session_may_change(const struct session *s, struct err *e);

/* All a mutating command needs: the host lock (not with --dry-run), and under it store, backend,
 * inventory and a survey that saw everything, after a run that was killed has been made whole. */
int session_engine(struct session *s, struct engine *ret, struct err *e);
void session_close(struct session *s);

/* DEV texts into a list; release it with devlist_done(). */
int session_devices(struct session *s, int n, const char *const *devs, struct devlist *ret,
		    struct err *e);

#endif
