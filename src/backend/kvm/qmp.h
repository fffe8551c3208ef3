/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One QMP session: greeting, commands, events, deadlines. */
#ifndef VFY_BACKEND_KVM_QMP_H
#define VFY_BACKEND_KVM_QMP_H

#include <jansson.h>
#include <stdbool.h>
#include "host/host.h"

struct qmp;

/* QEMU's refusal. @class is part of its interface, @desc is for people. */
struct qmp_refusal {
	char class[32];
	char desc[320];
};

/**
 * qmp_open - connect to a monitor and leave its negotiation mode
 * @path:       unix socket, absolute, below the host's root
 * @timeout_ms: for all of it
 *
 * A monitor serves one client: a second one is connected but never greeted. Returns 0 and *ret
 * (close with qmp_close()); -ENOENT or -ECONNREFUSED when nobody listens, -EBUSY when another
 * client holds it, -EPROTO when it does not speak QMP; with cause and fix.
 * Source: QEMU docs/interop/qmp-spec.rst; chardev/char-socket.c, tcp_chr_accept().
 */
int qmp_open(struct qmp **ret, const struct host *h, const char *path, unsigned timeout_ms,
	     struct err *e);
void qmp_close(struct qmp *q);

/* Returns the pid of the process that listens there, without saying a word to it; 0 when nobody
 * listens, or when that cannot be seen. Source: unix(7), SO_PEERCRED: who called listen(2). */
uint32_t qmp_listener(const struct host *h, const char *path);

/* Returns the pid of the process that listens, 0 when not known. */
uint32_t qmp_peer(const struct qmp *q);
/* Returns the user that it ran as then; UINT32_MAX when not known. */
uint32_t qmp_peer_uid(const struct qmp *q);

/**
 * qmp_begin, qmp_end - limit a conversation of many questions
 * @timeout_ms: for all of it, however many questions the peer's answers lead to
 *
 * In between, no question and no wait for an event goes beyond it; they return -ETIMEDOUT.
 */
void qmp_begin(struct qmp *q, unsigned timeout_ms);
void qmp_end(struct qmp *q);

/* Sets whether a signal that asks the run to end also ends a wait here. It does, except while
 * undoing. */
void qmp_heed_signals(struct qmp *q, bool heed);

/* Returns how many events are kept, which are all of the only kind that anybody waits for. */
size_t qmp_kept(const struct qmp *q);

/* Returns true after a failure of the connection itself: nothing can be asked on it any more. */
bool qmp_is_broken(const struct qmp *q);

/**
 * qmp_call - send one command and wait for its answer
 * @args: an object, or NULL; its reference is taken
 * @ret:  what it returns, to be released with json_decref(); may be NULL
 *
 * A DEVICE_DELETED that comes in between is kept for qmp_wait_event(); other events are dropped.
 * Returns 0; -EREMOTEIO when QEMU answers with an error (qmp_refused() has it, and the cause is its
 * text); -ETIMEDOUT, or -EINTR when the run was asked to end: an answer that comes late is dropped
 * then; -EPIPE, -EPROTO, -EMSGSIZE or -E2BIG when the session is broken.
 */
int qmp_call(struct qmp *q, const char *command, json_t *args, unsigned timeout_ms, json_t **ret,
	     struct err *e);

/* Returns the refusal of the last qmp_call() that returned -EREMOTEIO. */
const struct qmp_refusal *qmp_refused(const struct qmp *q);

/**
 * qmp_wait_event - wait for an event, or take one that has come already
 * @match: tells whether it is this event; @data is the event's data, or NULL
 *
 * Other events with the same name stay kept. Returns 0, -ETIMEDOUT, or as qmp_call() does.
 */
int qmp_wait_event(struct qmp *q, const char *name, bool (*match)(void *arg, const json_t *data),
		   void *arg, unsigned timeout_ms, struct err *e);

/* Forgets events of this kind that have come already. */
void qmp_drop_events(struct qmp *q, const char *name, bool (*match)(void *arg, const json_t *data),
		     void *arg);

#endif
