// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/process_args.h"

#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/deadline.h"

#define ARGS_MAX   (4u << 20)
#define PROCESS_MS 1000u /* no process that answers takes as long */

/* Where the arguments of one process are in what the child writes. */
struct piece {
	off_t at;
	size_t len;
};

/* Memory shared with the child. */
struct progress {
	volatile size_t next; /* the process that it reads, @n when it has read all */
	struct piece pieces[];
};

struct reading {
	const struct host *h;
	struct process_args *v;
	size_t n;
	int fd; /* what was read, one after the other */
	struct progress *shared;
	size_t shared_size;
};

static void reading_done(struct reading *x)
{
	if (x->shared)
		munmap(x->shared, x->shared_size);
	if (x->fd >= 0)
		close(x->fd);
}

static int copy(int from, int to, size_t *ret_len)
{
	char block[16384];
	ssize_t n = 0;

	while (*ret_len < ARGS_MAX && (n = read(from, block, sizeof(block))) > 0) {
		if (write(to, block, (size_t)n) != n)
			return -EIO;
		*ret_len += (size_t)n;
	}
	return 0;
}

/* Runs in the child. */
static int read_all(void *arg)
{
	struct reading *x = arg;
	int r = 0;

	for (size_t i = x->shared->next; r == 0 && i < x->n; x->shared->next = ++i) {
		struct piece *p = &x->shared->pieces[i];
		_cleanup_close_ int fd =
			root_openat(&x->h->root, O_RDONLY, "proc/%u/cmdline", x->v[i].pid);
		size_t len = 0;

		p->at = lseek(x->fd, 0, SEEK_END);
		if (fd >= 0)
			r = copy(fd, x->fd, &len);
		p->len = len;
	}
	return r;
}

/* Waits until the child ends, stays at one process for too long, or the time is over. */
static void await(const struct reading *x, const struct child *c, const struct deadline *all)
{
	struct pollfd p = { .fd = c->fd, .events = POLLIN };
	struct deadline one = deadline_in(PROCESS_MS);
	size_t at = x->shared->next;

	while (deadline_left_ms(all) && deadline_left_ms(&one)) {
		unsigned left = deadline_left_ms(all);

		if (poll(&p, 1, (int)(left < PROCESS_MS / 10 ? left : PROCESS_MS / 10)) > 0)
			return;
		if (x->shared->next != at) {
			at = x->shared->next;
			one = deadline_in(PROCESS_MS);
		}
	}
}

/* One child reads all processes; when one of them blocks it, another child goes on with the
 * next. */
static int read_in_children(struct reading *x)
{
	struct deadline all = deadline_in(x->h->timeout_ms);
	int r = 0;

	while (r == 0 && x->shared->next < x->n && deadline_left_ms(&all)) {
		struct child c;

		r = child_start(&c, read_all, x);
		if (r < 0)
			return r;
		await(x, &c, &all);
		r = child_finish(&c, 0);
		if (r != -ETIMEDOUT)
			continue;
		r = 0;
		if (x->shared->next < x->n)
			x->v[x->shared->next++].is_unreadable = true;
	}
	for (size_t i = x->shared->next; i < x->n; i++)
		x->v[i].is_unreadable = true;
	return r;
}

static int take(const struct reading *x, size_t i)
{
	const struct piece *p = &x->shared->pieces[i];
	struct process_args *a = &x->v[i];

	if (a->is_unreadable || !p->len)
		return 0;
	a->text = malloc(p->len);
	if (!a->text)
		return -ENOMEM;
	if (pread(x->fd, a->text, p->len, p->at) != (ssize_t)p->len)
		return -EIO;
	a->len = p->len;
	return 0;
}

static int open_reading(struct reading *x)
{
	void *shared;

	x->shared_size = sizeof(*x->shared) + x->n * sizeof(*x->shared->pieces);
	x->fd = memfd_create("vfyard", MFD_CLOEXEC);
	if (x->fd < 0)
		return -errno;
	shared = mmap(NULL, x->shared_size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
		      0);
	if (shared == MAP_FAILED)
		return -errno;
	x->shared = shared;
	return 0;
}

int process_args_read(const struct host *h, struct process_args *v, size_t n)
{
	_cleanup_(reading_done) struct reading x = { .h = h, .v = v, .n = n, .fd = -1 };
	int r = n ? open_reading(&x) : 0;

	if (r == 0 && n)
		r = read_in_children(&x);
	for (size_t i = 0; r == 0 && i < n; i++)
		r = take(&x, i);
	return r;
}

void process_args_done(struct process_args *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(v[i].text);
	free(v);
}
