/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text for other tools, out of a topology and an inventory. Pure: same input, same bytes. */
#ifndef VFY_RENDER_RENDER_H
#define VFY_RENDER_RENDER_H

#include "host/boot/hide_sources.h"
#include "topology/topology.h"
#include "topology/wanted.h"

#define RENDER_VECTORS_ASSUMED 5u /* of a VF whose table cannot be read; iavf's usual number */

/* A driver of the PCI bus that the host has loaded. */
struct render_driver {
	const char *name;
	char module[64];   /* that has it; "" when the kernel itself has it */
	int8_t is_foreign; /* built outside the kernel's tree: 0, 1, UNKNOWN */
	struct bdf *bound; /* its functions, in the order of addresses */
	size_t n_bound;
};

/* What is rendered. */
struct render_in {
	const struct topology *topo;
	const struct inventory *inv;
	struct pf *const *pfs; /* of topology_match(); NULL entries where the host lacks the PF */
	const struct topo_domain *domain; /* NULL: all */
	const struct vf_ref *vfs; /* --hostdev: these VFs, which exist, instead of a domain's */
	size_t n_vfs;
	const char *cmdline; /* the running kernel's command line, NULL when unknown */
	const char *hidden;  /* hide= in force, from whatever place; NULL: none, or not known */
	const char *hidden_where;		 /* that place; NULL: HIDE_LINE */
	const struct hide_sources *hide_sources; /* all that set it; NULL: not known */
	bool own_hide;	    /* the hide= of cmdline is of the file that render grub writes */
	bool real_buses;    /* guests see the host's PCI buses, not virtual ones */
	bool compact;	    /* --compact: wildcards where provably exact */
	const int *vectors; /* MSI-X vectors of one VF of each topology PF, UNKNOWN where the table
			       could not be read; NULL: none could */
	unsigned vectors_per_vf;   /* taken for UNKNOWN ones, RENDER_VECTORS_ASSUMED */
	unsigned cpus;		   /* physical ones, of the host on Xen; 0: not known */
	const struct bdf *devices; /* every PCI function of the host, for proofs of wildcards */
	size_t n_devices;
	const struct render_driver *drivers; /* those of PFs and VFs, by name each once */
	size_t n_drivers;
	const char *cpu;   /* --cpu: the machine's CPU model, NULL when not given */
	bool hostdev;	   /* --hostdev: what an existing domain takes */
	bool with_machine; /* --with-machine: not the devices alone */
	unsigned reserve;  /* slots of the root bus to leave free, as of struct ports_request */
};

/* Options that only some formats take. */
enum render_takes {
	RENDER_TAKES_CPU = 1,
	RENDER_TAKES_MACHINE = 2,
	RENDER_TAKES_RESERVE = 4,
	RENDER_TAKES_COMPACT = 8,
	RENDER_TAKES_HOSTDEV = 16,
};

struct renderer {
	const char *name;
	const char *help;
	bool takes_domain; /* else it is for the whole host, and a domain is a usage error */
	unsigned takes;	   /* enum render_takes; other options are a usage error */
	/* Writes to @out; what the reader must know and cannot be a comment there goes to @notes.
	 * Returns 0 or -errno with a sentence (nothing useful was written then). */
	int (*fn)(const struct render_in *in, FILE *out, struct problems *notes, struct err *e);
};

extern const struct renderer render_xl, render_grub, render_modprobe, render_dot;
extern const struct renderer render_qemu, render_readconfig, render_libvirt;

/* NULL-terminated, in the order help shows them (src/render/render.c). */
extern const struct renderer *const renderers[];

/* -EINVAL (EXIT_USAGE) with the list of all when there is none called @name. */
int renderer_find(const struct renderer **ret, const char *name, struct err *e);

/**
 * render_vf_bdf - address of a VF that may not exist yet
 *
 * As wanted_bdf(), with a sentence when the PF is not on this host, can never have that VF, or the
 * address is not known.
 */
int render_vf_bdf(const struct render_in *in, size_t pf, unsigned index, struct bdf *ret,
		  struct err *e);

/* -ERANGE and the like (EXIT_REFUSED) when the topology gives the PF a number of VFs that it can
 * never have: every address after that would be made up. A PF that is not here passes. */
int render_numvfs(const struct render_in *in, size_t pf, struct err *e);

/* How text marks a VF that is not made yet, and what that means. */
#define RENDER_COMPUTED	      "computed"
#define RENDER_COMPUTED_MEANS "the VF is not made yet, and may get another address when it is"

/* Is the address that render_vf_bdf() gives only where the VF will be, as far as is known now? */
bool render_is_computed(const struct render_in *in, size_t pf, unsigned index);

/* The VFs of one domain, as wanted_of(); an entry that stands for no VF at all is an error. */
int render_wanted(const struct render_in *in, const struct topo_domain *d, struct wanted *ret,
		  struct err *e);

/* Runs @fn for the domain asked for, or for all; stops at the first failure. */
int render_each_domain(const struct render_in *in,
		       int (*fn)(void *arg, const struct topo_domain *d, struct err *e), void *arg,
		       struct err *e);

/* @s into a comment or a quoted string: control characters and backslashes become '?', quotes
 * become apostrophes. Names come from a file, and a line break would end the comment. */
void render_text(const char *s, FILE *out);

/* NULL when the host has not loaded it. */
const struct render_driver *render_find_driver(const struct render_in *in, const char *name);

/* May the output be for this hypervisor? True when the topology or the host does not say. */
bool render_is_for(const struct render_in *in, enum topo_hypervisor which);

#endif
