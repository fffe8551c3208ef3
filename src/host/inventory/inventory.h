/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What this host has: every SR-IOV physical function and its virtual functions, a snapshot. */
#ifndef VFY_HOST_INVENTORY_INVENTORY_H
#define VFY_HOST_INVENTORY_INVENTORY_H

#include "base/bdf.h"
#include "host/host.h"
#include "host/net/netdev_kind.h"
#include "host/vf_attrs.h"

enum vf_state {
	VF_ABSENT,     /* not created */
	VF_HOST,       /* a host driver, or none */
	VF_ASSIGNABLE, /* held by the pass-through driver, in no domain */
	VF_ATTACHED,   /* in a domain */
	VF_STALE,      /* claimed by a domain that is gone */
	VF_BROKEN,     /* the views of sysfs and of the hypervisor disagree */
};

/* "absent", "host", ... as printed and in JSON. */
const char *vf_state_name(enum vf_state s);

#define NO_GROUP (-1)

/*
 * One VF. Strings are interned in the inventory and live as long as it; NULL means none. Kept
 * small: hosts have thousands.
 */
struct vf {
	struct bdf bdf;
	const char *driver;
	const char *driver_override; /* only with INVENTORY_OVERRIDE */
	const char *netdev;	     /* only with INVENTORY_NETDEV */
	const char *domain;	     /* who has it, filled by a backend's survey */
	const char *why;	     /* what disagrees, when BROKEN or STALE */
	int32_t iommu_group;	     /* NO_GROUP */
	uint8_t state;		     /* enum vf_state */
	int8_t permissive;	     /* 0, 1, UNKNOWN */
};

struct pf {
	struct bdf bdf;
	const char *name;   /* in the topology; set by topo_name_pfs() */
	const char *netdev; /* its own; never a representor's, nor a further port's */
	const char *driver;
	const char *card; /* its identity (host/inventory/card.h); NULL: not known, or not read */
	uint16_t vendor, device, vf_device;
	uint16_t numvfs, totalvfs, offset, stride;
	int8_t autoprobe;  /* 0, 1, UNKNOWN (kernels before 4.12) */
	int16_t numa_node; /* UNKNOWN */
	bool is_switchdev; /* its VFs have representors: eswitch mode switchdev */
	/* Entries of @vfs, index order: numvfs of them exist, those that inventory_expect() or a
	 * lower numvfs left behind are ABSENT. */
	unsigned n_vfs;
	struct vf *vfs;
	struct vf_attrs *attrs; /* n_vfs of them; NULL until inventory_read_attrs() */
};

/* A VF in its inventory. */
struct vf_ref {
	struct pf *pf;
	unsigned index;
};

/* A network device of a PF's function. */
struct pf_netdev {
	const char *name;
	size_t pf;    /* its place in inventory.pfs */
	uint8_t kind; /* enum netdev_kind */
	int vf;	      /* the VF that a representor stands for; -1 */
};

struct inventory {
	struct pf *pfs; /* in BDF order */
	size_t n_pfs, n_vfs;
	struct pf_netdev *netdevs; /* of all PFs, by PF, its own first */
	size_t n_netdevs;
	struct vf_ref *by_bdf; /* all n_vfs VFs in BDF order */
	struct intern *strings;
	const char *hypervisor; /* "none" until a backend surveyed it; borrowed, static */
	bool domains_unseen;	/* the hypervisor could not be asked: states are what sysfs tells */
	bool permissive_unseen; /* of some VF where it means something */
};

enum inventory_flags {
	INVENTORY_OVERRIDE = 1, /* read driver_override of every VF */
	INVENTORY_NETDEV = 2,	/* read the netdev of every VF that has a host driver */
	INVENTORY_ALL = 3,
};

/**
 * inventory_read - find every PF below sys/bus/pci/devices and its VFs
 *
 * A device that vanishes while it is read is left out and said as a note on @h's log. A VF whose
 * link is missing or dangles is listed as broken, at the address it should have. A number that
 * is not one is a note on the log too and counts as 0 or UNKNOWN; with an unreadable sriov_numvfs
 * the virtfnN links are counted. Needs no hypervisor and no privileges. Config space is not
 * touched. Linear in the number of devices.
 *
 * Returns 0, also for a host without PFs; -errno when the PCI tree cannot be read at all.
 * Source: Linux Documentation/ABI/testing/sysfs-bus-pci (sriov_*, virtfnN).
 */
int inventory_read(struct inventory **ret, const struct host *h, unsigned flags, struct err *e);
void inventory_free(struct inventory *inv);

/**
 * inventory_expect - room for VFs that do not exist yet, so that they have a vf_ref
 *
 * New entries are ABSENT, at the address they would have now, or at 0000:00:00.0 while that is not
 * known. They are not found by address. Returns 0 or -ENOMEM.
 */
int inventory_expect(struct pf *pf, unsigned n, struct err *e);

/**
 * inventory_refresh - read one PF and its VFs again, after its sriov_numvfs changed
 *
 * Name, netdev and card of the PF, its place in inv->pfs and every vf_ref stay; entries beyond its
 * number of VFs become ABSENT. What a survey said of its VFs is gone. Attributes are read again
 * where they had been read.
 */
int inventory_refresh(struct inventory *inv, const struct host *h, struct pf *pf, unsigned flags,
		      struct err *e);

/**
 * inventory_read_attrs - MAC, VLAN and the rest of all VFs of one PF, into pf->attrs
 *
 * One request to the kernel, whatever the number of VFs. What the driver does not report is not
 * given, as is everything of a PF without netdev, and below --root what a capture is without.
 */
int inventory_read_attrs(struct inventory *inv, const struct host *h, struct pf *pf, struct err *e);

/**
 * inventory_follow_netdev - the PF's netdev under the name it has now
 *
 * Right before each request by name: at a boot udev renames devices while others come, and the old
 * name may be that of another PF by then. A netdev that is gone keeps its name; one
 * that came with the first VF is found. 0 or -ENOMEM.
 */
int inventory_follow_netdev(struct inventory *inv, const struct host *h, struct pf *pf);

/* Borrowed copy of @s that lives as long as @inv; equal strings are stored once. NULL when out of
 * memory or @s is NULL. */
const char *inventory_intern(struct inventory *inv, const char *s);

/* NULL when it is not there. By address logarithmic, by name linear; the name is that of any of its
 * ports, but of no representor. */
struct pf *inventory_find_pf(const struct inventory *inv, struct bdf bdf);
struct pf *inventory_find_pf_netdev(const struct inventory *inv, const char *netdev);

/* What the name of a network device stands for. */
struct netdev_owner {
	struct pf *pf;
	int vf;		     /* a VF's own, or the one a representor stands for; -1: the PF's own */
	bool is_representor; /* with @vf -1: of something else than a VF of this host */
};

/**
 * inventory_find_netdev - whose network device is this?
 * @word: its name or, on the running host, an alternative name
 *
 * False when no PF and no VF has it. Never follows @word as a path.
 */
bool inventory_find_netdev(const struct inventory *inv, const struct host *h, const char *word,
			   struct netdev_owner *ret);

/* "VF 3 of net0", "the representor of VF 3 of net0", for a sentence about a @word that was taken
 * for a PF. */
#define OWNER_TEXT_MAX 128
const char *netdev_owner_text(char buf[OWNER_TEXT_MAX], const struct netdev_owner *o);

static inline struct vf *vf_of(struct vf_ref r)
{
	return &r.pf->vfs[r.index];
}

/* False when no VF has this address. Logarithmic. */
bool inventory_find_vf(const struct inventory *inv, struct bdf bdf, struct vf_ref *ret);

#define VF_LABEL_MAX 96
/**
 * vf_label - how messages name a VF: "net0/3 (0000:05:10.6)"
 *
 * PF by its topology name, else its netdev where a shell leaves that as it is, else its BDF.
 * Returns
 * @buf.
 */
const char *vf_label(char buf[VF_LABEL_MAX], struct vf_ref r);

/* The PF's part of it: topology name, else netdev, else BDF. Returns a borrowed name or @buf. */
const char *pf_label(char buf[BDF_STRLEN], const struct pf *pf);

#endif
