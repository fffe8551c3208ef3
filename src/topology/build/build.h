/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From the tree of a topology file to the model: parts of topology.c. */
#ifndef VFY_TOPOLOGY_BUILD_BUILD_H
#define VFY_TOPOLOGY_BUILD_BUILD_H

#include "topology/build/entry.h"
#include "topology/topology.h"

struct topo_build {
	struct topology *t;
	struct topo_ctx c;
	const struct host *host; /* that the topology is for; NULL: not known */
	bool is_json;
	bool pf_names_unsure; /* some pf entry has no readable name: do not say "not defined" */
};

/* Each fills its part of the model from the value of "pf", "vf", "domain". Entries with errors
 * that leave nothing to refer to are left out. 0, also with problems, or -ENOMEM. */
int topo_build_pfs(struct topo_build *b, struct topo_node *value);
int topo_build_vfs(struct topo_build *b, struct topo_node *value);
int topo_build_domains(struct topo_build *b, struct topo_node *value);

/* A block of domain @d, "xen: type=pv" or the object that says the same; problems only. */
void topo_build_xen(struct topo_build *b, struct topo_domain *d, const struct topo_entry *spec);
void topo_build_kvm(struct topo_build *b, struct topo_domain *d, const struct topo_entry *spec);

/* PF and range of a vf or device entry. -EINVAL with a problem. */
int topo_build_range(struct topo_build *b, const struct topo_entry *spec, struct topo_range *ret);

/* The problem of an address (or a wildcard of xl) in place of PF/INDEX: says what to write, on a
 * host which VF it is. @index: what stands behind its slash; NULL without one. */
void topo_build_address(struct topo_build *b, const struct topo_word *word, const char *index);

/* A spec of a list's element, a string in xl.cfg and an object in JSON. */
int topo_build_entry(struct topo_build *b, struct topo_node *node, const char *head_key,
		     const char *index_key, struct topo_entry *ret);

/* False with a problem when a value that must be a list is none. */
bool topo_build_is_list(struct topo_build *b, const struct topo_node *value);

/* A device of a domain, with its range closed. */
struct topo_placed {
	const struct topo_domain *domain;
	const struct topo_dev *dev;
	size_t pf;
	unsigned first, last;
};

/* Rules that look at more than one entry; problems only. 0 or -ENOMEM. */
int topo_rules(struct topo_build *b);

/* Those about what a VF has after precedence. @placed: by PF and first VF; NULL when they overlap
 * and a VF's domain is not known. */
int topo_rules_vf(struct topo_build *b, const struct topo_placed *placed, size_t n);

#endif
