/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Makes text for other tools from a topology and an inventory. Pure: the same input gives the same
 * bytes. */
#ifndef VFY_RENDER_RENDER_H
#define VFY_RENDER_RENDER_H

#include "host/boot/hide_sources.h"
#include "topology/topology.h"
#include "topology/wanted.h"

#define RENDER_VECTORS_ASSUMED 5u /* for a VF whose table cannot be read; iavf's usual number */

/* A PCI driver that the host has loaded. */
struct render_driver {
	const char *name;
	char module[64];   /* the module that has it; "" when it is in the kernel itself */
	int8_t is_foreign; /* built outside the kernel's tree: 0, 1, UNKNOWN */
	struct bdf *bound; /* its functions, in order of address */
	size_t n_bound;
	struct bdf *meant; /* functions of devices that the kernel's table of modules has it for,
			    * whoever has them now */
	size_t n_meant;
};

/* What is rendered. */
struct render_in {
	const struct topology *topo;
	const struct inventory *inv;
	struct pf *const *pfs; /* found by topology_match(); NULL for a PF that the host lacks */
	const struct topo_domain *domain; /* NULL: all */
	const struct vf_ref *vfs; /* --hostdev: these VFs, which exist, instead of a domain's */
	size_t n_vfs;
	const char *cmdline;	  /* the running kernel's command line, NULL when not known */
	const char *hidden;	  /* hide= in force, wherever it is set; NULL: none, or not known */
	const char *hidden_where; /* that place; NULL: HIDE_LINE */
	const struct hide_sources *hide_sources; /* all places that set it; NULL: not known */
	bool own_hide;	    /* the hide= of cmdline comes from the file that render grub writes */
	bool real_buses;    /* guests see the host's PCI buses, not virtual ones */
	bool compact;	    /* --compact: wildcards where they are provably exact */
	const int *vectors; /* MSI-X vectors of one VF of each topology PF, UNKNOWN when the table
			     * could not be read; NULL: none could */
	unsigned vectors_per_vf;   /* used for UNKNOWN ones: RENDER_VECTORS_ASSUMED */
	unsigned cpus;		   /* of a host on Xen, the physical ones; 0: not known */
	const struct bdf *devices; /* every PCI function of the host, to prove wildcards */
	size_t n_devices;
	const struct render_driver *drivers; /* those of PFs and VFs, each once, by name */
	size_t n_drivers;
	const char *cpu;   /* --cpu: the machine's CPU model, NULL when not given */
	bool hostdev;	   /* --hostdev: what an existing domain takes */
	bool with_machine; /* --with-machine: not the devices alone */
	unsigned ports;	   /* --ports: so many for a definition, and nothing else; 0: not */
	unsigned reserve;  /* slots of the root bus to leave free, as of struct ports_request */
};

/* Options that only some formats accept. */
enum render_takes {
	RENDER_TAKES_CPU = 1,
	RENDER_TAKES_MACHINE = 2,
	RENDER_TAKES_RESERVE = 4,
	RENDER_TAKES_COMPACT = 8,
	RENDER_TAKES_HOSTDEV = 16,
	RENDER_TAKES_PORTS = 32,
};

struct renderer {
	const char *name;
	const char *help;
	bool takes_domain; /* otherwise it is for the whole host, and a domain is a usage error */
	unsigned takes;	   /* enum render_takes; other options are a usage error */
	/* Writes to @out; what the reader must know, but cannot be a comment there, goes to @notes.
	 * Returns 0, or -errno with a sentence (then nothing useful was written). */
	int (*fn)(const struct render_in *in, FILE *out, struct problems *notes, struct err *e);
};

extern const struct renderer render_xl, render_grub, render_modprobe, render_dot, render_svg;
extern const struct renderer render_qemu, render_readconfig, render_libvirt;

/* NULL-terminated, in the order in which help shows them (src/render/render.c). */
extern const struct renderer *const renderers[];

/* Returns -EINVAL (EXIT_USAGE) with a list of all when none is called @name. */
int renderer_find(const struct renderer **ret, const char *name, struct err *e);

/**
 * render_vf_bdf - find the address of a VF that may not exist yet
 *
 * Like wanted_bdf(), but with a sentence when the PF is not on this host, can never have that VF,
 * or the address is not known.
 */
int render_vf_bdf(const struct render_in *in, size_t pf, unsigned index, struct bdf *ret,
		  struct err *e);

/* Returns -ERANGE and the like (EXIT_REFUSED) when the topology gives the PF a number of VFs that
 * it can never have, because every address after that would be made up. Accepts a PF that is not
 * here. */
int render_numvfs(const struct render_in *in, size_t pf, struct err *e);

/* How text marks a VF that is not made yet, and what that means. */
#define RENDER_COMPUTED	      "computed"
#define RENDER_COMPUTED_MEANS "the VF is not made yet, and may get another address when it is"

/* Tells whether the address that render_vf_bdf() gives is only where the VF will be, as far as is
 * known now. */
bool render_is_computed(const struct render_in *in, size_t pf, unsigned index);

/* Lists the VFs of one domain, as wanted_of() does; an entry that stands for no VF at all is an
 * error. */
int render_wanted(const struct render_in *in, const struct topo_domain *d, struct wanted *ret,
		  struct err *e);

/* Runs @fn for the domain asked for, or for all; stops at the first failure. */
int render_each_domain(const struct render_in *in,
		       int (*fn)(void *arg, const struct topo_domain *d, struct err *e), void *arg,
		       struct err *e);

/* Writes @s into a comment or a quoted string: control characters and backslashes become '?',
 * quotes become apostrophes. Names come from a file, and a line break would end the comment. */
void render_text(const char *s, FILE *out);

/* Returns NULL when the host has not loaded it. */
const struct render_driver *render_find_driver(const struct render_in *in, const char *name);

/* Tells whether the output may be for this hypervisor. True when neither the topology nor the host
 * says. */
bool render_is_for(const struct render_in *in, enum topo_hypervisor which);

#endif
