/* SPDX-License-Identifier: GPL-2.0-or-later */
/* KVM behind the backend's operations: what its files share. */
#ifndef VFY_BACKEND_KVM_KVM_H
#define VFY_BACKEND_KVM_KVM_H

#include "backend/kvm/cmdline.h"
#include "backend/kvm/machine.h"
#include "backend/kvm/qmp.h"
#include "backend/kvm/vfio_users.h"
#include "backend/backend.h"

extern const struct backend_ops kvm_backend;

#define VFIO_PCI    "vfio-pci"
#define PCI_DEVICES "sys/bus/pci/devices"
#define PCI_DRIVERS "sys/bus/pci/drivers"

/* A survey never waits long for a guest. */
#define SURVEY_TIMEOUT_MS 1000u

/* A process that has, or may have, host devices: QEMU, or any other program that uses VFIO. */
struct guest {
	uint32_t pid;	  /* 0: reached by its socket only */
	char name[128];	  /* what we call it: one word, of one guest only */
	char claims[128]; /* what it says it is called, where it is not called so; or "" */
	bool is_twin;	  /* another one says the same, and nobody can tell which one it is */
	bool is_qemu;
	bool is_unreadable;	/* its arguments are not to be had: it may be any guest */
	struct cmdline cmdline; /* QEMU's; qmp is where to connect, "" for nowhere */
	const struct topo_domain *topo;
	struct qmp *qmp; /* opened on demand, once */
	struct machine machine;
	bool has_machine;
};

/* One run's view; all of it is read on demand. */
struct backend {
	const struct host *host;
	const struct topology *topo; /* NULL when there is none */
	struct guest **guests;	     /* stay where they are until close */
	size_t n_guests;
	bool has_guests;
	struct vfio_users users;
	int64_t users_ms; /* when they were read, 0: never */
	size_t n_passed;  /* QEMUs that can have no function, and are no guests */
	uint32_t passed;  /* one of them */
};

/* What every operation that changes something asks first. */
int kvm_ready(const struct backend *b, struct err *e);

/* Open VFIO nodes, not older than a second (0: as of now). */
int kvm_users(struct backend *b, unsigned max_age_ms, struct err *e);

/* held.c: a PF that vfio-pci holds, to have another number of VFs. */
int kvm_pf_held(const struct host *h, struct bdf pf, struct err *e);

/* iommu.c: what to do on this machine that its IOMMU is used. Returns @r. */
int kvm_iommu_fix(const struct host *h, int r, struct err *e);

/* guests.c: the running ones, read once. */
int guests_read(struct backend *b, struct err *e);
/* The guest with that pid; a program that is not QEMU is added as one. NULL: out of memory. */
struct guest *guests_of_pid(struct backend *b, uint32_t pid);
/* The one to name of several users, such as a QEMU and what it forked. */
struct guest *guests_of_user(struct backend *b, const struct vfio_user *user);
struct guest *guests_add(struct backend *b, uint32_t pid);
void guests_done(struct backend *b);

/* names.c */
/* What each is called, in any order: as in the topology, by its own name, or by its pid. */
void names_give(struct backend *b);
void names_by_pid(const struct host *h, struct guest *g);
/* Refuses a name that several guests have, and none is called. 0 when there are no such. */
int names_refuse_twins(const struct backend *b, const char *name, struct err *e);
/* Refuses a name that nobody has, while it may be that of one that cannot be read. */
int names_refuse_unread(const struct backend *b, const char *name, struct err *e);

/* guest.c: one of them. */
/* Refuses a program that is not QEMU; a QEMU of libvirt, Incus or LXD; one without monitor. Each
 * says what to do. */
int guest_is_qemu(const struct guest *g, struct err *e);
int guest_is_ours(const struct guest *g, struct err *e);
int guest_has_monitor(const struct guest *g, struct err *e);
/* All three of them, in this order. */
int guest_check(const struct guest *g, struct err *e);
/* Its monitor, connected. Closed with the backend. */
int guest_qmp(struct backend *b, struct guest *g, unsigned timeout_ms, struct qmp **ret,
	      struct err *e);
/* Its ports and devices, read once and kept up to date by attach and detach. */
int guest_machine(struct backend *b, struct guest *g, unsigned timeout_ms, struct machine **ret,
		  struct err *e);
/* The next question reads it anew. */
void guest_forget_machine(struct guest *g);

/* domains.c */
int kvm_domain_find(struct backend *b, const char *name, struct domain *ret, struct err *e);

/* survey.c */
int kvm_survey(struct backend *b, struct inventory *inv, struct err *e);

/* list.c */
int kvm_list(struct backend *b, const struct domain *d, struct attachment **ret, size_t *ret_n,
	     struct err *e);

/* limits.c */
int kvm_options(enum domain_type type, const struct dev_options *o, struct err *e);
/* Refuses a function that another guest than @g (NULL: any) has, or whose group it has. */
int kvm_refuse_used(struct backend *b, struct bdf dev, const struct guest *g, struct err *e);
/* Refuses to take a function off VFIO while the kernel says that its group is open. */
int kvm_refuse_open(struct backend *b, struct bdf dev, struct err *e);
/* No free port: how many there are, and how to have more. */
int kvm_refuse_ports(const struct guest *g, const struct machine *m, size_t want, struct err *e);
/* No free port or slot of the number that vslot= asks for. */
int kvm_refuse_slot(const struct guest *g, const struct machine *m, int slot, struct err *e);

/* refusals.c: what keeps a function from going to VFIO; backend_ops.refusals. */
extern const struct refusal kvm_refusals[];

/* attach_refusals.c: what keeps functions from a guest; backend_ops.attach_refusals. */
extern const struct refusal kvm_attach_refusals[];

/* assign.c */
int kvm_assign(struct backend *b, struct vf_ref vf, const char *name, struct err *e);
int kvm_may_unassign(struct backend *b, struct vf_ref vf, struct err *e);
int kvm_unassign(struct backend *b, struct vf_ref vf, struct err *e);

/* attach.c, detach.c */
int kvm_attach(struct backend *b, const struct domain *d, struct vf_ref vf,
	       const struct dev_options *options, struct err *e);
int kvm_detach(struct backend *b, const struct domain *d, struct vf_ref vf, bool force,
	       struct err *e);

#endif
