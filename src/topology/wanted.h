/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The VFs that a topology asks for, one by one: its ranges expanded. */
#ifndef VFY_TOPOLOGY_WANTED_H
#define VFY_TOPOLOGY_WANTED_H

#include "topology/topology.h"

/* One VF that the topology gives to a domain. */
struct wanted_vf {
	size_t pf; /* index in struct topology.pfs */
	unsigned index;
	const struct topo_dev *dev; /* the entry that names it */
	struct dev_options options; /* the entry's, then the domain's defaults */
};

struct wanted {
	struct wanted_vf *v; /* in the order of the entries, and in index order within each */
	size_t n;
};

/**
 * wanted_of - list the VFs of one domain
 * @pfs: found by topology_match(); an entry may be NULL
 *
 * An entry "PF/" with an asterisk has no VFs when nobody knows how many the PF has (no numvfs, and
 * it is not on this host). Release with wanted_done(). Returns 0 or -ENOMEM.
 */
int wanted_of(const struct topology *t, struct pf *const *pfs, const struct topo_domain *d,
	      struct wanted *ret, struct err *e);
void wanted_done(struct wanted *w);

/* Returns the first index after the range. Only a range that is "all" ends at the number of VFs. */
unsigned wanted_end(const struct topology *t, struct pf *const *pfs,
		    const struct topo_range *range);

#define WANTED_LABEL_MAX 96
/* Writes "net0/3" in the topology's words. Returns @buf. */
const char *wanted_label(char buf[WANTED_LABEL_MAX], const struct topology *t, size_t pf,
			 unsigned index);

/**
 * wanted_bdf - find the address of a VF that may not exist yet
 * @pf: the host's; NULL gives false
 *
 * It is the VF's own address when the VF exists; otherwise it is computed from the PF's First VF
 * Offset and VF Stride as they read now. Both may be 0 while there are no VFs (PCIe 9.3.3.9,
 * 9.3.3.10): then the address is not known, and the result is false.
 */
bool wanted_bdf(const struct pf *pf, unsigned index, struct bdf *ret);

/* Tells whether the VF exists. What wanted_bdf() says of one that does not exist may change before
 * it is made, because offset and stride may depend on the number of VFs and on ARI (PCIe 9.3.3.9,
 * 9.3.3.10). */
bool wanted_is_made(const struct pf *pf, unsigned index);

#endif
