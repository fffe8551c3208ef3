/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A xenstore in memory, in place of libxenstore. */
#ifndef VFY_TESTS_FAKE_XS_H
#define VFY_TESTS_FAKE_XS_H

#include <xenstore.h>
#include "base/mem.h"

struct fake_xs_node {
	char *path, *value;
};

struct fake_xs {
	struct fake_xs_node *nodes;
	size_t n;
	int open_errno;	      /* xs_open() fails with it */
	const char *no_write; /* writes to paths that end with this fail with EACCES */
	char removed[2048];   /* paths given to xs_rm(), each followed by ';' */
	unsigned conflicts;   /* this many transactions end with EAGAIN */
	unsigned reads;	      /* xs_read() and xs_directory() so far */
	char watched[512];    /* paths given to xs_watch(), each followed by ';' */
	unsigned watches;     /* how many are set and not removed */
	bool no_watch;	      /* xs_watch() fails */
	/* Called before every read, in place of what the kernel and the guest do meanwhile. */
	void (*on_read)(void *arg, const char *path);
	void *on_read_arg;
};

/* The store of this test program. Every test begins with fake_xs_reset(). */
extern struct fake_xs fake_xs;
void fake_xs_reset(void);

/* Reads without counting, hooks and faults. Borrowed until the next write; NULL when there is no
 * such node. */
const char *fake_xs_get(const char *fmt, ...) PRINTF_LIKE(1, 2);
void fake_xs_set(const char *value, const char *fmt, ...) PRINTF_LIKE(2, 3);
void fake_xs_rm(const char *fmt, ...) PRINTF_LIKE(1, 2);

/* Returns a decimal value, @otherwise when there is none. */
long fake_xs_number(long otherwise, const char *fmt, ...) PRINTF_LIKE(2, 3);

#endif
