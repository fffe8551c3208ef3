/* SPDX-License-Identifier: GPL-2.0-or-later */
/* DEV on the command line: a BDF, PF/INDEX, PF/A-B, PF with an asterisk, or a name. */
#ifndef VFY_ENGINE_OPERANDS_H
#define VFY_ENGINE_OPERANDS_H

#include "host/inventory/inventory.h"
#include "topology/dev_options.h"
#include "state/state.h"

struct devlist {
	struct vf_ref *vfs;
	struct dev_options *options; /* one for each VF */
	size_t n;
	void *seen; /* tsearch() tree of the VFs in it */
};

/**
 * devlist_add - resolve one DEV with its options (topology/dev_spec.h) and append its VFs in index
 * order
 * @saved: where names of pci-assignable-add -n are looked up; may be NULL
 *
 * PF is a topology name (set on the inventory by topology_match()), a network device or a BDF. A PF
 * where a VF is expected is refused, with --force too, in other words; a name that could be two
 * things lists both; an unknown one lists what there is. A VF given twice is an error.
 */
int devlist_add(struct devlist *l, const struct host *h, struct inventory *inv,
		const struct state *saved, const char *arg, struct err *e);
void devlist_done(struct devlist *l);

/* The PF called @word: topology name, network device or BDF; the part of a DEV before the slash.
 * -ENODEV lists what there is, and says which VF it is when it is one. @saved may be NULL. */
int operand_find_pf(const struct host *h, struct inventory *inv, const struct state *saved,
		    const char *word, struct pf **ret, struct err *e);

#endif
