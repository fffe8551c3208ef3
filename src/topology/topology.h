/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The topology file as data: which VFs exist, how they are set up, and which domain gets which. */
#ifndef VFY_TOPOLOGY_TOPOLOGY_H
#define VFY_TOPOLOGY_TOPOLOGY_H

#include "base/bdf.h"
#include "host/inventory/inventory.h"
#include "topology/dev_options.h"
#include "base/problem.h"
#include "host/vf_attrs.h"

enum topo_hypervisor {
	TOPO_AUTO,
	TOPO_XEN,
	TOPO_KVM,
};

enum topo_on_error {
	TOPO_ROLLBACK,
	TOPO_STOP,
};

/* How to find a PF, or a function of the dev list. All given selectors must hold and match exactly
 * one. */
struct topo_pf {
	struct loc loc;
	char *name;
	bool has_bdf, has_mac, has_id, has_nth, has_numvfs, has_autoprobe;
	struct bdf bdf;
	char *netdev;	      /* name or alternative name; NULL when not given */
	uint8_t mac[MAC_LEN]; /* permanent address */
	char *path;	      /* bridge path "0000:00:01.0/00.1" */
	char *serial;	      /* PCI device serial number, "00-25-38-81-21-00-aa-bb" */
	uint16_t vendor, device;
	unsigned nth;	 /* the nth (from 0, in BDF order) of those that match all other
			  * selectors */
	unsigned numvfs; /* when not given, the PF is never written to */
	bool autoprobe;
	bool up;	    /* its network device is brought up before its VFs are made */
	bool is_dev;	    /* of the dev list: the function is given as a whole, and has no VFs */
	bool all_functions; /* with those beside it in its slot */
};

/* VFs first..last of one PF; @all for "*", which ends at the PF's numvfs, and for what the dev list
 * names. */
struct topo_range {
	size_t pf; /* index in struct topology.pfs */
	bool all;
	unsigned first, last;
};

struct topo_vf {
	struct loc loc;
	struct topo_range range;
	struct vf_attrs attrs;
	struct loc attr_loc[VF_ATTR_N]; /* where each given value stands, by bit number */
};

struct topo_dev {
	struct loc loc;
	struct topo_range range;
	struct dev_options options;
};

enum domain_type {
	DOMAIN_UNKNOWN,
	DOMAIN_PV,
	DOMAIN_HVM,
	DOMAIN_PVH,
};

struct topo_domain {
	struct loc loc;
	char *name;
	/* the xen: block */
	bool has_xen;
	char *xen_vm; /* its name on Xen; NULL: the same as @name */
	enum domain_type xen_type;
	struct dev_options defaults; /* permissive=1 and the like, for all its devices */
	/* the kvm: block */
	bool has_kvm;
	char *qmp, *libvirt, *uri, *machine, *ports; /* NULL when not given */
	unsigned spare;
	struct topo_dev *devs;
	size_t n_devs;
};

struct topo_index; /* who is where, for topology_attrs() and topology_find_domain() */

/* Whether anybody but root, and the user who runs this, may write the file. */
struct topo_writers {
	bool are_others;
	unsigned owner, mode; /* its user, and its permission bits */
};

struct topology {
	char *file;
	struct topo_writers written_by; /* set on a running host only */
	enum topo_hypervisor hypervisor;
	enum topo_on_error on_error;
	struct topo_pf *pfs;
	struct topo_vf *vfs;
	struct topo_domain *domains;
	size_t n_pfs, n_vfs, n_domains;
	uint64_t digest;	  /* of the text of the file; 0: there is none */
	bool is_made;		  /* of words on the command line, and not of a file */
	struct topo_index *index; /* NULL in a model that was not read from a file, which makes
				   * searches slower */
};

void topology_free(struct topology *t);

/* Frees what an entry of pf or dev owns, and zeroes it. */
void topo_pf_done(struct topo_pf *pf);

/* Frees what one domain owns, and zeroes it; of one that is in no topology yet. */
void topo_domain_done(struct topo_domain *d);

/* A note when others may write what apply does as root. Returns whether there is one. */
bool topology_writers(const struct topology *t, struct err *ret);

/* Returns @of_file, or @of_words when nothing of it is in a file: for sentences that say where
 * something is written. */
static inline const char *topology_word(const struct topology *t, const char *of_file,
					const char *of_words)
{
	return t->is_made ? of_words : of_file;
}

/* Returns "xen" or "kvm"; NULL for auto. */
const char *topology_hypervisor_name(const struct topology *t);

/* Returns NULL when there is none. */
const struct topo_domain *topology_find_domain(const struct topology *t, const char *name);

/* Has it a dev list? What that names is read only then. */
bool topology_has_devs(const struct topology *t);

/* Attributes of one VF after precedence: '*' < range < single index. */
struct vf_attrs topology_attrs(const struct topology *t, size_t pf, unsigned index);

/* Number of VFs topology PF @pf will have: its numvfs, else what the host's PF has now. Of an entry
 * of the dev list the number of its functions; 1 where that is not known. */
unsigned topology_numvfs(const struct topo_pf *want, const struct pf *have);

/**
 * topology_match - find the host's PF of every topology PF
 * @ret_pfs: n_pfs entries, caller-allocated; NULL entries for PFs that were not found
 *
 * netdev is a name or, on the running host, an alternative name; mac is the permanent address
 * there, and the present one in a tree; only root can read serial, and the sentence says so.
 *
 * Adds a problem (with the candidates) for every topology PF that matches no PF or several, and for
 * two that match the same PF. Sets the names of the inventory's PFs. Returns 0, -ENODEV when there
 * were problems, or -ENOMEM.
 */
int topology_match(const struct topology *t, const struct host *h, struct inventory *inv,
		   struct pf **ret_pfs, struct problems *problems);

#endif
