/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Access to every host path (/sys, /proc, /dev, /run, /var/lib, /etc), below one directory. */
#ifndef VFY_BASE_ROOT_H
#define VFY_BASE_ROOT_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include "base/err.h"
#include "base/log.h"
#include "base/worker.h"

/*
 * Stands in for the kernel in tests: root_write() calls it instead of write(2). Returns 0 or
 * -errno; @path is relative to the root.
 */
typedef int (*root_write_fn)(void *arg, const char *path, const char *value);

struct root {
	int fd;	   /* the directory */
	char *dir; /* its name, "" for the host's own / */
	root_write_fn write;
	void *write_arg;
	const struct log *log;	 /* where writes are shown at -vv; borrowed, may be NULL */
	struct workers *workers; /* who does the writes that may block */
};

/* When @dir is NULL or "", opens the host itself. Close it with root_close(). */
int root_open(struct root *ret, const char *dir, struct err *e);
void root_close(struct root *r);

/* True when this is a tree given with --root and not the running host. */
static inline bool root_is_tree(const struct root *r)
{
	return r->dir[0] != '\0';
}

/* True when nothing answers writes there: the files belong to another host, or to another day. A
 * tree whose writes are answered (in a test) is a host of its own. */
static inline bool root_is_captured(const struct root *r)
{
	return root_is_tree(r) && !r->write;
}

/*
 * Paths below are printf-style and relative, without a leading slash:
 * "sys/bus/pci/devices/%s/driver". Readers return -errno and no sentence, because only the caller
 * knows what a missing file means. In a captured host only its own files are opened (base/below.h).
 */

/* Reads a small file without its trailing newlines. Returns the length or -errno; -E2BIG when it
 * does not fit. */
ssize_t root_read(const struct root *r, char *buf, size_t size, const char *fmt, ...)
	PRINTF_LIKE(4, 5);

/* Returns the whole text of a file of up to 16 MiB, without its trailing newlines, malloc()ed; NULL
 * with errno when it cannot be read. The text ends at a NUL byte in it. */
char *root_read_all(const struct root *r, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* Reads a decimal or 0x number that fills the whole file. Returns -EPROTO for anything else. */
int root_read_u64(const struct root *r, uint64_t *ret, const char *fmt, ...) PRINTF_LIKE(3, 4);

/* Reads the last component of a symbolic link's target. Returns -ENOENT when there is no link,
 * -ENAMETOOLONG when the name does not fit. */
int root_link_name(const struct root *r, char *buf, size_t size, const char *fmt, ...)
	PRINTF_LIKE(4, 5);

bool root_exists(const struct root *r, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* Opens a directory (or file, with @flags) below the root, O_CLOEXEC. Returns a descriptor or
 * -errno. */
int root_openat(const struct root *r, int flags, const char *fmt, ...) PRINTF_LIKE(3, 4);

/* Opens a directory for reading. Returns NULL with errno on failure. Close it with closedir(). */
DIR *root_opendir(const struct root *r, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* Tells whether an entry of it is a directory and no link to one. "." and ".." are none. */
bool root_is_dir(DIR *in, const struct dirent *ent);

/* Opens a file to be read by lines. Returns NULL with errno on failure. Close it with fclose(). */
FILE *root_fopen(const struct root *r, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* An open directory below a root. Everything in it is borrowed, except what begins with "near". End
 * it with root_dir_done(). */
struct root_dir {
	const struct root *root;
	const char *path; /* its path there; in a tree, names are resolved from the root on */
	int fd;
	int near_fd;   /* in a tree: the subdirectory that was read last, or -1 */
	char near[64]; /* its path, relative to this directory */
};

/* The same readers relative to it, for loops over many devices; @path may climb
 * ("../0000:05:10.0/x"). */
ssize_t root_read_at(struct root_dir *d, const char *path, char *buf, size_t size);
int root_link_name_at(struct root_dir *d, const char *path, char *buf, size_t size);
bool root_exists_at(struct root_dir *d, const char *path);
void root_dir_done(struct root_dir *d);

/**
 * root_write - one write(2) of @value to an existing file, under a deadline
 * @timeout_ms: how long the kernel may take; 0: written directly, for writes that cannot block
 *
 * With a deadline a worker process does it (base/worker.h), because a write that is stuck in the
 * kernel cannot be taken back: after the deadline the worker is left to the kernel, and -ETIMEDOUT
 * is returned. The caller must read back what it wrote, because the kernel reports success even for
 * writes that did nothing. Returns 0 or -errno with cause "write VALUE to PATH: ...".
 */
int root_write(const struct root *r, const char *value, unsigned timeout_ms, struct err *e,
	       const char *fmt, ...) PRINTF_LIKE(5, 6);

/* A write in progress, in a worker. */
struct root_writing {
	struct child child; /* fd -1: the answer is already there */
	struct workers *workers;
	int code; /* the answer, a positive errno */
	int64_t end_ms;
	unsigned timeout_ms;
	const struct log *log;
	char path[256], shown[64]; /* for messages */
};

/**
 * root_write_start, root_write_finish - root_write() in two halves, so that several can run at once
 *
 * Every start needs its finish, which waits for what is left of the deadline, counted from the
 * start. It also reports a write that could not even be started.
 */
void root_write_start(const struct root *r, const char *value, unsigned timeout_ms,
		      struct root_writing *ret, const char *fmt, ...) PRINTF_LIKE(5, 6);
int root_write_finish(struct root_writing *w, struct err *e);

#endif
