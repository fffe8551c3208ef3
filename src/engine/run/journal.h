/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The write-ahead journal, run/vfyard/journal: which step a run that was killed, or that had to
 * leave one to the kernel, was in. */
#ifndef VFY_ENGINE_RUN_JOURNAL_H
#define VFY_ENGINE_RUN_JOURNAL_H

#include "host/pci/bind.h"
#include "engine/run/snapshot.h"
#include "engine/plan/step.h"

/* How an object was when its step began: what an undo needs to know. */
struct before {
	char driver[DRIVER_MAX], override[DRIVER_MAX]; /* of a VF */
	struct vf_attrs attrs;			       /* SET: as far as they are known */
	struct snapshot vfs;			       /* NUMVFS: all of its VFs */
	unsigned numvfs;
	int8_t autoprobe;
	int8_t up;     /* UP: 0, 1 */
	uint8_t state; /* RELEASE: enum vf_state; not in the file, for recovery needs it not */
};

struct journal;

/**
 * journal_open - begin a journal, before the first step
 *
 * Readable text: who runs, in which boot, then "do", "done", "undo" and "undone" lines. The file of
 * the run before must have been recovered. Close with journal_close(), which removes it: a journal
 * that is there belongs to a run that was killed, or has an "ended" line.
 *
 * Returns 0 or -errno (full, read-only) with cause and fix: then nothing must be done to the host.
 */
int journal_open(struct journal **ret, const struct host *h, const char *command, struct err *e);

/**
 * journal_begin - steps first..last-1 begin now
 * @before: of the whole plan, by number
 *
 * Durable when it returns: one write and one fsync, in which the ends of steps before are, too. On
 * failure the journal is as it was and the steps must not begin.
 */
int journal_begin(struct journal *j, const struct plan *p, const struct before *before,
		  size_t first, size_t last, struct err *e);

/* Step @i is to be undone. As journal_begin(), but goes on without a word when it cannot be
 * written: what is half done is worse. */
void journal_undo(struct journal *j, const struct plan *p, const struct before *before, size_t i);

/* Step @i, or its undoing, has ended, well or not, with the object whole: written with the next
 * begin. */
void journal_end(struct journal *j, size_t i);

/* Removes the file, unless a step has begun and not ended (a write is stuck in the kernel, or what
 * it began could not be taken back): then the next run looks at it, and the file says that this one
 * ended by itself. */
void journal_close(struct journal *j);

/* One line of a journal that was found: a step, or an undoing, that had begun and not ended. */
struct journal_entry {
	enum step_kind kind;
	bool is_undo;
	struct bdf pf, vf; /* @vf: where it was */
	unsigned index;	   /* NO_VF for a step about the PF */
	char domain[128];  /* ATTACH, DETACH, PERMISSIVE; else "" */
	struct before before;
};

struct journal_found {
	struct journal_entry *v; /* begun and not ended, in that order */
	size_t n;
	char run[256];	    /* "1234 vfyard apply": pid and command */
	bool has_ended;	    /* by itself, with these left; else it was killed */
	bool is_other_boot; /* the host was rebooted since: its devices started afresh */
};

/**
 * journal_find - read the journal that a killed run left
 *
 * Returns 1 with *ret (release with journal_found_done()), 0 when there is none. A last line
 * without its end was never durable and is passed over. -EPROTO with the number of the line for
 * anything else that is not ours: the file stays.
 */
int journal_find(const struct host *h, struct journal_found *ret, struct err *e);
void journal_found_done(struct journal_found *f);

/* Removes the file, durably. */
int journal_remove(const struct host *h, struct err *e);

#endif
