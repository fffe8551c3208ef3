/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A whole host for runs of apply and release: two PFs, a kernel, PF drivers that keep settings, and
 * a hypervisor with the domain web1. Each change of the host is counted, and a run can be killed,
 * or a change fail, at any of them. */
#ifndef VFY_TESTS_FAKE_YARD_H
#define VFY_TESTS_FAKE_YARD_H

#include "engine/session/apply.h"
#include "fake_backend.h"
#include "fake_kernel.h"
#include "fake_netvf.h"

enum yard_command {
	YARD_PLAN,
	YARD_STATUS,
	YARD_APPLY,
	YARD_RELEASE,
	YARD_SET,
	YARD_TRY,
	YARD_UNDO,
	YARD_CONFIRM,
	YARD_WATCH
};

/*
 * net0: 0000:05:00.0, eth0, no VFs yet; net1: 0000:06:00.0, eth1, three VFs with igbvf. Seven VFs
 * at most each. It lives in shared memory, so what a killed child did to the host stays done.
 */
struct fake_yard {
	struct fake_root root;
	struct fake_kernel kernel;
	struct fake_netvf netvf;
	struct backend backend;
	int (*kernel_write)(void *arg, const char *path, const char *value);

	unsigned changes; /* how many have begun in this run */
	unsigned kill_at; /* 0: never; the change before which (kill_after: after which) the run
			   * dies */
	bool kill_after;
	unsigned kill_at_sync, syncs; /* the same, counted in fsyncs of memory and journal; how many
				       * there were */
	unsigned fail_at;	      /* 0: never; the change that fails */
	int fail_code;		      /* positive errno; 0: it says that it is done, and does
				       * nothing */
	bool fail_short;	      /* sriov_numvfs: makes one VF less, and reports success */
	bool fail_late;		      /* writes: it is done nevertheless */
	bool failed;		      /* the failure has happened */

	/* Attach and detach wait for the guest, as backends do: a run that is asked to end ends
	 * that, but in what undoes. In the @signal_at-th wait and in each behind it SIGTERM comes,
	 * which the test has a handler for; in that wait the guest never answers, in others it does
	 * a moment later. 0: nobody waits. */
	unsigned signal_at, waits;
	const struct stop *stop; /* of the run */

	/* Called when an apply has done its steps, before it looks again. */
	void (*meanwhile)(struct fake_yard *y);

	bool no_survey;		 /* the hypervisor cannot be asked */
	const char *release_dev; /* UNASSIGN only this one; NULL: all */

	/* of the last run */
	struct err e;
	size_t n_steps, n_drift; /* the latter as status tells it */
	unsigned n_problems;
	bool in_sync; /* PLAN, STATUS */
	char *notes;
	size_t notes_size;

	const char *words[16]; /* SET: up to a NULL */

	/* Functions as a whole, which a snapshot has, too. */
	struct bdf functions[8];
	unsigned n_functions;
	unsigned confirm_s; /* TRY: apply --confirm */
	const char *only;   /* APPLY, PLAN: --pf; NULL: all */
	int awaited;	    /* UNDO, CONFIRM, WATCH: what they returned */
};

int fake_yard_setup(void **state);
int fake_yard_teardown(void **state);

/* Sets the topology of the next runs. */
void fake_yard_topology(struct fake_yard *y, const char *text);

/* A topology for which apply plans more than 20 steps, of every kind that it has. */
extern const char fake_yard_example[];

/* Adds a graphics card with its sound (0b:00.0, 0b:00.1), a controller (0c:00.0) and a PF without
 * VFs (07:00.0). */
void fake_yard_add_functions(struct fake_yard *y);

/* The topology of fake_yard_example, and these functions: "gpu0" and "card" for web1, "usb0" for a
 * domain that does not run. */
extern const char fake_yard_whole[];

/* Runs as one run of the program would, with session, lock and recovery. Returns 0, or -errno with
 * y->e. */
int fake_yard_run(struct fake_yard *y, enum yard_command c);

/* Does the same in a child process. Returns true when it was killed; otherwise *ret is its exit
 * status. */
bool fake_yard_run_killed(struct fake_yard *y, enum yard_command c, int *ret);

/* Stops kills and failures, and begins counting anew. */
void fake_yard_calm(struct fake_yard *y);

/* Returns everything that must be as it was: numbers, autoprobe, drivers, overrides, settings,
 * domains, and what is remembered on disk. free() it. */
char *fake_yard_snapshot(struct fake_yard *y);

const char *fake_yard_notes(struct fake_yard *y);

struct bdf fake_yard_bdf(unsigned pf, unsigned index);

#endif
