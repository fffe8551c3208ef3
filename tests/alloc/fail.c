// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * LD_PRELOAD: the ALLOC_FAIL-th allocation of the process fails, once. Allocations of libraries
 * count, too, and children go on counting where their parent was. ALLOC_COUNT gets the number of
 * allocations, and ALLOC_COUNT.by the object that asked for the one that failed.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* glibc's own; malloc/malloc.c */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *p, size_t size);

static atomic_ulong count;
static unsigned long fails_at;
static pid_t owner;

__attribute__((constructor)) static void start(void)
{
	const char *at = getenv("ALLOC_FAIL");

	/* What the loader allocated before is not the program's. */
	fails_at = at ? strtoul(at, NULL, 10) : 0;
	owner = getpid();
	count = 0;
}

__attribute__((destructor)) static void end(void)
{
	const char *file = getenv("ALLOC_COUNT");
	int fd = file && getpid() == owner ? open(file, O_WRONLY | O_CREAT | O_TRUNC, 0600) : -1;

	if (fd >= 0)
		dprintf(fd, "%lu\n", (unsigned long)count);
}

static void name_caller(const void *caller)
{
	const char *file = getenv("ALLOC_COUNT");
	char by[4096];
	Dl_info at;
	int fd;

	if (!file || !dladdr(caller, &at) || !at.dli_fname)
		return;
	snprintf(by, sizeof(by), "%s.by", file);
	fd = open(by, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	if (fd < 0)
		return;
	dprintf(fd, "%s\n", at.dli_fname);
	close(fd);
}

static int fails(const void *caller)
{
	if (!owner || ++count != fails_at)
		return 0;
	name_caller(caller);
	errno = ENOMEM;
	return 1;
}

void *malloc(size_t size)
{
	return fails(__builtin_return_address(0)) ? NULL : __libc_malloc(size);
}

void *calloc(size_t n, size_t size)
{
	return fails(__builtin_return_address(0)) ? NULL : __libc_calloc(n, size);
}

void *realloc(void *p, size_t size)
{
	return fails(__builtin_return_address(0)) ? NULL : __libc_realloc(p, size);
}
