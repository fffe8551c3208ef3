// SPDX-License-Identifier: GPL-2.0-or-later
/* Workers as their parent sees them. */
#include "base/worker_parts.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "base/deadline.h"
#include "base/mem.h"

/* More may be at work; those above this number are ended and not kept. */
#define IDLE_MAX 32

/* How long workers_end() waits for processes that have nothing to do. One that somebody has stopped
 * with a signal does not end before it goes on. */
#define END_MS 2000

struct workers {
	pid_t owner;
	int kept;
	size_t n;
	struct child idle[IDLE_MAX];
};

static int start_one(struct child *ret)
{
	_cleanup_close_ int ours = -1, theirs = -1;
	pid_t self = getpid(), pid;
	int fds[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds) < 0)
		return -errno;
	ours = fds[0];
	theirs = fds[1];
	pid = fork();
	if (pid < 0)
		return -errno;
	if (pid == 0)
		worker_loop(theirs, self);
	*ret = (struct child){ ours, pid };
	ours = -1;
	return 0;
}

/* shutdown() reaches the worker even when another process has a copy of the socket. */
static void tell_to_end(struct child *c)
{
	shutdown(c->fd, SHUT_RDWR);
	close(c->fd);
	c->fd = -1;
}

/* Tells whether it has ended, or is nobody's child any more. */
static bool has_ended(const struct child *c)
{
	pid_t r;

	do
		r = waitpid(c->pid, NULL, WNOHANG);
	while (r < 0 && errno == EINTR);
	return r != 0;
}

static void end_one(struct child *c)
{
	struct deadline d = deadline_in(END_MS);

	tell_to_end(c);
	while (!has_ended(c) && deadline_pause(&d))
		;
}

/* The processes of a parent that forked are not this process's. */
static void forget_those_of_another(struct workers *w)
{
	if (w->owner == getpid())
		return;
	for (size_t i = 0; i < w->n; i++)
		close(w->idle[i].fd);
	w->n = 0;
	w->kept = -1;
	w->owner = getpid();
}

struct workers *workers_new(void)
{
	struct workers *w = calloc(1, sizeof(*w));

	if (!w)
		return NULL;
	w->owner = getpid();
	w->kept = -1;
	return w;
}

void workers_keep(struct workers *w, int fd)
{
	if (!w)
		return;
	forget_those_of_another(w);
	w->kept = fd;
}

void workers_end(struct workers *w)
{
	struct deadline d = deadline_in(END_MS);

	if (!w)
		return;
	forget_those_of_another(w);
	w->kept = -1;
	for (size_t i = 0; i < w->n; i++)
		tell_to_end(&w->idle[i]);
	for (; w->n; w->n--)
		while (!has_ended(&w->idle[w->n - 1]) && deadline_pause(&d))
			;
}

void workers_free(struct workers *w)
{
	workers_end(w);
	free(w);
}

static int send_order(int fd, const struct work *work, int kept)
{
	int list[WORKER_FILES] = { work->at, kept };
	size_t n = kept < 0 ? 1 : 2;
	union worker_files files = { .buf = { 0 } };
	const char *path = work->path ? work->path : "";
	struct iovec v[] = { { (void *)path, strlen(path) + 1 },
			     { (void *)work->bytes, work->len } };
	struct msghdr msg = { .msg_iov = v,
			      .msg_iovlen = ARRAY_SIZE(v),
			      .msg_control = files.buf,
			      .msg_controllen = CMSG_SPACE(n * sizeof(int)) };
	struct cmsghdr *c = CMSG_FIRSTHDR(&msg);

	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(n * sizeof(int));
	memcpy(CMSG_DATA(c), list, n * sizeof(int));
	return sendmsg(fd, &msg, MSG_NOSIGNAL) < 0 ? -errno : 0;
}

/* Somebody may have killed those that wait; that is no error of the work. */
static int give_to_idle(struct workers *w, const struct work *work, struct child *ret)
{
	int r = -EPIPE;

	while (r == -EPIPE && w->n) {
		*ret = w->idle[--w->n];
		r = send_order(ret->fd, work, w->kept);
		if (r < 0)
			end_one(ret);
	}
	return r;
}

int worker_start(struct workers *w, const struct work *work, struct child *ret)
{
	int r = -EPIPE;

	if ((work->path ? strlen(work->path) : 0) + 1 + work->len > WORK_MAX)
		return -E2BIG;
	if (w) {
		forget_those_of_another(w);
		r = give_to_idle(w, work, ret);
	}
	if (r != -EPIPE)
		return r;
	r = start_one(ret);
	if (r < 0)
		return r;
	r = send_order(ret->fd, work, w ? w->kept : -1);
	if (r < 0)
		end_one(ret);
	return r;
}

int worker_finish(struct workers *w, struct child *c, unsigned timeout_ms)
{
	bool lives;
	int r = child_await(c, timeout_ms, &lives);

	if (r == -ETIMEDOUT)
		child_leave(c);
	else if (lives && w && w->n < IDLE_MAX)
		w->idle[w->n++] = *c;
	else
		end_one(c);
	c->fd = -1;
	return r;
}
