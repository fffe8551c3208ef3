/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Cleanup attributes and other things every file needs. */
#ifndef VFY_BASE_MEM_H
#define VFY_BASE_MEM_H

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define ARRAY_SIZE(a)	  (sizeof(a) / sizeof((a)[0]))
#define PRINTF_LIKE(f, a) __attribute__((format(printf, f, a)))
#define UNUSED		  __attribute__((unused))

/* Frees with free() at the end of the scope. */
#define _cleanup_free_ __attribute__((cleanup(cleanup_free)))
/* Closes a file descriptor >= 0 at the end of the scope. */
#define _cleanup_close_ __attribute__((cleanup(cleanup_close)))
/* Closes a FILE * / DIR * at the end of the scope. */
#define _cleanup_file_ __attribute__((cleanup(cleanup_file)))
#define _cleanup_dir_  __attribute__((cleanup(cleanup_dir)))
/* Runs any void fn(type *) at the end of the scope. */
#define _cleanup_(fn) __attribute__((cleanup(fn)))

/* Hands over what a cleanup variable owns. */
#define STEAL(p)                                                                                   \
	__extension__({                                                                            \
		__typeof__(p) steal_ = (p);                                                        \
		(p) = NULL;                                                                        \
		steal_;                                                                            \
	})

static inline void cleanup_free(void *p)
{
	free(*(void **)p);
}

static inline void cleanup_close(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

static inline void cleanup_file(FILE **f)
{
	if (*f)
		fclose(*f);
}

/* Closes what open_memstream() gave. Returns 0 with the text, or -1 with *text NULL: when memory
 * runs out at that moment, the C library reports success without a text (glibc
 * libio/memstream.c). */
static inline int memstream_close(FILE *f, char **text)
{
	if (fclose(f) == 0 && *text)
		return 0;
	free(*text);
	*text = NULL;
	return -1;
}

static inline void cleanup_dir(DIR **d)
{
	if (*d)
		closedir(*d);
}

#endif
