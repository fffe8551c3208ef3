/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A list of everything that is wrong, for runs that report all of it at once. */
#ifndef VFY_BASE_PROBLEM_H
#define VFY_BASE_PROBLEM_H

#include <stdbool.h>
#include "base/err.h"
#include "base/log.h"

/* A place in a file; line 0: the file as a whole. Lines and columns count from 1. */
struct loc {
	unsigned line, col;
};

struct problem {
	struct loc loc;
	bool is_note; /* worth saying, but does not make a check fail */
	/* The only domain that the error keeps from getting its devices; NULL: the error keeps
	 * everything from being done. Borrowed from the topology. */
	const char *domain;
	struct err err;
};

struct problems {
	struct problem *v;
	size_t n, n_errors;
	const char *file; /* what locations refer to, borrowed; may be NULL */
	bool is_typed;	  /* they are about words of the command line: no file has them */
};

/* Adds an empty problem; the caller fills its err. Returns NULL when out of memory: the problem
 * then counts as an error, but is not shown. */
struct problem *problems_add(struct problems *p, struct loc loc, bool is_note);

/* Adds an error (or note) at "file:line:col" with its cause and status EXIT_USAGE. Returns its err
 * for err_fix() and err_status(), valid until the next add; NULL (which they accept) when out of
 * memory. */
struct err *problem_error(struct problems *p, struct loc loc, const char *fmt, ...)
	PRINTF_LIKE(3, 4);
struct err *problem_note(struct problems *p, struct loc loc, const char *fmt, ...)
	PRINTF_LIKE(3, 4);

/* Appends copies of all problems of @from. Returns 0 or -ENOMEM. */
int problems_append(struct problems *p, const struct problems *from);

/* How many errors keep everything from being done, and how many only what concerns their domain. */
size_t problems_of_all(const struct problems *p);
size_t problems_of_domains(const struct problems *p);
/* Tells whether one of them concerns only this domain. */
bool problems_has_domain(const struct problems *p, const char *domain);

/* Sorts by place in the file (stable), for printing. */
void problems_sort(struct problems *p);
void problems_print(const struct problems *p, FILE *to);
/* Writes the same lines to a log, when @level is shown. */
void problems_log(const struct problems *p, const struct log *log, enum log_level level);
/* Returns the first problem that is not a note, NULL when there is none. */
const struct problem *problems_first_error(const struct problems *p);
void problems_done(struct problems *p);

#endif
