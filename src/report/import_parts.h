/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the parts of an import share. */
#ifndef VFY_REPORT_IMPORT_PARTS_H
#define VFY_REPORT_IMPORT_PARTS_H

#include "host/inventory/identity.h"
#include "report/import.h"

#define NO_IMPORT SIZE_MAX

/* Who has a VF, as the topology can say it. */
struct import_holder {
	size_t domain;	       /* index in topo->domains, NO_IMPORT: none of it */
	bool is_managed;       /* others give it away, and set it up */
	struct vf_attrs attrs; /* what a file wants of it, whatever it has now */
};

/* A function that domains get as a whole. */
struct import_whole {
	struct pf *f;
	size_t domain; /* index in topo->domains, NO_IMPORT: assignable, and in none of it */
	struct dev_options options;
};

/* What selectors choose from, in the order of addresses. */
struct import_choice {
	struct pf **v;
	struct pf_identity *ids; /* of each */
	size_t n;
};

/* Entry i of topo->pfs is PF i of the inventory, until import_devs(). */
struct importing {
	struct session *s;
	const struct import_options *o;
	struct inventory *inv;
	struct topology *topo;
	struct topo_notes *notes;
	struct import_choice pfs; /* all PFs */
	struct import_whole *wholes;
	size_t n_wholes;
	size_t n_running;		/* of topo->domains, the first ones */
	struct import_holder **holders; /* by PF and VF, of as many as the PF can have */
};

/* VFs of PF @p that the topology has a place for: those that are there, or will be. */
unsigned import_n_vfs(const struct importing *im, size_t p);

/* The parts, in this order. 0, -ENOMEM, or -errno with a sentence. */
int import_pfs(struct importing *im, struct err *e);
int import_domains(struct importing *im, struct err *e);
int import_files(struct importing *im, struct err *e);
int import_vfs(struct importing *im, struct err *e);
/* Makes entries of what became of im->wholes, in place of those of pf that are among them. */
int import_devs(struct importing *im, struct err *e);

/* import_whole.c: functions as a whole. */
/* NULL when nobody is to have it. */
const struct import_whole *import_whole_find(const struct importing *im, const struct pf *f);
/* @f goes to domain @index, NO_IMPORT for none. 0 or -ENOMEM. */
int import_whole_add(struct importing *im, struct pf *f, size_t index, const struct dev_options *o);
/* Those that the pass-through driver holds, and no domain of the topology has; the unsound are
 * said. 0 or -ENOMEM. */
int import_whole_rest(struct importing *im);

/* import_guest.c */
/* A domain that others call @name, with the way to it that is in @d, which it takes. Its own name
 * is chosen, where @d has none that was; *ret is its index. -ENOTSUP with a reason when a topology
 * cannot say it; -ENOMEM. */
int import_guest_add(struct importing *im, const char *name, struct topo_domain *d, size_t *ret,
		     struct err *why);
/* One more VF of domain @index. 0 or -ENOMEM. */
int import_guest_give(struct importing *im, size_t index, size_t pf, unsigned vf,
		      const struct dev_options *o);
/* The same of an entry of the dev list. */
int import_guest_give_dev(struct importing *im, size_t index, size_t dev,
			  const struct dev_options *o);

/* May one entry stand for devices that have them? */
bool import_same_options(const struct dev_options *a, const struct dev_options *b);

/* import_lines.c: entries of vf for what is wanted of each of @n VFs of PF @p. 0 or -ENOMEM. */
int import_lines(struct importing *im, size_t p, const struct vf_attrs *want, unsigned n);

/* import_address.c */
struct definition_dev;
/* The address that a device is meant by. False for a name that nothing has. */
bool import_find_address(const struct importing *im, const struct definition_dev *dev,
			 struct bdf *ret);
/* A VF of topo->pfs[@pf], or @whole. */
struct import_place {
	struct pf *whole; /* the function itself; NULL: a VF */
	size_t pf;
	unsigned i;
	const struct vf *now; /* what the host has of it; NULL while it is not made */
};
/* The VF that an address is, or will be, or the function as a whole. False where it is none. */
bool import_find(const struct importing *im, struct bdf bdf, struct import_place *ret);

/* import_verify.c: a note for each problem that check finds in it, and for each step of its plan.
 * 0, or -errno when it is no topology, or out of memory. */
int import_verify(struct session *s, const struct import_options *o, struct imported *i,
		  struct err *e);

/* import_name.c: @wanted, or what is close to it, as a name that no entry of its list has. */
int import_pf_name(const struct importing *im, const char *wanted, char **ret);
/* @stem "gpu" makes "gpu0" where @wanted is no name. */
int import_dev_name(const struct importing *im, const char *wanted, const char *stem, char **ret);
int import_domain_name(const struct importing *im, const char *wanted, char **ret);

/* import_select.c */
/* Reads what tells @f from others, and adds it. 0 or -ENOMEM. */
int import_choice_add(struct import_choice *c, const struct importing *im, struct pf *f);
void import_choice_done(struct import_choice *c);
/* Fills the selectors of @to with what finds entry @i of @among. */
int import_select(const struct importing *im, const struct import_choice *among, size_t i,
		  struct topo_pf *to, struct err *e);
/* -EINVAL for a word that is none. */
int import_select_check(const char *select, struct err *e);

/* import_mac.c: addresses that the host's devices and VFs have. */
struct import_macs;
int import_macs_read(struct import_macs **ret, const struct importing *im, struct err *e);
void import_macs_free(struct import_macs *l);
/* Has nobody but this VF, and its own network device, the address? */
bool import_mac_is_own(const struct import_macs *l, const uint8_t mac[MAC_LEN], struct bdf vf);

#endif
