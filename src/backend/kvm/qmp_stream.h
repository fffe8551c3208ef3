/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lines of JSON over a unix socket, each way under a deadline. */
#ifndef VFY_BACKEND_KVM_QMP_STREAM_H
#define VFY_BACKEND_KVM_QMP_STREAM_H

#include <jansson.h>
#include "base/deadline.h"
#include "host/host.h"

/* The longest answer: query-pci of a full machine has some 300 kilobytes. As JSON in memory it
 * takes up to 25 times that. */
#define QMP_LINE_MAX (1u << 20)

/* What may come until a question is answered, events and late answers among it. */
#define QMP_BYTES_MAX (16u << 20)

struct qmp_stream {
	int fd; /* -1: closed */
	char *buf;
	size_t start, len, size; /* lines not taken yet: @len bytes from @start on */
	size_t seen;		 /* of them have no newline in them */
	size_t received;	 /* since somebody set it to 0 */
	const struct stop *stop; /* borrowed, NULL: nothing but the deadline ends a wait */
};

/* Connects; the socket does not block. -errno without a sentence. */
int qmp_stream_open(struct qmp_stream *s, const struct host *h, const char *path,
		    struct deadline *d);
void qmp_stream_close(struct qmp_stream *s);

/* Sends one document as a line. -ETIMEDOUT, -EINTR, -EPIPE, -errno. */
int qmp_stream_send(struct qmp_stream *s, const json_t *doc, struct deadline *d);

/* The next line as an object, to be released. -ETIMEDOUT when the time is over, whatever is there
 * to be read: a peer may send faster than it is read. -EINTR when the run was asked to end; -EPIPE
 * when the peer closed, also in the middle of a line; -EPROTO when it is no JSON object; -EMSGSIZE
 * when it does not end; -E2BIG when QMP_BYTES_MAX came. */
int qmp_stream_receive(struct qmp_stream *s, json_t **ret, struct deadline *d);

#endif
