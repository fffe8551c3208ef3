/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A topology that is made of words on the command line: "net0 numvfs=7", "net0/3 vlan=100". */
#ifndef VFY_TOPOLOGY_BUILD_MADE_H
#define VFY_TOPOLOGY_BUILD_MADE_H

#include "topology/topology.h"

/* What is said about one PF, or about VFs of it. Texts are borrowed. */
struct topo_made {
	const char *object;	  /* as it was typed, for messages */
	const char *name;	  /* what the PF is called */
	struct bdf pf;		  /* which one it is */
	unsigned numvfs;	  /* how many VFs it has now */
	const char *index;	  /* "3", "0-3", "*"; NULL: it is about the PF itself */
	const char *const *words; /* "vlan=100" */
	size_t n;
};

/**
 * topology_made - build a topology of words, by the rules of a file
 * @problems: every error, with the typed object in the place of file and line; cleared first
 *
 * A PF has the settings numvfs, autoprobe and up; what is said of one without numvfs keeps the
 * number that it has. VFs have those of a vf entry. Returns 0 and *ret (free it with
 * topology_free()), whose entries have no places; -EINVAL with problems; or -ENOMEM.
 */
int topology_made(struct topology **ret, const struct topo_made *v, size_t n,
		  struct problems *problems, struct err *e);

#endif
