/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The error object: what failed, at which step, why, and what to do about it. */
#ifndef VFY_BASE_ERR_H
#define VFY_BASE_ERR_H

#include <errno.h>
#include <stdio.h>
#include "base/mem.h"

/* Exit status of the program; the numbers are part of the contract (vfyard(8)). */
enum exit_status {
	EXIT_DONE = 0,	  /* done, or in sync */
	EXIT_FAILED = 1,  /* failed, host as before */
	EXIT_USAGE = 2,	  /* usage or parse error */
	EXIT_PENDING = 3, /* changes pending, or drift */
	EXIT_REFUSED = 4, /* refused by a safety check */
	EXIT_LOCKED = 5,  /* another run holds the host lock */
	EXIT_LEFT = 6,	  /* failed, and the rollback is incomplete */
};

/**
 * struct err - one failure, owned by the caller, nothing to free
 * @code:   positive errno, 0 while nothing has failed
 * @status: the exit status it leads to, EXIT_FAILED unless set otherwise
 *
 * Initialise with { 0 }. Functions that fail fill it and return -errno; functions that succeed
 * leave it alone. Every function here accepts NULL for @e. Texts are single lines that are safe for
 * a terminal (base/text.h); a text that is too long is cut between characters.
 */
struct err {
	int code;
	enum exit_status status;
	char object[128]; /* "net0/3 (0000:05:10.6)", "topology.cfg:3:7" */
	char step[96];	  /* "bind vfio-pci" */
	char cause[512];
	char fix[384];
};

/**
 * err_set - record a failure
 * @code: positive errno
 *
 * Forgets what @e held before; status becomes EXIT_FAILED. Returns -@code.
 */
int err_set(struct err *e, int code, const char *fmt, ...) PRINTF_LIKE(3, 4);

/* Like err_set(), with status EXIT_USAGE and code EINVAL: the user's words are wrong. */
int err_usage(struct err *e, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* Like err_set(), with status EXIT_REFUSED: a safety check said no, and nothing was changed. */
int err_refuse(struct err *e, int code, const char *fmt, ...) PRINTF_LIKE(3, 4);

/* Adds advice on what to do, unless there is some already. Returns @r, so that it can wrap a
 * return. */
int err_fix(struct err *e, int r, const char *fmt, ...) PRINTF_LIKE(3, 4);

/* Replaces the advice, because more has gone wrong since. */
void err_refix(struct err *e, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* Appends to the cause, without a blank in between. */
void err_append(struct err *e, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* Adds what could not be undone: "CAUSE; left: ..." and status EXIT_LEFT. Returns @r. */
int err_left(struct err *e, int r, const char *fmt, ...) PRINTF_LIKE(3, 4);

/* Copies @why to @e. Returns -errno of it. */
int err_copy(struct err *e, const struct err *why);

/* Says which object failed at which step; what a deeper level has already set stays. NULL leaves a
 * field alone. Returns @r. */
int err_at(struct err *e, int r, const char *object, const char *step);

/* Replaces the step. */
void err_step(struct err *e, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* Changes the exit status. Returns @r. */
int err_status(struct err *e, int r, enum exit_status status);

/**
 * err_format - the one-line sentence "OBJECT: STEP: CAUSE; FIX" without program name
 *
 * Empty parts are left out. Returns @buf.
 */
char *err_format(const struct err *e, char *buf, size_t size);

/* Prints "vfyard: " and the sentence as one line. */
void err_print(const struct err *e, FILE *to);

#endif
