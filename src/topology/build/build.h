/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From the tree of a topology file to the model: the parts that load.c puts together. */
#ifndef VFY_TOPOLOGY_BUILD_BUILD_H
#define VFY_TOPOLOGY_BUILD_BUILD_H

#include "topology/build/entry.h"
#include "topology/topology.h"

struct topo_build {
	struct topology *t;
	struct topo_ctx c;
	const struct host *host; /* the host that the topology is for; NULL: not known */
	bool is_json;
	bool pf_names_unsure; /* some pf entry has no readable name, so do not say "not defined" */
};

/* Each fills its part of the model from the value of "pf", "dev", "vf", "domain". Entries with
 * errors that leave nothing to refer to are left out. 0, also with problems, or -ENOMEM. */
int topo_build_pfs(struct topo_build *b, struct topo_node *value);
int topo_build_devs(struct topo_build *b, struct topo_node *value);
int topo_build_vfs(struct topo_build *b, struct topo_node *value);
int topo_build_domains(struct topo_build *b, struct topo_node *value);

/* Reads a block of domain @d, "xen: type=pv" or the object that says the same; reports problems
 * only. */
void topo_build_xen(struct topo_build *b, struct topo_domain *d, const struct topo_entry *spec);
void topo_build_kvm(struct topo_build *b, struct topo_domain *d, const struct topo_entry *spec);

/* For what is no entry of a list: settings of a PF, or of VFs, from the pairs of @spec; @pf is in
 * the model already, and so is the PF that the head of VFs names. They report problems only. */
void topo_build_pf_settings(struct topo_build *b, const struct topo_entry *spec,
			    struct topo_pf *pf);
void topo_build_vf_settings(struct topo_build *b, const struct topo_entry *spec);
bool topo_build_is_pf_setting(const char *key);

/* An entry of a domain without index: does it name a device of the dev list? */
bool topo_build_is_dev(const struct topo_build *b, const struct topo_entry *spec,
		       struct topo_range *ret);

/* PF and range of a vf or device entry. -EINVAL with a problem. */
int topo_build_range(struct topo_build *b, const struct topo_entry *spec, struct topo_range *ret);

/* Reports an address (or a wildcard of xl) in place of PF/INDEX, and says what to write: on a known
 * host, which VF it is. @index is what stands behind its slash; NULL without one. */
void topo_build_address(struct topo_build *b, const struct topo_word *word, const char *index);

/* Reads the specification in a list's element: a string in xl.cfg, an object in JSON. */
int topo_build_entry(struct topo_build *b, struct topo_node *node, const char *head_key,
		     const char *index_key, struct topo_entry *ret);

/* Returns false, with a problem, when a value that must be a list is not one. */
bool topo_build_is_list(struct topo_build *b, const struct topo_node *value);

/* A device of a domain, with the range of its VFs closed at both ends. */
struct topo_placed {
	const struct topo_domain *domain;
	const struct topo_dev *dev;
	size_t pf;
	unsigned first, last;
};

/* Checks the rules that look at more than one entry; reports problems only. Returns 0 or
 * -ENOMEM. */
int topo_rules(struct topo_build *b);

/* Checks the rules about what a VF has after precedence. @placed is sorted by PF and first VF; NULL
 * when devices overlap, so that a VF's domain is not known. */
int topo_rules_vf(struct topo_build *b, const struct topo_placed *placed, size_t n);

#endif
