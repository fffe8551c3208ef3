/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a hypervisor implements. The engine never asks which one it is. */
#ifndef VFY_BACKEND_BACKEND_H
#define VFY_BACKEND_BACKEND_H

#include "base/finding.h"
#include "host/inventory/inventory.h"
#include "topology/dev_options.h"
#include "backend/refusal.h"
#include "topology/topology.h"

/* A running virtual machine, as a backend found it. */
struct domain {
	char name[128];
	uint32_t id; /* Xen domid, or pid of the QEMU */
	enum domain_type type;
	void *cookie; /* belongs to the backend, freed by domain_done */
};

/* One device of a domain, as the domain has it. */
struct attachment {
	struct bdf bdf;
	char domain[128];
	char uuid[37];	     /* of the domain, "" when it has none */
	char guest_addr[32]; /* where the guest sees it: "00:01.2"; "" while unknown */
	struct dev_options options;
	bool is_ready;	 /* the guest's side is connected */
	bool is_unasked; /* nobody tells whether it is */
	const char *why; /* why it is of no use to the guest nevertheless; static; NULL: not
			  * known */
	bool is_broken;	 /* the guest's side and the kernel disagree about it, as @why says */
	/* Functions of one domain with the same number, not 0, are one device in its guest: it
	 * releases all of them or none. @options.mates are those of one slot of the host. */
	unsigned device;
	const char *stays; /* why it cannot leave while the domain runs; static; NULL: it can */
};

/* What is kept about a VF by what manages a domain, apart from whether the domain has it now. */
enum domain_defined {
	DEFINED_KNOWN = 1,   /* something keeps what the domain is started with the next time */
	DEFINED_NEXT = 2,    /* this VF is among that */
	DEFINED_MANAGED = 4, /* it gives the VF to the host's driver itself when the domain ends */
	DEFINED_INTERFACE = 8, /* it sets the VF's MAC and VLAN itself when the domain starts */
	DEFINED_DEVICE = 16,   /* it does not: the VF is a plain device, now or the next time */
	DEFINED_BY_US = 32,    /* vfyard put it there */
};

struct backend; /* a backend's own state */
struct flight;	/* a device on its way, which a backend waits for in parts; its own, too */

/*
 * Every function returns 0, or -errno with a sentence in @e (cause and fix; the engine adds object
 * and step). No function leaves a device half way: what fails has been undone, or the sentence
 * says, with status EXIT_LEFT, what is left. Slow functions end within host->timeout_ms per device.
 * When the engine calls one that changes something, it holds the host lock, has checked guard and
 * claims, and has written to disk what the device was before.
 */
struct backend_ops {
	const char *name;   /* the word for --hypervisor: "xen" */
	const char *driver; /* the host driver that holds assignable functions: "pciback" */
	const char *module; /* the module that has it, loaded when @driver is not there; NULL:
			     * none */

	bool gives_groups; /* a guest gets a whole IOMMU group, so no two guests share one */

	/* Is it known only once the function is assignable what else is in its group? @refusals
	 * pass it, and are asked again then. No side effects. NULL: never. */
	bool (*group_comes)(const struct host *h, struct vf_ref vf);

	int (*open)(struct backend **ret, const struct host *h, const struct topology *topo,
		    struct err *e);
	void (*close)(struct backend *b);

	/* Checks the binding of devices at boot: that it is well-formed, takes no PF of the
	 * topology (@pfs of topology_match()) and nothing that the host depends on, and is set in
	 * one place only. Adds an error for what keeps this run from working, otherwise a note.
	 * Reads only files, also of captured hosts, and without open. Returns 0 or -ENOMEM. May be
	 * NULL. */
	int (*boot)(const struct host *h, const struct topology *t, struct pf *const *pfs,
		    struct problems *ret, struct err *e);

	/* Reasons why this host, or a function of it, cannot be given to guests: all that assign
	 * would refuse, except for the host's own need and for who has it. Ends with a row without
	 * a name. Whether the driver is there, or can be loaded, is checked elsewhere. NULL: there
	 * are none. */
	const struct refusal *refusals;

	/* Tells whether this driver holds functions for domains, and so is not one of the host's.
	 * Asked about drivers other than @driver, and about a function that has it. No side
	 * effects. NULL: none does. */
	bool (*holds)(struct backend *b, struct bdf dev, const char *driver);

	/* @driver itself holds a PF that is to have another number of VFs. Returns 0 when that is
	 * possible, otherwise why not, and the way back to the PF's own driver. NULL: it is not
	 * possible. */
	int (*pf_held)(const struct host *h, struct bdf pf, struct err *e);

	/* Fills in state, domain, permissive and why of every VF, and inv->hypervisor, from the
	 * hypervisor's own views. What an unprivileged run could not see stays as the caller set
	 * it, with a note on the log. */
	int (*survey)(struct backend *b, struct inventory *inv, struct err *e);

	/* Fills in permissive from what sysfs alone tells about the VFs that @driver holds, when a
	 * survey is not possible. NULL: sysfs tells nothing. */
	void (*glance)(const struct host *h, struct inventory *inv);

	/* Finds a running domain by name or number, or one that is off and has a definition, which
	 * has id 0. -ESRCH when there is neither. Release with domain_done. */
	int (*domain_find)(struct backend *b, const char *name, struct domain *ret, struct err *e);
	void (*domain_done)(struct domain *d);

	/* Reasons why a domain cannot get some VFs: whose the domain is, what it has no room for,
	 * what it cannot use. Asked ahead of time about all of them at once, and again about each
	 * right before its attach. Ends with a row without a name; NULL: there are none. */
	const struct refusal *attach_refusals;

	/* Host driver (or none) -> assignable. If it is so already, that is success. @name is ""
	 * for none. The caller has asked refusals, which know what else the run takes. */
	int (*assign)(struct backend *b, struct vf_ref vf, const char *name, struct err *e);
	/* Tells whether only the pass-through driver keeps it assignable. Returns -ENOTSUP with the
	 * reason when its own driver made it so, and would undo that when it is taken off. NULL:
	 * always. No side effects. */
	int (*may_unassign)(struct backend *b, struct vf_ref vf, struct err *e);
	/* Assignable -> no driver, and no driver_override that would pull it back; any other
	 * override belongs to the user. For a stale VF it also clears the claim of the domain that
	 * is gone. */
	int (*unassign)(struct backend *b, struct vf_ref vf, struct err *e);

	/*
	 * The two in parts, so that several devices wait at once. A start does all up to the first
	 * thing that is waited for: 1, and *ret is in flight; 0, it is done; or -errno, and it is
	 * as it was. go_on waits for that thing and does all up to the next: 1, there is more;
	 * otherwise 0 or -errno as the whole, and @f is freed. Others may be started and gone on
	 * with in between; each flight is gone on with to its end. NULL, all three: it has nothing
	 * to wait for.
	 */
	int (*assign_start)(struct backend *b, struct vf_ref vf, const char *name,
			    struct flight **ret, struct err *e);
	int (*unassign_start)(struct backend *b, struct vf_ref vf, struct flight **ret,
			      struct err *e);
	int (*go_on)(struct backend *b, struct flight *f, struct err *e);
	/* Looks once at who holds what, for all starts until the next operation that is no start.
	 * NULL: each start looks. */
	int (*look)(struct backend *b, struct err *e);

	/* vfyard's assign or unassign of this VF was cut off, as its journal says, and no domain
	 * has it. With @driver it is assignable as a whole afterwards, with its driver_override
	 * as it was, @override; without a driver nothing that the backend knows of it keeps the
	 * host from it. NULL: the driver is all there is. */
	int (*recover_binding)(struct backend *b, struct vf_ref vf, const char *driver,
			       const char *override, struct err *e);

	/* Its PF is about to unmake it, whatever is forced: refused while somebody has it for whom
	 * the kernel would wait without end. NULL: it waits for nobody. No side effects. */
	int (*may_unmake)(struct backend *b, struct vf_ref vf, struct err *e);

	/* The host driver that another tool took it from and remembers, "" when there is none. May
	 * be NULL: this hypervisor has no such memory. No side effects. */
	int (*previous_driver)(struct backend *b, struct vf_ref vf, char ret[64], struct err *e);

	/* Assignable -> in the domain, verified. The caller has asked attach_refusals. */
	int (*attach)(struct backend *b, const struct domain *d, struct vf_ref vf,
		      const struct dev_options *options, struct err *e);
	/* Tells whether the domain's owner, or the way it has the VF, lets detach take it out, so
	 * that no plan promises what detach refuses. NULL: always. No side effects. */
	int (*may_detach)(struct backend *b, const struct domain *d, struct vf_ref vf, bool force,
			  struct err *e);
	/* In the domain -> assignable, verified. @force: do not wait for the guest. */
	int (*detach)(struct backend *b, const struct domain *d, struct vf_ref vf, bool force,
		      struct err *e);

	/* Lets the guest of an attached device write all of its config space. This cannot be undone
	 * while the domain has the device. NULL: this hypervisor has no such thing. */
	int (*permissive)(struct backend *b, const struct domain *d, struct vf_ref vf,
			  struct err *e);

	/* vfyard's attach or detach of this VF was cut off in the middle, as its journal says.
	 * Afterwards the VF is in the domain as a whole, or assignable. @d NULL: the domain is
	 * gone. NULL: nothing can be left half done. */
	int (*recover)(struct backend *b, const struct domain *d, struct vf_ref vf, struct err *e);

	/* Lists the devices of one domain, or of all (@d NULL). The caller frees *ret. */
	int (*list)(struct backend *b, const struct domain *d, struct attachment **ret,
		    size_t *ret_n, struct err *e);

	/* What is defined of a VF and a domain that domain_find() found: bits of enum
	 * domain_defined, 0 when nobody keeps anything. Asks and changes nothing. NULL, as the
	 * next two: no domain of this hypervisor has a definition. */
	int (*defined)(struct backend *b, const struct domain *d, struct vf_ref vf, unsigned *ret,
		       struct err *e);
	/* Puts it into what the domain is started with the next time, or takes it out of that,
	 * verified. The running domain is left alone. */
	int (*define)(struct backend *b, const struct domain *d, struct vf_ref vf, bool on,
		      struct err *e);
	/* Lists what vfyard put into what domains are started with the next time, whether they run
	 * or not: each has the function, its domain by a name that domain_find() takes, and the
	 * domain's UUID. What keeps definitions and cannot be asked is a note on the log. The
	 * caller frees *ret. NULL: as the two above. */
	int (*list_defined)(struct backend *b, struct attachment **ret, size_t *ret_n,
			    struct err *e);

	/* How a topology says which running domain is meant: fills the block of this hypervisor in
	 * @ret, which is zeroed. @name is the survey's; @ret's is set where that does not outlive
	 * the domain. Texts are the caller's to free(), also after a failure. Returns 0, with a
	 * cause in @e where there is something to say of it; -ENOTSUP or another -errno with the
	 * reason why a topology cannot have it, -EBUSY when others give it its devices and set
	 * them up. NULL: its name is enough. No side effects. */
	int (*describe)(struct backend *b, const char *name, struct topo_domain *ret,
			struct err *e);

	/*
	 * What doctor looks at beside the tables: the hypervisor on this host (@inv: its PFs), and
	 * a domain that domain_find() found, with what it has while it runs. Each thing is a
	 * finding, well or not; what cannot be seen is a note. Of captured hosts too. NULL: there
	 * is nothing else to look at.
	 */
	void (*diagnose)(struct backend *b, const struct inventory *inv, struct findings *ret);
	void (*diagnose_domain)(struct backend *b, const struct domain *d,
				const struct attachment *v, size_t n, struct findings *ret);
	/* A word for each row of both tables, ends without one. NULL: there are none. */
	const struct refusal_word *words;

	/* Has every given option a meaning here? -ENOTSUP with the cause "vslot has no effect:
	 * ..." for the first that has not; a note in check. NULL: all have. */
	int (*check_options)(enum domain_type type, const struct dev_options *o, struct err *e);

	/* Can this host run the machine that the topology's block of this hypervisor says? -ENOTSUP
	 * with the cause and the cure; a note in check, because a topology may be for other hosts,
	 * too. NULL: there is nothing to choose. */
	int (*check_machine)(const struct host *h, const struct topo_domain *d, struct err *e);
};

/* What the program itself knows about a hypervisor. Everything else is in a module that is loaded
 * when a command needs it, so that a host with the other hypervisor needs none of its libraries. */
struct hypervisor {
	const char *name;  /* the word for --hypervisor: "xen"; its module is backend-xen.so */
	const char *title; /* in sentences: "Xen" */
	/* Tells whether this host can use it. Cheap; reads files; no side effects. Returns -ENODEV
	 * with the reason. */
	int (*probe)(const struct host *h, struct err *e);
	/* For a host that no probe accepts: tells whether this is its hypervisor nevertheless, so
	 * that its reason is the one to report. NULL: when no other one says yes. */
	bool (*is_likely)(const struct host *h);
};

extern const struct hypervisor xen_hypervisor;
extern const struct hypervisor kvm_hypervisor;

/**
 * hypervisor_find - find the hypervisor of this host, without loading anything
 * @want: "auto" or NULL, "xen", "kvm"
 *
 * "auto" takes the first whose probe says yes. When it finds none, *ret is NULL and the return
 * value 0, because a host without a hypervisor can still list and render. A hypervisor that is
 * asked for by name and cannot work here is an error.
 */
int hypervisor_find(const struct hypervisor **ret, const struct host *h, const char *want,
		    struct err *e);

/* Calls hypervisor_find(), and loads the operations of its module. *ret is NULL with return value 0
 * when there is none; a module that is missing or does not fit is an error. */
int backend_choose(const struct backend_ops **ret, const struct host *h, const char *want,
		   struct err *e);

/* Says why "auto" finds none on this host: gives the reason of the likeliest one, and returns its
 * name. Returns NULL, without a reason, when one can be used. */
const char *backend_why_none(const struct host *h, struct err *e);

#endif
