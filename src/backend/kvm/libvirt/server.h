/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The child that talks to libvirt: it may be made to wait for ever, and is killed then. */
#ifndef VFY_BACKEND_KVM_LIBVIRT_SERVER_H
#define VFY_BACKEND_KVM_LIBVIRT_SERVER_H

#include "backend/kvm/libvirt/api.h"

/**
 * server_run - answers questions until the other end closes
 * @fd: a stream socket, on which a request is an object of JSON, and so is its answer
 *
 * Requests, by their member "op":
 *   open    uri                         the connection that the others use
 *   list                                all domains: [{ name, uuid, active, persistent, live,
 *                                       config }]; live and config as of definition_of(), null
 *                                       where there is none
 *   domain  uuid                        one of them
 *   attach  uuid, xml, flags            virDomainAttachDeviceFlags()
 *   detach  uuid, xml, flags, host, alias, timeout
 *                                       virDomainDetachDeviceFlags(); out of a running domain it
 *                                       waits until the guest has let go: "removed", has refused:
 *                                       "failed", or the time is over: "waiting"; "lost" when
 *                                       libvirt went away meanwhile
 * An answer is {"return": ...} or {"error": text, "gone": is it because there is no such domain,
 * "ended": libvirt hears nothing more of us}.
 * A detach that a guest has not followed is success to libvirt, after five seconds: only the event,
 * or the running definition, says that the device is out.
 * Source: libvirt src/qemu/qemu_hotplug.c, qemuDomainWaitForDeviceRemoval().
 */
void server_run(const struct virt_api *api, int fd);

#endif
