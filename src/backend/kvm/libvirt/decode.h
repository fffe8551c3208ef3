/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VFY_BACKEND_KVM_LIBVIRT_DECODE_H
#define VFY_BACKEND_KVM_LIBVIRT_DECODE_H

#include <jansson.h>
#include "backend/kvm/libvirt/domains.h"

/* A domain as server.h answers it. 0, to be released with virt_definition_done() of both its
 * definitions, or -ENOMEM. Pure. */
int virt_domain_decode(const json_t *o, struct virt_domain *ret);
void virt_definition_done(struct virt_definition *d);

#endif
