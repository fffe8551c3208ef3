/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who is where in a topology: sorted names, and attribute values as disjoint runs of VFs. */
#ifndef VFY_TOPOLOGY_INDEX_H
#define VFY_TOPOLOGY_INDEX_H

#include "topology/read/tree.h"
#include "topology/topology.h"

/* From the least to the most specific; a later one wins. */
enum topo_class {
	CLASS_ALL,
	CLASS_RANGE,
	CLASS_SINGLE,
	CLASS_N,
};

enum topo_class topo_class_of(const struct topo_range *r);

/* Returns the last VF of a range. For "*" that is the PF's last one, UINT_MAX when numvfs is not
 * given. */
unsigned topo_range_last(const struct topology *t, const struct topo_range *r);

/* VFs first..last get their value from entry @vf. */
struct topo_run {
	unsigned first, last;
	size_t vf; /* index in struct topology.vfs */
};

struct topo_runs {
	struct topo_run *v; /* sorted, disjoint */
	size_t n;
};

struct topo_pf_index {
	struct topo_runs runs[CLASS_N][VF_ATTR_N];
};

struct topo_index {
	size_t *pf_names, *domain_names; /* positions, by name, equal names in file order */
	struct topo_pf_index *pfs;	 /* NULL while there are none */
};

/* Sort the names of the PFs or domains that have been read so far. Return 0 or -ENOMEM. */
int topo_index_pf_names(struct topology *t);
int topo_index_domain_names(struct topology *t);

/* Finds the first PF with this name. */
bool topo_index_find_pf(const struct topology *t, const char *name, size_t *ret);

/* Sorts the attribute values into runs, in n log n; two equally specific values that differ are a
 * problem. Returns 0 or -ENOMEM. */
int topo_index_runs(struct topology *t, struct topo_ctx *c);

/* Returns the entry that gives attribute number @bit to a VF, NULL when none does. Logarithmic. */
const struct topo_vf *topo_index_giver(const struct topology *t, size_t pf, unsigned bit,
				       unsigned index);

void topo_index_free(struct topology *t);

#endif
