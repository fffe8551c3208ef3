/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A guest of libvirt: what the backend does with a QEMU that libvirt owns. All of it goes through
 * libvirt; its monitor is never touched. */
#ifndef VFY_BACKEND_KVM_LIBVIRT_GUEST_H
#define VFY_BACKEND_KVM_LIBVIRT_GUEST_H

#include "backend/kvm/kvm.h"
#include "backend/kvm/libvirt/domains.h"

/**
 * virt_guest - the domain that a running QEMU is, or that a guest which is off is
 *
 * Asked of libvirt once. Refuses (EXIT_REFUSED) when libvirt cannot be asked, with the command of
 * virsh that does the same, or does not know it; -ENODATA of a captured host.
 */
int virt_guest(struct backend *b, struct guest *g, struct virt_domain **ret, struct err *e);

/* Is libvirt there to be asked? Its socket tells. */
bool virt_is_here(const struct host *h);

/* A domain that is defined and does not run, by its name in the topology or in libvirt, or by its
 * UUID: a guest of pid 0. -ESRCH: there is none, or nobody here asks libvirt for it; else as
 * virt_guest(). */
int virt_guest_off(struct backend *b, const char *name, struct guest **ret, struct err *e);

/* Assignable -> in the running domain, seen in its definition and by who has it open. */
int virt_guest_attach(struct backend *b, const struct domain *d, struct vf_ref vf,
		      const struct dev_options *options, struct err *e);
/* What keeps a function from being taken out; -ENODATA of a captured host. No side effects. */
int virt_may_detach(struct backend *b, const struct domain *d, struct vf_ref vf, struct err *e);
/* Out of the running domain, when its guest says so. */
int virt_guest_detach(struct backend *b, const struct domain *d, struct vf_ref vf, struct err *e);

/* Where the topology says that its domain is, else libvirt's default. @d may be NULL. */
const char *virt_uri_of(const struct topo_domain *d);

/* backend_ops.list_defined, defined and define. */
int virt_list_defined(struct backend *b, struct attachment **ret, size_t *ret_n, struct err *e);
int virt_defined(struct backend *b, const struct domain *d, struct vf_ref vf, unsigned *ret,
		 struct err *e);
int virt_define(struct backend *b, const struct domain *d, struct vf_ref vf, bool on,
		struct err *e);

/* Rows of the attach refusals, of a guest of libvirt. */
int virt_refuse_ports(struct backend *b, const struct refusal_ask *a, struct err *e);
int virt_refuse_vslot(struct backend *b, const struct refusal_ask *a, struct err *e);
/* One that is off and that somebody else defines. */
int virt_refuse_owner(struct backend *b, const struct refusal_ask *a, struct err *e);
/* Functions of one slot that should be one device: libvirt plugs them into no running domain. */
int virt_refuse_mates(struct backend *b, const struct refusal_ask *a, struct err *e);
/* A function that another domain has in a definition, also one that is off: whoever starts second
 * fails. Asked of every guest, where this host has libvirt's. */
int virt_refuse_claimed(struct backend *b, const struct refusal_ask *a, struct err *e);

/* 0, or a refusal of what QEMU of the running domain has open and its definition has not. The
 * domain was asked for. */
int virt_refuse_orphan(struct backend *b, const struct guest *g, struct vf_ref vf, struct err *e);
/* Has the machine another member of the group, which keeps it open? */
bool virt_shares_group(const struct backend *b, const struct virt_definition *live, int32_t group);

/* "pci.3": the port of a device, as libvirt calls it; "" while it has none. */
void virt_port_name(const struct virt_device *dev, char *buf, size_t size);

#endif
