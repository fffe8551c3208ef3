// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/event.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <syslog.h>
#include <unistd.h>

#define JOURNALD "run/systemd/journal/socket"

static const struct {
	const char *id;
	int priority;
} kinds[N_EVENT_KINDS] = {
	[EVENT_DONE] = { "629ec2a294a6410687c8573d88cba924", LOG_NOTICE },
	[EVENT_UNDONE] = { "7c66c207899b445c9e7c131868567ae3", LOG_WARNING },
	[EVENT_REFUSED] = { "ad64e22bb55d475880c28a804899419c", LOG_WARNING },
	[EVENT_FAILED] = { "f4bfdaa171384233a852ce25b4702a90", LOG_ERR },
};

const char *event_id(enum event_kind k)
{
	return kinds[k].id;
}

/* A field must not end before its value does. */
static void put_field(FILE *out, const char *key, const char *value)
{
	fprintf(out, "%s=", key);
	for (; *value; value++)
		fputc(*value == '\n' ? ' ' : *value, out);
	fputc('\n', out);
}

static char *fields(const struct event *ev, size_t *ret_len)
{
	char number[16], *text = NULL;
	FILE *out = open_memstream(&text, ret_len);

	if (!out)
		return NULL;
	put_field(out, "MESSAGE", ev->message);
	snprintf(number, sizeof(number), "%d", kinds[ev->kind].priority);
	put_field(out, "PRIORITY", number);
	put_field(out, "SYSLOG_IDENTIFIER", "vfyard");
	put_field(out, "MESSAGE_ID", kinds[ev->kind].id);
	put_field(out, "OBJECT", ev->object);
	put_field(out, "STEP", ev->step);
	snprintf(number, sizeof(number), "%d", ev->code);
	put_field(out, "CODE", number);
	return memstream_close(out, &text) < 0 ? NULL : text;
}

static bool send_fields(const char *path, const struct event *ev)
{
	_cleanup_close_ int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	_cleanup_free_ char *text = NULL;
	size_t len = 0;

	if (fd < 0 || strlen(path) >= sizeof(to.sun_path))
		return false;
	strcpy(to.sun_path, path);
	text = fields(ev, &len);
	return text && sendto(fd, text, len, MSG_NOSIGNAL, (struct sockaddr *)&to, sizeof(to)) >= 0;
}

void event_send(const struct host *h, const struct event *ev)
{
	if (h->event_socket) {
		send_fields(h->event_socket, ev);
		return;
	}
	if (root_is_tree(&h->root))
		return;
	if (root_exists(&h->root, JOURNALD) && send_fields("/" JOURNALD, ev))
		return;
	syslog(LOG_DAEMON | kinds[ev->kind].priority, "vfyard: %s", ev->message);
}

void event_send_err(const struct host *h, const struct err *e)
{
	char line[sizeof(struct err)];

	if (e->status == EXIT_USAGE || e->status == EXIT_PENDING || !e->cause[0])
		return;
	event_send(h, &(struct event){ .kind = e->status == EXIT_REFUSED || e->status == EXIT_LOCKED
						       ? EVENT_REFUSED
						       : EVENT_FAILED,
				       .object = e->object,
				       .step = e->step,
				       .message = err_format(e, line, sizeof(line)),
				       .code = e->code });
}
