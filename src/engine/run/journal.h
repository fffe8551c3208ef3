/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The write-ahead journal, run/vfyard/journal. It tells in which steps a run was when it was
 * killed, or which steps it had to leave to the kernel. */
#ifndef VFY_ENGINE_RUN_JOURNAL_H
#define VFY_ENGINE_RUN_JOURNAL_H

#include "host/pci/bind.h"
#include "engine/run/snapshot.h"
#include "engine/plan/step.h"

/* How an object was when its step began, which is what an undo needs to know. */
struct before {
	char driver[DRIVER_MAX], override[DRIVER_MAX]; /* of a VF */
	struct vf_attrs attrs;			       /* SET: as far as they are known */
	struct snapshot vfs;			       /* NUMVFS: all of its VFs */
	unsigned numvfs;
	int8_t autoprobe;
	int8_t up;     /* UP: 0, 1 */
	uint8_t state; /* RELEASE: enum vf_state; not in the file, because recovery does not need
			* it */
};

struct journal;

/**
 * journal_open - begin a journal, before the first step
 *
 * It is readable text: who runs, in which boot, then "do", "done", "undo" and "undone" lines. The
 * file of the run before must have been recovered. Close it with journal_close(), which removes it:
 * a journal that still exists belongs to a run that was killed, or has an "ended" line.
 *
 * Returns 0, or -errno (disk full, read-only) with cause and fix: then nothing may be done to the
 * host.
 */
int journal_open(struct journal **ret, const struct host *h, const char *command, struct err *e);

/**
 * journal_begin - record that steps first..last-1 begin now, all of them before the first does
 * @before: one for each step of the whole plan
 *
 * The record is durable when it returns: it is one write and one fsync, which include the ends of
 * earlier steps. On failure the journal is as it was, and the steps must not begin.
 */
int journal_begin(struct journal *j, const struct plan *p, const struct before *before,
		  size_t first, size_t last, struct err *e);

/* Records that step @i is to be undone. Like journal_begin(), but it only logs a failure to write
 * and goes on, because a step that is half done is worse. */
void journal_undo(struct journal *j, const struct plan *p, const struct before *before, size_t i);

/* Records that step @i, or its undoing, has ended, well or not, with the object whole; or that it
 * was not begun after all. It is written with the next begin. */
void journal_end(struct journal *j, size_t i);

/* Removes the file, unless a step has begun and not ended (a write is stuck in the kernel, or what
 * it began could not be taken back): then the file says that this run ended by itself, and the next
 * run examines the step. */
void journal_close(struct journal *j);

/* One line of a journal that was found: a step, or an undoing, that was to begin and had not ended.
 * Of a batch (batch.h) it may not have begun. */
struct journal_entry {
	enum step_kind kind;
	bool is_undo;
	struct bdf pf, vf; /* @vf: the address that it had */
	unsigned index;	   /* NO_VF for a step about the PF */
	char domain[128];  /* ATTACH, DETACH, PERMISSIVE; otherwise "" */
	struct before before;
};

struct journal_found {
	struct journal_entry *v; /* those that had begun and not ended, in that order */
	size_t n;
	char run[256];	    /* "1234 vfyard apply": pid and command */
	bool has_ended;	    /* by itself, with these left; otherwise it was killed */
	bool is_other_boot; /* the host was rebooted since, so its devices started afresh */
};

/**
 * journal_find - read the journal that a killed run left
 *
 * Returns 1 with *ret (release it with journal_found_done()), 0 when there is none. A last line
 * without a newline was never durable and is skipped. Returns -EPROTO with the number of the line
 * for anything else that is not ours; the file stays.
 */
int journal_find(const struct host *h, struct journal_found *ret, struct err *e);
void journal_found_done(struct journal_found *f);

/* Removes the file, durably. */
int journal_remove(const struct host *h, struct err *e);

#endif
