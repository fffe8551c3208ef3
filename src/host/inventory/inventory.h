/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What this host has: every SR-IOV physical function and its virtual functions, and all other
 * endpoint functions when they are asked for; a snapshot. */
#ifndef VFY_HOST_INVENTORY_INVENTORY_H
#define VFY_HOST_INVENTORY_INVENTORY_H

#include "base/bdf.h"
#include "host/host.h"
#include "host/net/netdev_kind.h"
#include "host/vf_attrs.h"

enum vf_state {
	VF_ABSENT,     /* not created */
	VF_HOST,       /* has a driver of the host, or none */
	VF_ASSIGNABLE, /* held by the pass-through driver, in no domain */
	VF_ATTACHED,   /* in a domain */
	VF_STALE,      /* claimed by a domain that is gone */
	VF_BROKEN,     /* the views of sysfs and of the hypervisor disagree */
};

/* Returns "absent", "host", ... as printed and in JSON. */
const char *vf_state_name(enum vf_state s);

#define NO_GROUP (-1)

/*
 * One VF, or a whole function. Strings are interned in the inventory and live as long as it; NULL
 * means none. Kept small: hosts have thousands.
 */
struct vf {
	struct bdf bdf;
	const char *driver;
	const char *driver_override; /* only with INVENTORY_OVERRIDE */
	const char *netdev;	     /* only with INVENTORY_NETDEV */
	const char *domain;	     /* the domain that has it, filled in by a backend's survey */
	const char *why;	     /* what disagrees, when BROKEN or STALE */
	int32_t iommu_group;	     /* NO_GROUP */
	uint8_t state;		     /* enum vf_state */
	int8_t permissive;	     /* 0, 1, UNKNOWN */
};

/* A physical function. One without SR-IOV, of inventory.others, has no VFs and no totalvfs. A
 * device of inventory.devices has functions in place of VFs, and is named by the topology. */
struct pf {
	struct bdf bdf;
	const char *name;   /* its name in the topology; set by topo_name_pfs() */
	const char *netdev; /* its own; never a representor's or a further port's */
	const char *driver;
	const char *card; /* its identity (host/inventory/card.h); NULL: not known, or not read */
	uint16_t vendor, device, vf_device;
	uint16_t numvfs, totalvfs, offset, stride;
	int8_t autoprobe;  /* 0, 1, UNKNOWN (kernels before 4.12) */
	int16_t numa_node; /* UNKNOWN */
	bool is_switchdev; /* its VFs have representors: eswitch mode switchdev */
	/* Entries of @vfs, in index order: numvfs of them exist; those that inventory_expect()
	 * added, or that a lower numvfs left behind, are ABSENT. */
	unsigned n_vfs;
	struct vf *vfs;
	struct vf_attrs *attrs; /* n_vfs of them; NULL until inventory_read_attrs() */
	/* Of a device that is given as a whole: which function each entry of @vfs is; NULL: a PF.
	 */
	struct pf **of;
	struct vf whole; /* the function itself, to be given as a whole; ABSENT while it was
				   not asked for: INVENTORY_FUNCTIONS */
};

/* The index that stands for the PF itself: no VF has it, because a PF has 65,535 at most. */
#define WHOLE UINT16_MAX

/* A VF in its inventory; with index WHOLE a function as a whole. */
struct vf_ref {
	struct pf *pf;
	unsigned index;
};

/* A network device of a PF's function. */
struct pf_netdev {
	const char *name;
	size_t pf;    /* its place in inventory.pfs */
	uint8_t kind; /* enum netdev_kind */
	int vf;	      /* the VF that a representor stands for, else -1 */
};

struct inventory {
	struct pf *pfs; /* in BDF order */
	size_t n_pfs, n_vfs;
	struct pf *others; /* in BDF order, with INVENTORY_FUNCTIONS: endpoints without SR-IOV */
	size_t n_others;
	struct pf **devices; /* inventory_add_device() */
	size_t n_devices;
	bool has_functions;	   /* it was asked for them */
	struct pf_netdev *netdevs; /* of all PFs, by PF, its own first */
	size_t n_netdevs;
	struct vf_ref *by_bdf; /* all n_vfs VFs in BDF order */
	struct intern *strings;
	const char *hypervisor; /* "none" until a backend has surveyed it; a static string */
	bool domains_unseen;	/* the hypervisor could not be asked: states are what sysfs tells */
	bool permissive_unseen; /* it could not be read of some VF to which it matters */
};

enum inventory_flags {
	INVENTORY_OVERRIDE = 1, /* read driver_override of every VF */
	INVENTORY_NETDEV = 2,	/* read the netdev of every VF that has a driver of the host */
	INVENTORY_ALL = 3,
	INVENTORY_FUNCTIONS = 4, /* functions as a whole, too: of PFs, and all other endpoints */
};

/**
 * inventory_read - find every PF below sys/bus/pci/devices and its VFs
 *
 * A device that vanishes while it is read is left out, with a note on @h's log. A VF whose link is
 * missing or dangles is listed as broken, at the address that it should have. Text that should be a
 * number and is not gives a note, too, and counts as 0 or UNKNOWN; when sriov_numvfs is unreadable,
 * the virtfnN links are counted. This needs no hypervisor and no privileges, does not touch config
 * space, and takes time linear in the number of devices.
 *
 * Returns 0, also for a host without PFs; -errno when the PCI tree cannot be read at all.
 * Source: Linux Documentation/ABI/testing/sysfs-bus-pci (sriov_*, virtfnN).
 */
int inventory_read(struct inventory **ret, const struct host *h, unsigned flags, struct err *e);
void inventory_free(struct inventory *inv);

/**
 * inventory_expect - make room for VFs that do not exist yet, so that they have a vf_ref
 *
 * New entries are ABSENT, at the address that they would have now, or at 0000:00:00.0 while that is
 * not known. A search by address does not find them. Returns 0 or -ENOMEM.
 */
int inventory_expect(struct pf *pf, unsigned n, struct err *e);

/**
 * inventory_refresh - read one PF and its VFs again, after its sriov_numvfs changed
 *
 * The PF keeps its name, netdev, card and place in inv->pfs, and every vf_ref stays valid; entries
 * beyond its number of VFs become ABSENT. What a survey found out about its VFs is lost. Attributes
 * are read again if they had been read.
 */
int inventory_refresh(struct inventory *inv, const struct host *h, struct pf *pf, unsigned flags,
		      struct err *e);

/**
 * inventory_read_attrs - read MAC, VLAN and the rest of all VFs of one PF into pf->attrs
 *
 * It is one request to the kernel, whatever the number of VFs. An attribute that the driver does
 * not report is not given; a PF without a netdev gives none; below --root only those are given that
 * the capture has.
 */
int inventory_read_attrs(struct inventory *inv, const struct host *h, struct pf *pf, struct err *e);

/**
 * inventory_follow_netdev - update the name of the PF's netdev
 *
 * Call it right before each request by name: during boot udev renames devices while others appear,
 * and by then the old name may be another PF's. A netdev that is gone keeps its name; one that
 * appeared with the first VF is found. Returns 0 or -ENOMEM.
 */
int inventory_follow_netdev(struct inventory *inv, const struct host *h, struct pf *pf);

/* Returns a borrowed copy of @s that lives as long as @inv; equal strings are stored once. NULL
 * when out of memory or when @s is NULL. */
const char *inventory_intern(struct inventory *inv, const char *s);

/* These return NULL when there is no such PF. The search by address is logarithmic, the one by name
 * linear; the name may be that of any of its ports, but not of a representor. */
struct pf *inventory_find_pf(const struct inventory *inv, struct bdf bdf);
struct pf *inventory_find_pf_netdev(const struct inventory *inv, const char *netdev);

/* Who owns the name of a network device. */
struct netdev_owner {
	struct pf *pf;
	int vf;		     /* the VF that has the device, or that a representor stands for; -1:
			      * the PF has it */
	bool is_representor; /* with @vf -1: of something other than a VF of this host */
};

/**
 * inventory_find_netdev - find the owner of a network device
 * @word: its name or, on the running host, an alternative name
 *
 * Returns false when no PF and no VF has it. Never follows @word as a path.
 */
bool inventory_find_netdev(const struct inventory *inv, const struct host *h, const char *word,
			   struct netdev_owner *ret);

/* Writes "VF 3 of net0" or "the representor of VF 3 of net0", for a sentence about a @word that was
 * taken for a PF. */
#define OWNER_TEXT_MAX 128
const char *netdev_owner_text(char buf[OWNER_TEXT_MAX], const struct netdev_owner *o);

/* Is it a function as a whole, by itself or of a device, and no VF? */
static inline bool vf_is_whole(struct vf_ref r)
{
	return r.index == WHOLE || r.pf->of;
}

static inline struct vf *vf_of(struct vf_ref r)
{
	return r.index == WHOLE ? &r.pf->whole : &r.pf->vfs[r.index];
}

/* What it is called in memory and journal, whether the topology has a name for it or not: a VF by
 * its PF and index, a function by itself and WHOLE. */
static inline struct vf_ref vf_identity(struct vf_ref r)
{
	return r.pf->of ? (struct vf_ref){ r.pf->of[r.index], WHOLE } : r;
}

/* Its PCI device id. */
static inline uint16_t vf_device_id(struct vf_ref r)
{
	const struct vf_ref id = vf_identity(r);

	return id.index == WHOLE ? id.pf->device : id.pf->vf_device;
}

/* Returns false when no VF has this address. Logarithmic. */
bool inventory_find_vf(const struct inventory *inv, struct bdf bdf, struct vf_ref *ret);

/* The same of every function that the inventory has, VFs and those as a whole. */
bool inventory_find_function(const struct inventory *inv, struct bdf bdf, struct vf_ref *ret);

/* The VF @index of the PF at @pf, or with index WHOLE that function as a whole: what is remembered
 * of a device names it so. False when there is none now. */
bool inventory_find_index(const struct inventory *inv, struct bdf pf, unsigned index,
			  struct vf_ref *ret);

/**
 * inventory_next - every VF, and every function as a whole, one after the other
 * @at: the last one; begins as { NULL }
 *
 * PF by PF, its VFs, then itself; then the others. Also VFs that are ABSENT. False behind the last.
 */
bool inventory_next(const struct inventory *inv, struct vf_ref *at);

/**
 * inventory_add_device - name functions that are given together
 * @functions: of one slot, each PF or of inventory.others, in order; not in another device yet
 *
 * They are found through the device from here on, and not by themselves. Called before a survey.
 * *ret lives as long as @inv. Returns 0 or -ENOMEM.
 */
int inventory_add_device(struct inventory *inv, const char *name, struct pf *const *functions,
			 size_t n, struct pf **ret);

/* The device of this name; NULL when there is none. */
struct pf *inventory_find_device(const struct inventory *inv, const char *name);

#define VF_LABEL_MAX 96
/**
 * vf_label - how messages name a VF: "net0/3 (0000:05:10.6)", or a whole function: "0000:0b:00.0"
 *
 * PF by its topology name, else its netdev where a shell leaves that as it is, else its BDF. A
 * whole function by its topology name ("gpu0/1" where the device has several) and its BDF, or by
 * that alone: its netdev goes with its driver.
 * Returns
 * @buf.
 */
const char *vf_label(char buf[VF_LABEL_MAX], struct vf_ref r);

/* Returns the PF's part of the label, a borrowed name or @buf. */
const char *pf_label(char buf[BDF_STRLEN], const struct pf *pf);

#endif
