/* SPDX-License-Identifier: GPL-2.0-or-later */
/* apply --confirm: a run whose changes are undone unless somebody confirms them in time. */
#ifndef VFY_ENGINE_SESSION_TRIAL_H
#define VFY_ENGINE_SESSION_TRIAL_H

#include "engine/session/apply.h"

#define TRIAL_MAX_S 86400u

/* What var/lib/vfyard/unconfirmed.json says. */
struct trial_info {
	bool is_open;	    /* a run of this or an earlier boot awaits confirmation */
	bool is_rejected;   /* its time came without one: this topology is not applied again */
	bool is_other_boot; /* the host was rebooted meanwhile */
	unsigned seconds;
	int64_t until_ms; /* CLOCK_BOOTTIME; of this boot */
	char until[32];	  /* the same as local time, "14:05:03"; for sentences */
	char run[200];	  /* the command line */
	char digest[20];  /* of the topology, "" for set */
};

/* Reads it; needs no lock. Returns 0, or -errno: -EACCES without privileges. */
int trial_look(const struct host *h, struct trial_info *ret, struct err *e);

/* Milliseconds until the time is over, never negative. */
int64_t trial_left_ms(const struct trial_info *t);

/**
 * trial_begin - keep what is now, on disk, and see to it that the undo comes
 *
 * Before the first step of the plan of @a. The time begins now, and again when the run ends
 * (trial_end()), so the changes of a run that is killed are undone as well. What undoes them is a
 * transient service of systemd where that runs, or else a process of its own, both "vfyard confirm
 * --when-due"; none for a session without @program (tests call trial_undo() themselves).
 */
int trial_begin(struct apply *a, unsigned seconds, struct err *e);

/* The run ended with @r: where nothing is left of it, nothing awaits confirmation. Returns @r, or
 * the failure to write. */
int trial_end(struct apply *a, int r, struct err *e);

/* Tells whether another run may change the host: -EBUSY (EXIT_REFUSED), with until when, while one
 * awaits confirmation. One of an earlier boot is over: its changes went with the reboot. */
int trial_gate(struct session *s, struct err *e);

/* Adds a problem when @s's topology may not be applied, or nothing may, because of a trial. */
int trial_check(const struct session *s, struct problems *problems, struct err *e);

/* Keeps the changes. Returns 1, or 0 when none awaits confirmation. -ETIME: they were undone; the
 * topology is no longer rejected then. */
int trial_confirm(struct session *s, struct err *e);

/* Undoes the changes: back to what was kept, as release does; then the memory is what it was.
 * Returns 1, or 0 when none awaits confirmation. A failure leaves it so that it can be repeated. */
int trial_undo(struct session *s, struct err *e);

/* Waits until the time is over, and the lock is free, then undoes; returns without doing anything
 * when it is confirmed meanwhile. */
int trial_undo_when_due(struct session *s, struct err *e);

#endif
