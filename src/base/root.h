/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Every host path (/sys, /proc, /dev, /run, /var/lib, /etc) below one directory. */
#ifndef VFY_BASE_ROOT_H
#define VFY_BASE_ROOT_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include "base/child.h"
#include "base/err.h"
#include "base/log.h"

/*
 * Stands in for the kernel in tests: called instead of write(2) for every root_write(). Returns 0
 * or -errno; @path is relative to the root.
 */
typedef int (*root_write_fn)(void *arg, const char *path, const char *value);

struct root {
	int fd;	   /* the directory */
	char *dir; /* its name, "" for the host's own / */
	root_write_fn write;
	void *write_arg;
	const struct log *log; /* where writes are shown at -vv; borrowed, may be NULL */
};

/* @dir NULL or "" is the host itself. Close with root_close(). */
int root_open(struct root *ret, const char *dir, struct err *e);
void root_close(struct root *r);

/* True when this is a tree given with --root and not the running host. */
static inline bool root_is_tree(const struct root *r)
{
	return r->dir[0] != '\0';
}

/* True when nobody answers what is written there: files of another host, or of another day. A tree
 * whose writes somebody answers (a test) is a host of its own. */
static inline bool root_is_captured(const struct root *r)
{
	return root_is_tree(r) && !r->write;
}

/*
 * Paths below are printf-style, relative, without leading slash: "sys/bus/pci/devices/%s/driver".
 * Readers return -errno and no sentence: what a missing file means is the caller's to say.
 * Of a captured host only its own files are opened (base/below.h).
 */

/* Text of a small file without its trailing newlines. Returns its length or -errno; -E2BIG when it
 * does not fit. */
ssize_t root_read(const struct root *r, char *buf, size_t size, const char *fmt, ...)
	PRINTF_LIKE(4, 5);

/* The whole text of a file of any size up to 16 MiB, without its trailing newlines, malloc()ed;
 * NULL with errno when it cannot be read. A NUL in it is its end. */
char *root_read_all(const struct root *r, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* A decimal or 0x number that fills the whole file. -EPROTO when it is something else. */
int root_read_u64(const struct root *r, uint64_t *ret, const char *fmt, ...) PRINTF_LIKE(3, 4);

/* Last component of a symbolic link's target. -ENOENT when there is no link, -ENAMETOOLONG. */
int root_link_name(const struct root *r, char *buf, size_t size, const char *fmt, ...)
	PRINTF_LIKE(4, 5);

bool root_exists(const struct root *r, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* Opens a directory (or file, with @flags) below the root, O_CLOEXEC. Returns a fd or -errno. */
int root_openat(const struct root *r, int flags, const char *fmt, ...) PRINTF_LIKE(3, 4);

/* Opens a directory for reading; NULL and errno on failure. Close with closedir(). */
DIR *root_opendir(const struct root *r, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* An open directory below a root; borrowed but for what is near. End with root_dir_done(). */
struct root_dir {
	const struct root *root;
	const char *path; /* its path there; in a tree, names are resolved from the root on */
	int fd;
	int near_fd;   /* in a tree: the directory that was looked into last, or -1 */
	char near[64]; /* its path from here */
};

/* The same readers on it, for loops over many devices; @path may climb ("../0000:05:10.0/x"). */
ssize_t root_read_at(struct root_dir *d, const char *path, char *buf, size_t size);
int root_link_name_at(struct root_dir *d, const char *path, char *buf, size_t size);
bool root_exists_at(struct root_dir *d, const char *path);
void root_dir_done(struct root_dir *d);

/**
 * root_write - one write(2) of @value to an existing file, under a deadline
 * @timeout_ms: how long the kernel may take; 0: written directly, for writes that cannot block
 *
 * With a deadline the write runs in a child process, because a write stuck in the kernel cannot be
 * taken back: after the deadline the child is left to the kernel and -ETIMEDOUT returned.
 * The caller reads back what it wrote: the kernel reports success for writes that did nothing.
 * Returns 0 or -errno with cause "write VALUE to PATH: ...".
 */
int root_write(const struct root *r, const char *value, unsigned timeout_ms, struct err *e,
	       const char *fmt, ...) PRINTF_LIKE(5, 6);

/* A write that is on its way, in a child process. */
struct root_writing {
	struct child child; /* fd -1: the answer is there already */
	int code;	    /* it, positive errno */
	int64_t end_ms;
	unsigned timeout_ms;
	const struct log *log;
	char path[256], shown[64]; /* for messages */
};

/**
 * root_write_start, root_write_finish - the same in two halves, so that several can run at once
 *
 * Every start needs its finish, which waits for what is left of the deadline, counted from the
 * start. What could not even be started is said by the finish.
 */
void root_write_start(const struct root *r, const char *value, unsigned timeout_ms,
		      struct root_writing *ret, const char *fmt, ...) PRINTF_LIKE(5, 6);
int root_write_finish(struct root_writing *w, struct err *e);

#endif
