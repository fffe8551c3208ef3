/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lines of JSON over a unix socket, each way under a deadline. */
#ifndef VFY_BACKEND_KVM_QMP_STREAM_H
#define VFY_BACKEND_KVM_QMP_STREAM_H

#include <jansson.h>
#include "base/deadline.h"
#include "host/host.h"

/* The longest answer: query-pci of a full machine has some hundred kilobytes. */
#define QMP_LINE_MAX (4u << 20)

struct qmp_stream {
	int fd; /* -1: closed */
	char *buf;
	size_t len, size, seen; /* @seen bytes have no newline in them */
};

/* Connects; the socket does not block. -errno without a sentence. */
int qmp_stream_open(struct qmp_stream *s, const struct host *h, const char *path,
		    struct deadline *d);
void qmp_stream_close(struct qmp_stream *s);

/* Sends one document as a line. -ETIMEDOUT, -EPIPE, -errno. */
int qmp_stream_send(struct qmp_stream *s, const json_t *doc, struct deadline *d);

/* The next line as an object, to be released. -ETIMEDOUT; -EPIPE when the peer closed, also in the
 * middle of a line; -EPROTO when it is no JSON object; -EMSGSIZE when it does not end. */
int qmp_stream_receive(struct qmp_stream *s, json_t **ret, struct deadline *d);

#endif
