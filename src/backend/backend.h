/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a hypervisor implements. The core and the engine never ask which one it is. */
#ifndef VFY_BACKEND_BACKEND_H
#define VFY_BACKEND_BACKEND_H

#include "host/inventory/inventory.h"
#include "topology/dev_options.h"
#include "backend/refusal.h"
#include "topology/topology.h"

/* A running virtual machine, as a backend found it. */
struct domain {
	char name[128];
	uint32_t id; /* Xen domid, or pid of QEMU */
	enum domain_type type;
	void *cookie; /* the backend's, freed by domain_done */
};

/* One device of a domain, as the domain has it. */
struct attachment {
	struct bdf bdf;
	char domain[128];
	char guest_addr[32]; /* where the guest sees it: "00:01.2"; "" while unknown */
	struct dev_options options;
	bool is_ready;	 /* the guest's side is connected */
	const char *why; /* it is of no use to the guest all the same; static, NULL: not known */
	bool is_broken;	 /* the guest's side and the kernel differ about it, as @why says */
};

struct backend; /* a backend's own state */

/*
 * Every function returns 0 or -errno with a sentence in @e (cause and fix; the engine adds object
 * and step). No function leaves a device half way: what fails has been undone, or the sentence
 * says with status EXIT_LEFT what is left. Slow ones end within host->timeout_ms per device.
 * The engine holds the host lock, has checked guard and claims, and has written to disk what the
 * device was before, when it calls a mutating one.
 */
struct backend_ops {
	const char *name;   /* what --hypervisor takes: "xen" */
	const char *driver; /* the host driver that holds assignable functions: "pciback" */
	const char *module; /* that has it, loaded where @driver is not there; NULL: none is */

	bool gives_groups; /* a guest has an IOMMU group as a whole: no two share one */

	int (*open)(struct backend **ret, const struct host *h, const struct topology *topo,
		    struct err *e);
	void (*close)(struct backend *b);

	/* What is wrong with the binding of devices at boot: malformed, it takes a PF of the
	 * topology (@pfs of topology_match()) or what the host lives on, it is set in several
	 * places. An error for what keeps this run from working, else a note. Reads files only,
	 * of captured hosts too, and without open. Returns 0 or -ENOMEM. May be NULL. */
	int (*boot)(const struct host *h, const struct topology *t, struct pf *const *pfs,
		    struct problems *ret, struct err *e);

	/* Why this host, or a function of it, cannot be given to guests: all that assign would be
	 * refused for but the host's own need and who has it, ending with a row without a name.
	 * That the driver is there, or can be loaded, is asked elsewhere. NULL: nothing is. */
	const struct refusal *refusals;

	/* Does this driver hold functions for domains, and is no driver of the host's? Asked of
	 * others than @driver, and of a function that has it. No side effects. NULL: none does. */
	bool (*holds)(struct backend *b, struct bdf dev, const char *driver);

	/* A PF that @driver itself holds is to have another number of VFs: 0 when it can, else why
	 * not, and the way back to its own driver. NULL: it cannot. */
	int (*pf_held)(const struct host *h, struct bdf pf, struct err *e);

	/* Fills state, domain, permissive, why of every VF and inv->hypervisor from the
	 * hypervisor's own views. What an unprivileged run could not see stays as the caller set
	 * it and is said as a note on the log. */
	int (*survey)(struct backend *b, struct inventory *inv, struct err *e);

	/* What sysfs alone tells of the VFs that @driver holds, where a survey is not possible:
	 * fills permissive. NULL: nothing. */
	void (*glance)(const struct host *h, struct inventory *inv);

	/* Finds a running domain by name or number. -ESRCH when there is none. Release with
	 * domain_done. */
	int (*domain_find)(struct backend *b, const char *name, struct domain *ret, struct err *e);
	void (*domain_done)(struct domain *d);

	/* Why a domain cannot get some VFs: whose it is, what it has no room for, what it cannot
	 * use. Ahead of time and of all of them at once, with the number, and again of each right
	 * before its attach. Ends with a row without a name; NULL: nothing is. */
	const struct refusal *attach_refusals;

	/* Host driver (or none) -> assignable. Already so: success. @name "" for none. The caller
	 * has asked refusals, which know what else it takes. */
	int (*assign)(struct backend *b, struct vf_ref vf, const char *name, struct err *e);
	/* Does nothing but the pass-through driver keep it assignable? -ENOTSUP with the reason
	 * where its own driver made it so, and would undo that when it is taken off. NULL: always
	 * yes. No side effects. */
	int (*may_unassign)(struct backend *b, struct vf_ref vf, struct err *e);
	/* Assignable -> no driver, and no driver_override that would pull it back; any other
	 * override is the user's. Also stale: the claim of a domain that is gone is cleared. */
	int (*unassign)(struct backend *b, struct vf_ref vf, struct err *e);

	/* The host driver that another tool took it from and remembers, "" when there is none. May
	 * be NULL: this hypervisor has no such memory. No side effects. */
	int (*previous_driver)(struct backend *b, struct vf_ref vf, char ret[64], struct err *e);

	/* Assignable -> in the domain, verified. The caller has asked attach_refusals. */
	int (*attach)(struct backend *b, const struct domain *d, struct vf_ref vf,
		      const struct dev_options *options, struct err *e);
	/* In the domain -> assignable, verified. @force: do not wait for the guest. */
	int (*detach)(struct backend *b, const struct domain *d, struct vf_ref vf, bool force,
		      struct err *e);

	/* Lets the guest of an attached device write all of its config space. It cannot be taken
	 * back while the domain has it. NULL: this hypervisor has no such thing. */
	int (*permissive)(struct backend *b, const struct domain *d, struct vf_ref vf,
			  struct err *e);

	/* An attach or a detach of this VF, by vfyard, was cut off in the middle (its journal says
	 * so): afterwards the VF is in the domain as a whole, or assignable. @d NULL: the domain is
	 * gone. NULL: nothing can be left half done. */
	int (*recover)(struct backend *b, const struct domain *d, struct vf_ref vf, struct err *e);

	/* Devices of one domain, or of all (@d NULL). *ret is free()d by the caller. */
	int (*list)(struct backend *b, const struct domain *d, struct attachment **ret,
		    size_t *ret_n, struct err *e);

	/* Has every given option a meaning here? -ENOTSUP with the cause "vslot has no effect:
	 * ..." for the first that has not; a note in check. NULL: all have. */
	int (*check_options)(enum domain_type type, const struct dev_options *o, struct err *e);
};

/* What the program itself knows of a hypervisor. All else is in a module, which is loaded when a
 * command needs it, so that a host of the other one needs none of its libraries. */
struct hypervisor {
	const char *name;  /* what --hypervisor takes: "xen"; its module is backend-xen.so */
	const char *title; /* in sentences: "Xen" */
	/* Can this host use it? Cheap, reads files, no side effects; -ENODEV with the reason. */
	int (*probe)(const struct host *h, struct err *e);
	/* Of a host that no probe likes: is it one of this hypervisor's all the same, so that its
	 * reason is the one to tell? NULL: when no other one says yes. */
	bool (*is_likely)(const struct host *h);
};

extern const struct hypervisor xen_hypervisor;
extern const struct hypervisor kvm_hypervisor;

/**
 * hypervisor_find - the hypervisor of this host; loads nothing
 * @want: "auto" or NULL, "xen", "kvm"
 *
 * auto: the first whose probe says yes. *ret is NULL with return 0 when "auto" finds none (a host
 * without hypervisor can still list and render). One asked for by name that cannot work here is an
 * error.
 */
int hypervisor_find(const struct hypervisor **ret, const struct host *h, const char *want,
		    struct err *e);

/* hypervisor_find(), and the operations of its module. *ret is NULL with return 0 when there is
 * none; a module that is missing or not fit is an error. */
int backend_choose(const struct backend_ops **ret, const struct host *h, const char *want,
		   struct err *e);

/* Why "auto" finds none on this host: the reason of the likeliest one, whose name it returns. NULL,
 * without a reason, when one can be used. */
const char *backend_why_none(const struct host *h, struct err *e);

#endif
