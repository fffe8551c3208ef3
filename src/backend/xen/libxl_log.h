/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What libxl says while it works, because only there are the real causes. */
#ifndef VFY_BACKEND_XEN_LIBXL_LOG_H
#define VFY_BACKEND_XEN_LIBXL_LOG_H

#include <stdbool.h>
#include <xentoollog.h>
#include "base/log.h"

/* One message of warning level or worse. */
struct xlog_line {
	xentoollog_level level;
	int code; /* the errno that libxl gave with it, 0 for none */
	char text[256];
};

/* A logger for libxl_ctx_alloc(), embedded in its owner; keeps the messages of one operation. */
struct xlog {
	xentoollog_logger logger; /* must be first: libxl hands back a pointer to it */
	const struct log *log;	  /* where messages are shown: errors at -v, the rest at -vv */
	unsigned n;
	struct xlog_line lines[12];
};

void xlog_init(struct xlog *x, const struct log *log);

/* Forgets all messages, because an operation begins. */
void xlog_start(struct xlog *x);

/* Tells whether a message contained @text. */
bool xlog_says(const struct xlog *x, const char *text);

/**
 * xlog_cause - find the message that tells why the operation failed
 *
 * It is the first error, without "file:line:function:" and "Domain N:", and with its errno; later
 * errors follow from it. Messages after which libxl itself goes on (a reset that failed) count only
 * when there is no other. Returns @buf, "" when libxl said nothing.
 */
const char *xlog_cause(const struct xlog *x, char *buf, size_t size);

#endif
