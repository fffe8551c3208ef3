// SPDX-License-Identifier: GPL-2.0-or-later
#include "backend/kvm/libvirt/session.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "backend/kvm/libvirt/server.h"
#include "base/deadline.h"

struct virt_session {
	const struct host *host;
	int fd; /* -1: broken */
	pid_t pid;
	bool ignores_signals;
};

/* What it prints is nobody's; it dies with its parent, whose lock it has inherited. */
static void become_server(const struct host *h, pid_t parent, int fd)
{
	struct virt_api api;
	struct err e = { 0 };
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	json_t *a = NULL;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (int i = 0; null >= 0 && i <= 2; i++)
		dup2(null, i);
	if (getppid() != parent)
		return;
	if (virt_api_load(&api, h, &e) < 0)
		a = json_pack("{s:s, s:s}", "cause", e.cause, "fix", e.fix);
	if (json_dumpfd(a ? a : json_object(), fd, JSON_COMPACT) == 0 && !a)
		server_run(&api, fd);
}

static int start(struct virt_session *s)
{
	int fds[2], r = 0;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) < 0)
		return -errno;
	pid_t parent = getpid();

	s->pid = fork();
	if (s->pid == 0) {
		close(fds[0]);
		become_server(s->host, parent, fds[1]);
		_exit(0);
	}
	if (s->pid < 0)
		r = -errno;
	close(fds[1]);
	if (r < 0)
		close(fds[0]);
	else
		s->fd = fds[0];
	return r;
}

/* It waits for libvirt, not in the kernel: SIGKILL ends it. */
static void stop(struct virt_session *s)
{
	if (s->fd < 0)
		return;
	close(s->fd);
	s->fd = -1;
	kill(s->pid, SIGKILL);
	while (waitpid(s->pid, NULL, 0) < 0 && errno == EINTR)
		;
}

/* An answer on its way in. */
struct incoming {
	struct virt_session *s;
	struct deadline until;
	int stop_fd, r;
};

/* Source: jansson, json_load_callback_t: (size_t)-1 ends the reading. */
static size_t read_some(void *buf, size_t size, void *arg)
{
	struct incoming *in = arg;
	struct pollfd fds[2] = { { .fd = in->s->fd, .events = POLLIN },
				 { .fd = in->stop_fd, .events = POLLIN } };
	ssize_t n;
	int ready;

	do
		ready = poll(fds, 2, (int)deadline_left_ms(&in->until));
	while (ready < 0 && errno == EINTR);
	in->r = ready == 0 ? -ETIMEDOUT : ready < 0 ? -errno : 0;
	if (in->r == 0 && !fds[0].revents)
		in->r = -EINTR;
	if (in->r < 0)
		return (size_t)-1;
	n = read(in->s->fd, buf, size);
	in->r = n > 0 ? 0 : -EPIPE;
	return n > 0 ? (size_t)n : (size_t)-1;
}

static int receive(struct virt_session *s, unsigned timeout_ms, json_t **ret, struct err *e)
{
	struct incoming in = { .s = s, .until = deadline_in(timeout_ms) };

	in.stop_fd = s->ignores_signals ? -1 : stop_fd(s->host->stop);
	*ret = json_load_callback(read_some, &in, JSON_DISABLE_EOF_CHECK, NULL);
	if (in.stop_fd >= 0)
		close(in.stop_fd);
	if (*ret)
		return 0;
	stop(s);
	if (in.r == -ETIMEDOUT)
		return err_fix(e,
			       err_set(e, ETIMEDOUT, "libvirt does not answer within %u s",
				       timeout_ms / 1000),
			       "see what it does, run: systemctl status libvirtd virtqemud; or "
			       "give it more time with --timeout");
	if (in.r == -EINTR)
		return err_set(e, EINTR, "interrupted while libvirt was to answer");
	return err_set(e, EPIPE, "the conversation with libvirt ended");
}

static int greet(struct virt_session *s, const char *uri, struct err *e)
{
	json_t *hello;
	const char *cause;
	int r = receive(s, s->host->timeout_ms, &hello, e);

	if (r < 0)
		return r;
	cause = json_string_value(json_object_get(hello, "cause"));
	if (cause) {
		r = err_fix(e, err_set(e, ELIBACC, "%s", cause), "%s",
			    json_string_value(json_object_get(hello, "fix")));
		stop(s);
	}
	json_decref(hello);
	if (r < 0)
		return r;
	r = virt_ask(s, json_pack("{s:s, s:s}", "op", "open", "uri", uri), s->host->timeout_ms,
		     NULL, e);
	return r == -EREMOTEIO ? err_fix(e, r,
					 "is it running? run: systemctl status libvirtd "
					 "virtqemud; another one is named with \"kvm: uri=\"")
			       : r;
}

/* Nobody of that host is here. */
static int may_ask(const struct host *h, struct err *e)
{
	if (h->leaves_guests)
		return err_set(e, ECANCELED, "libvirt is not asked with --no-attach");
	if (root_is_tree(&h->root) && !h->symbol)
		return err_set(e, ENODATA, "libvirt is not asked below --root");
	return 0;
}

int virt_session_open(struct virt_session **ret, const struct host *h, const char *uri,
		      bool heeds_signals, struct err *e)
{
	struct virt_session *s;
	int r = may_ask(h, e);

	if (r < 0)
		return r;
	s = calloc(1, sizeof(*s));
	if (!s)
		return err_set(e, ENOMEM, "out of memory");
	*s = (struct virt_session){ .host = h, .fd = -1, .ignores_signals = !heeds_signals };
	r = start(s);
	if (r < 0)
		err_set(e, -r, "start a process for libvirt: %s", strerror(-r));
	else
		r = greet(s, uri, e);
	if (r < 0) {
		virt_session_close(s);
		return r;
	}
	*ret = s;
	return 0;
}

void virt_session_close(struct virt_session *s)
{
	if (!s)
		return;
	stop(s);
	free(s);
}

static int send_request(struct virt_session *s, json_t *request, struct err *e)
{
	_cleanup_free_ char *text = request ? json_dumps(request, JSON_COMPACT) : NULL;
	size_t len = text ? strlen(text) : 0;

	json_decref(request);
	if (!text)
		return err_set(e, ENOMEM, "out of memory");
	/* Requests are small, and it has read the one before. MSG_NOSIGNAL: it may have died. */
	if (s->fd >= 0 && send(s->fd, text, len, MSG_NOSIGNAL) == (ssize_t)len)
		return 0;
	stop(s);
	return err_set(e, EPIPE, "the conversation with libvirt ended");
}

int virt_ask(struct virt_session *s, json_t *request, unsigned timeout_ms, json_t **ret,
	     struct err *e)
{
	json_t *a;
	const char *why;
	bool ended;
	int r = send_request(s, request, e);

	if (r == 0)
		r = receive(s, timeout_ms, &a, e);
	if (r < 0)
		return r;
	why = json_string_value(json_object_get(a, "error"));
	ended = json_is_true(json_object_get(a, "ended"));
	if (why && ended) {
		r = err_set(e, EPIPE, "libvirt went away: %s", why);
	} else if (why) {
		r = json_is_true(json_object_get(a, "gone")) ? -ESRCH : -EREMOTEIO;
		err_set(e, -r, "libvirt: %s", why);
	} else if (ret) {
		*ret = json_incref(json_object_get(a, "return"));
	}
	if (ended)
		stop(s);
	json_decref(a);
	return r;
}

void virt_heed_signals(struct virt_session *s, bool heed)
{
	s->ignores_signals = !heed;
}

bool virt_session_is_broken(const struct virt_session *s)
{
	return s->fd < 0;
}
