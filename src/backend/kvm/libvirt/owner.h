/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whoever has libvirt run its domains, and writes their definitions anew when it likes. */
#ifndef VFY_BACKEND_KVM_LIBVIRT_OWNER_H
#define VFY_BACKEND_KVM_LIBVIRT_OWNER_H

#include "backend/kvm/libvirt/domains.h"

/* Returns its name, static, when a value in a domain's <metadata> is of its kind; else NULL. */
const char *virt_owner_of_metadata(const char *value);
/* The same name by its text; NULL: no owner is called so. */
const char *virt_owner_called(const char *name);

/* Refuses to change the domain when it has an owner, and says what the owner's user runs. */
int virt_refuse_owned(const struct virt_domain *d, struct err *e);

#endif
