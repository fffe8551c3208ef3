/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What libvirt said on a captured host: CAPTURE_DIR/libvirt has texts of virsh (tests/capture.sh).
 *
 *	domains		a line for each: UUID, "running" or "off", "persistent" or "transient", name
 *	UUID.live	virsh dumpxml of one that runs, what concerns PCI
 *	UUID.config	virsh dumpxml --inactive of one that is persistent
 */
#ifndef VFY_BACKEND_KVM_LIBVIRT_REPLAY_H
#define VFY_BACKEND_KVM_LIBVIRT_REPLAY_H

#include <jansson.h>
#include "host/host.h"

/**
 * virt_replay - the domains of a captured libvirt
 *
 * Returns 0 and in *ret what server.h answers to "list", to be released; -ENODATA when this
 * libvirt was not asked, -ENOMEM.
 */
int virt_replay(const struct host *h, const char *uri, json_t **ret, struct err *e);

#endif
