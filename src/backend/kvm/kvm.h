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

struct virt;	    /* backend/kvm/libvirt/domains.h */
struct virt_domain; /* there */

#define VFIO_PCI    "vfio-pci"
#define PCI_DEVICES "sys/bus/pci/devices"
#define PCI_DRIVERS "sys/bus/pci/drivers"

/* A survey never waits long for a guest. */
#define SURVEY_TIMEOUT_MS 1000u

/* A process that has, or may have, host devices: a QEMU, or any other program that uses VFIO. */
struct guest {
	uint32_t pid;	  /* 0: reachable only through its socket */
	char name[128];	  /* our name for it: one word, unique among guests */
	char claims[128]; /* the name that it claims, when we do not call it so; or "" */
	bool is_twin;	  /* another one claims the same name, and nobody can tell which one it
			   * is */
	bool is_qemu;
	bool is_unreadable;	/* its arguments could not be read, so it may be any guest */
	struct cmdline cmdline; /* a QEMU's arguments; qmp is where to connect, "" for nowhere */
	const struct topo_domain *topo;
	struct qmp *qmp; /* opened on demand, once */
	struct machine machine;
	bool has_machine;
	bool is_off; /* libvirt has it defined, and it does not run: pid is 0 */
	/* Of libvirt's, once it was asked; borrowed of the backend. */
	struct virt *virt;
	struct virt_domain *virt_domain;
	/* Functions that this run took out together with another one, and was not asked to yet. */
	struct bdf *left;
	size_t n_left;
};

/* One run's view; everything is read on demand. */
struct backend {
	const struct host *host;
	const struct topology *topo; /* NULL when there is none */
	struct guest **guests;	     /* they stay where they are until close */
	size_t n_guests;
	bool has_guests;
	struct vfio_users users;
	int64_t users_ms;   /* when they were read, 0: never */
	size_t n_passed;    /* QEMUs that can have no function, and are no guests */
	uint32_t passed;    /* one of them */
	struct virt *virts; /* the libvirts that were asked */
};

/* Asked first by every operation that changes something. */
int kvm_ready(const struct backend *b, struct err *e);

/* Reads who has VFIO nodes open, unless that is known and at most this old (0: read it now). */
int kvm_users(struct backend *b, unsigned max_age_ms, struct err *e);

/* held.c: a PF that vfio-pci holds is to have another number of VFs. */
int kvm_pf_held(const struct host *h, struct bdf pf, struct err *e);

/* iommu.c: says what to do on this machine so that its IOMMU is used. Returns @r. */
int kvm_iommu_fix(const struct host *h, int r, struct err *e);

/* guests.c: reads the running guests, once. */
int guests_read(struct backend *b, struct err *e);
/* Returns the guest with that pid; a program that is not QEMU is added as one. NULL when out of
 * memory. */
struct guest *guests_of_pid(struct backend *b, uint32_t pid);
/* Returns the one to name when there are several users, such as a QEMU and what it forked. */
struct guest *guests_of_user(struct backend *b, const struct vfio_user *user);
struct guest *guests_add(struct backend *b, uint32_t pid);
void guests_done(struct backend *b);

/* names.c */
/* Gives each its name, as in the topology, or its own, or by its pid; the order of the guests
 * changes. */
void names_give(struct backend *b);
void names_by_pid(const struct host *h, struct guest *g);
/* Refuses a name that several guests claim, so that none is called so. Returns 0 when nobody claims
 * it. */
int names_refuse_twins(const struct backend *b, const char *name, struct err *e);
/* Refuses a name that nobody has while it may belong to a guest that cannot be read. */
int names_refuse_unread(const struct backend *b, const char *name, struct err *e);

/* guest.c: one of them. */
/* Refuse a program that is not QEMU; a QEMU of libvirt, Incus or LXD; one without a monitor. Each
 * says what to do. */
int guest_is_qemu(const struct guest *g, struct err *e);
int guest_is_ours(const struct guest *g, struct err *e);
int guest_has_monitor(const struct guest *g, struct err *e);
/* Asks all three of them, in this order. */
int guest_check(const struct guest *g, struct err *e);
/* Returns its monitor, connected. It is closed with the backend. */
int guest_qmp(struct backend *b, struct guest *g, unsigned timeout_ms, struct qmp **ret,
	      struct err *e);
/* Returns its ports and devices, which are read once and kept up to date by attach and detach. */
int guest_machine(struct backend *b, struct guest *g, unsigned timeout_ms, struct machine **ret,
		  struct err *e);
/* Makes the next question read it anew. */
void guest_forget_machine(struct guest *g);
/* Is it in g->left? It is taken out of that. */
bool guest_has_left(struct guest *g, struct bdf dev);

/* domains.c */
int kvm_domain_find(struct backend *b, const char *name, struct domain *ret, struct err *e);

/* survey.c */
int kvm_survey(struct backend *b, struct inventory *inv, struct err *e);

/* list.c */
int kvm_list(struct backend *b, const struct domain *d, struct attachment **ret, size_t *ret_n,
	     struct err *e);

/* limits.c */
int kvm_options(enum domain_type type, const struct dev_options *o, struct err *e);
/* backend_ops.check_machine: q35 is a PC, virt an Arm machine, and KVM runs guests of the host's
 * own processor only. A captured host that does not say what it is runs both. */
int kvm_check_machine(const struct host *h, const struct topo_domain *d, struct err *e);
/* reserved.c: refuses a function for which the firmware keeps memory that must stay mapped; --force
 * with its name passes. */
int kvm_refuse_reserved(const struct host *h, struct vf_ref vf, struct err *e);
/* Refuses a function if a guest other than @g (NULL: any guest) has it or its group. */
int kvm_refuse_used(struct backend *b, struct bdf dev, const struct guest *g, struct err *e);
/* Refuses to take a function off VFIO, or to unmake it, while somebody has it open: by what the
 * kernel says, and where it cannot tell, by a look at all processes that is no older than
 * @max_age_ms. */
int kvm_refuse_open(struct backend *b, struct bdf dev, unsigned max_age_ms, struct err *e);
/* Refuses because there is no free port; says how many there are, and how to get more. */
int kvm_refuse_ports(const struct guest *g, const struct machine *m, size_t want, struct err *e);
/* Refuses because no free port or slot has the number that vslot= asks for. */
int kvm_refuse_slot(const struct guest *g, const struct machine *m, int slot, struct err *e);

/* refusals.c: reasons not to give a function to VFIO; backend_ops.refusals. */
extern const struct refusal kvm_refusals[];

/* attach_refusals.c: reasons not to give functions to a guest; backend_ops.attach_refusals. */
extern const struct refusal kvm_attach_refusals[];

/* diagnose.c: what doctor looks at; backend_ops.diagnose, .diagnose_domain and .words. */
extern const struct refusal_word kvm_words[];
void kvm_diagnose(struct backend *b, const struct inventory *inv, struct findings *ret);
void kvm_diagnose_domain(struct backend *b, const struct domain *d, const struct attachment *v,
			 size_t n, struct findings *ret);

/* assign.c */
int kvm_assign(struct backend *b, struct vf_ref vf, const char *name, struct err *e);
int kvm_may_unassign(struct backend *b, struct vf_ref vf, struct err *e);
int kvm_unassign(struct backend *b, struct vf_ref vf, struct err *e);
int kvm_may_unmake(struct backend *b, struct vf_ref vf, struct err *e);

/* describe.c */
int kvm_describe(struct backend *b, const char *name, struct topo_domain *ret, struct err *e);

/* attach.c, detach.c: for guests of either kind. */
/* Has it the function open, or its group? Who answers for it may say what he likes. */
int kvm_prove_open(const struct backend *b, const struct guest *g, struct bdf dev, struct err *e);
int kvm_refuse_not_there(const struct domain *d, struct err *e);
/* Out of the guest, QEMU closes it; what is still open then is reported, for an unbind would hang.
 */
int kvm_wait_closed(const struct backend *b, const struct guest *g, struct bdf dev, struct err *e);
/* Out of the guest it is VFIO's still. */
int kvm_check_detached(const struct backend *b, struct bdf dev, struct err *e);

/* attach.c, detach.c */
int kvm_attach(struct backend *b, const struct domain *d, struct vf_ref vf,
	       const struct dev_options *options, struct err *e);
int kvm_may_detach(struct backend *b, const struct domain *d, struct vf_ref vf, bool force,
		   struct err *e);
int kvm_detach(struct backend *b, const struct domain *d, struct vf_ref vf, bool force,
	       struct err *e);

#endif
