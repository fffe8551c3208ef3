/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One connection to libvirt, in a child under a deadline. */
#ifndef VFY_BACKEND_KVM_LIBVIRT_SESSION_H
#define VFY_BACKEND_KVM_LIBVIRT_SESSION_H

#include <jansson.h>
#include "host/host.h"

struct virt_session;

/**
 * virt_session_open - load libvirt and connect
 * @uri: "qemu:///system"
 * @heeds_signals: as virt_heed_signals(), from the first word on
 *
 * In a child of this process, which has libvirt and what it brings along to itself, and is killed
 * when a call does not end. 0 and *ret (close with virt_session_close()); -ELIBACC without
 * libvirt, -EREMOTEIO with libvirt's words when it refuses, -ETIMEDOUT when it does not answer;
 * -ENODATA of a captured host, -ECANCELED with --no-attach.
 */
int virt_session_open(struct virt_session **ret, const struct host *h, const char *uri,
		      bool heeds_signals, struct err *e);
void virt_session_close(struct virt_session *s);

/**
 * virt_ask - one question (server.h)
 * @request: its reference is taken
 * @ret: what it returns, to be released with json_decref(); may be NULL
 *
 * -EREMOTEIO: libvirt refuses, the cause is its text; -ESRCH: there is no such domain. All else
 * ends the session: -ETIMEDOUT, -EINTR when the run was asked to end, -EPIPE, also when libvirt
 * itself went away meanwhile. What was asked may be done by libvirt, or by QEMU, all the same.
 */
int virt_ask(struct virt_session *s, json_t *request, unsigned timeout_ms, json_t **ret,
	     struct err *e);

/* Does a signal that asks the run to end also end a wait here? It does, but in what undoes. */
void virt_heed_signals(struct virt_session *s, bool heed);

/* Nothing can be asked any more. */
bool virt_session_is_broken(const struct virt_session *s);

#endif
