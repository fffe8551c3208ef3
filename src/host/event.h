/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What was done to this host, and what was refused, for the host's own log. */
#ifndef VFY_HOST_EVENT_H
#define VFY_HOST_EVENT_H

#include "host/host.h"

/* Each has a MESSAGE_ID of its own, which vfyard(8) lists. */
enum event_kind {
	EVENT_DONE,    /* a step that changed the host */
	EVENT_UNDONE,  /* a step that was taken back, because a later one failed */
	EVENT_REFUSED, /* a run that a safety check refused: nothing was changed */
	EVENT_FAILED,  /* a run, or a step of it, that failed */
};

#define N_EVENT_KINDS 4

struct event {
	enum event_kind kind;
	const char *object, *step; /* "net0/3 (0000:05:10.6)", "set"; "" for none */
	const char *message;	   /* the whole sentence, one line */
	int code;		   /* positive errno; 0: done */
};

/**
 * event_send - tell it the journal of systemd, or else syslog
 *
 * To journald it goes as fields, in its native protocol: MESSAGE, PRIORITY, SYSLOG_IDENTIFIER,
 * MESSAGE_ID, OBJECT, STEP, CODE. A log that is full, slow or absent is no failure, and nobody
 * waits for it. Below --root nothing is sent, unless host->event_socket names a socket.
 * Source: systemd docs/JOURNAL_NATIVE_PROTOCOL.md; systemd.journal-fields(7).
 */
void event_send(const struct host *h, const struct event *ev);

/* A failure or refusal as an event, by its exit status. A wrong command line is none. */
void event_send_err(const struct host *h, const struct err *e);

/* 32 hexadecimal digits. */
const char *event_id(enum event_kind k);

#endif
