/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lines of JSON over a unix socket, both ways under a deadline. */
#ifndef VFY_BACKEND_KVM_QMP_STREAM_H
#define VFY_BACKEND_KVM_QMP_STREAM_H

#include <jansson.h>
#include "base/deadline.h"
#include "host/host.h"

/* The longest answer; query-pci of a full machine takes some 300 kilobytes. As JSON in memory it
 * takes up to 25 times that. */
#define QMP_LINE_MAX (1u << 20)

/* How much may come before a question is answered, including events and late answers. */
#define QMP_BYTES_MAX (16u << 20)

struct qmp_stream {
	int fd; /* -1: closed */
	char *buf;
	size_t start, len, size; /* lines that were not taken yet: @len bytes from @start on */
	size_t seen;		 /* so many of these bytes contain no newline */
	size_t received;	 /* bytes since somebody set it to 0 */
	const struct stop *stop; /* borrowed; NULL: only the deadline ends a wait */
};

/* Connects; the socket does not block. Returns 0, or -errno without a sentence. */
int qmp_stream_open(struct qmp_stream *s, const struct host *h, const char *path,
		    struct deadline *d);
void qmp_stream_close(struct qmp_stream *s);

/* Sends one document as a line. Returns 0, -ETIMEDOUT, -EINTR, -EPIPE or another -errno. */
int qmp_stream_send(struct qmp_stream *s, const json_t *doc, struct deadline *d);

/*
 * Returns the next line as an object, to be released. -ETIMEDOUT when the time is over, even if
 * there is something to read, because a peer may send faster than it is read; -EINTR when the run
 * was asked to end; -EPIPE when the peer closed, even in the middle of a line; -EPROTO when it is
 * not a JSON object; -EMSGSIZE when it does not end; -E2BIG when QMP_BYTES_MAX came.
 */
int qmp_stream_receive(struct qmp_stream *s, json_t **ret, struct deadline *d);

#endif
