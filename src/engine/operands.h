/* SPDX-License-Identifier: GPL-2.0-or-later */
/* DEV on the command line: a BDF of a VF or of a whole function, PF/INDEX, PF/A-B, PF with an
 * asterisk, or a name. */
#ifndef VFY_ENGINE_OPERANDS_H
#define VFY_ENGINE_OPERANDS_H

#include "host/inventory/inventory.h"
#include "topology/dev_options.h"
#include "state/state.h"

struct devlist {
	struct vf_ref *vfs;
	struct dev_options *options; /* one for each VF */
	size_t n;
	void *seen; /* tsearch() tree of the VFs in the list */
};

/**
 * devlist_add - resolve one DEV with its options (topology/dev_spec.h) and append its VFs in index
 * order
 * @saved: where names given with pci-assignable-add -n are looked up; may be NULL
 *
 * PF is a topology name (set on the inventory by topology_match()), a network device or a BDF. The
 * address of an endpoint function means it as a whole. A PF that has VFs is refused, with --force
 * too, and so is one that is not named by its address: the VFs may be meant. A name that could be
 * two things lists both; an unknown one lists what there is. A VF given twice is an error.
 */
int devlist_add(struct devlist *l, const struct host *h, struct inventory *inv,
		const struct state *saved, const char *arg, struct err *e);
void devlist_done(struct devlist *l);

/* A PF, or VFs of it, some of which may not exist yet. */
struct operand_target {
	struct pf *pf;
	bool has_index;
	char index[24]; /* as it was typed: "3", "0-3", "*" */
};

/**
 * operand_find_target - resolve one word for a command that takes PFs as well as VFs
 *
 * The word is as for devlist_add(), without options. A PF is meant by its name, network device or
 * address alone. Returns 0, -EINVAL or -ENODEV; a function that is neither PF nor VF is -ENODEV.
 */
int operand_find_target(const struct host *h, struct inventory *inv, const struct state *saved,
			const char *arg, struct operand_target *ret, struct err *e);

/* Finds the PF called @word (a topology name, network device or BDF), the part of a DEV before the
 * slash. The sentence of -ENODEV lists the PFs, or says which VF the word names. @saved may be
 * NULL. */
int operand_find_pf(const struct host *h, struct inventory *inv, const struct state *saved,
		    const char *word, struct pf **ret, struct err *e);

#endif
