// SPDX-License-Identifier: GPL-2.0-or-later
#include "backend/kvm/qmp_stream.h"

#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#define READ_SIZE 16384u

/* Asked in every turn of a loop that depends on what a peer does. */
static int may_go_on(const struct qmp_stream *s, const struct deadline *d)
{
	if (stop_is_asked(s->stop))
		return -EINTR;
	return deadline_left_ms(d) ? 0 : -ETIMEDOUT;
}

/* Waits until the socket is ready; signals that do not ask the run to end are ignored. */
static int wait_for(const struct qmp_stream *s, short what, struct deadline *d)
{
	_cleanup_close_ int stop = stop_fd(s->stop);

	for (;;) {
		struct pollfd p[2] = { { .fd = s->fd, .events = what },
				       { .fd = stop, .events = POLLIN } };
		int r = may_go_on(s, d);
		int n = r < 0 ? 0 : poll(p, 2, (int)deadline_left_ms(d));

		if (r < 0)
			return r;
		if (n > 0 && p[0].revents)
			return 0;
		if (n < 0 && errno != EINTR)
			return -errno;
	}
}

/* An address has room for 107 characters, so a longer path goes through its directory. */
static int fill_address(struct sockaddr_un *ret, const struct host *h, const char *path,
			int *ret_dir)
{
	const char *name = strrchr(path, '/');
	int n = snprintf(ret->sun_path, sizeof(ret->sun_path), "%s%s", h->root.dir, path);

	if (n >= 0 && (size_t)n < sizeof(ret->sun_path))
		return 0;
	if (!name)
		return -ENOENT;
	*ret_dir = root_openat(&h->root, O_PATH | O_DIRECTORY, "%.*s", (int)(name - path - 1),
			       path + 1);
	if (*ret_dir < 0)
		return *ret_dir;
	n = snprintf(ret->sun_path, sizeof(ret->sun_path), "/proc/self/fd/%d%s", *ret_dir, name);
	return n >= 0 && (size_t)n < sizeof(ret->sun_path) ? 0 : -ENAMETOOLONG;
}

int qmp_stream_open(struct qmp_stream *s, const struct host *h, const char *path,
		    struct deadline *d)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	_cleanup_close_ int dir = -1;
	int r = fill_address(&to, h, path, &dir);

	*s = (struct qmp_stream){ .fd = -1, .stop = h->stop };
	if (r < 0)
		return r;
	s->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (s->fd < 0)
		return -errno;
	/* EAGAIN means that others who wait for the monitor fill the backlog. */
	do {
		r = connect(s->fd, (struct sockaddr *)&to, sizeof(to)) < 0 ? -errno : 0;
	} while (r == -EINTR || (r == -EAGAIN && deadline_pause(d)));
	if (r < 0)
		qmp_stream_close(s);
	return r == -EAGAIN ? -ETIMEDOUT : r;
}

void qmp_stream_close(struct qmp_stream *s)
{
	if (s->fd >= 0)
		close(s->fd);
	free(s->buf);
	*s = (struct qmp_stream){ .fd = -1, .stop = s->stop };
}

int qmp_stream_send(struct qmp_stream *s, const json_t *doc, struct deadline *d)
{
	_cleanup_free_ char *text = json_dumps(doc, JSON_COMPACT);
	size_t len = text ? strlen(text) : 0;

	if (!text)
		return -ENOMEM;
	text[len++] = '\n'; /* replaces the NUL */
	for (size_t done = 0; done < len;) {
		ssize_t n = send(s->fd, text + done, len - done, MSG_NOSIGNAL);
		int r = n < 0 ? -errno : 0;

		if (r == -EINTR)
			r = may_go_on(s, d);
		if (r == -EAGAIN)
			r = wait_for(s, POLLOUT, d);
		if (r < 0)
			return r;
		done += n > 0 ? (size_t)n : 0;
	}
	return 0;
}

/* Makes room for more: what is left of a line moves to the front, once for all the lines before
 * it. */
static int make_room(struct qmp_stream *s)
{
	size_t size = s->size ? 2 * s->size : READ_SIZE;
	char *buf;

	if (s->start) {
		memmove(s->buf, s->buf + s->start, s->len);
		s->start = 0;
	}
	if (s->len < s->size)
		return 0;
	if (s->size >= QMP_LINE_MAX)
		return -EMSGSIZE;
	buf = realloc(s->buf, size);
	if (!buf)
		return -ENOMEM;
	s->buf = buf;
	s->size = size;
	return 0;
}

static int read_more(struct qmp_stream *s, struct deadline *d)
{
	int r = s->received < QMP_BYTES_MAX ? make_room(s) : -E2BIG;
	ssize_t n;

	while (r == 0) {
		n = recv(s->fd, s->buf + s->len, s->size - s->len, 0);
		if (n == 0)
			return -EPIPE;
		if (n > 0) {
			s->len += (size_t)n;
			s->received += (size_t)n;
			return 0;
		}
		if (errno == EAGAIN)
			r = wait_for(s, POLLIN, d);
		else if (errno != EINTR)
			r = errno == ECONNRESET ? -EPIPE : -errno;
	}
	return r;
}

/* Returns the length of the first line without its newline, or -1. */
static ssize_t find_line(struct qmp_stream *s)
{
	char *text, *end;

	/* nothing has come yet, so there is no buffer */
	if (s->len <= s->seen)
		return -1;
	text = s->buf + s->start;
	end = memchr(text + s->seen, '\n', s->len - s->seen);
	if (end)
		return end - text;
	s->seen = s->len;
	return -1;
}

static void drop_line(struct qmp_stream *s, size_t line)
{
	s->start += line + 1;
	s->len -= line + 1;
	s->seen = 0;
}

int qmp_stream_receive(struct qmp_stream *s, json_t **ret, struct deadline *d)
{
	json_t *doc;
	ssize_t line = 0;
	int r = may_go_on(s, d);

	while (r == 0 && (line = find_line(s)) < 0) {
		r = read_more(s, d);
		if (r == 0)
			r = may_go_on(s, d);
	}
	if (r < 0)
		return r;
	doc = json_loadb(s->buf + s->start, (size_t)line, 0, NULL);
	drop_line(s, (size_t)line);
	if (!json_is_object(doc)) {
		json_decref(doc);
		return -EPROTO;
	}
	*ret = doc;
	return 0;
}
