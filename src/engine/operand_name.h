/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names on the command line: of PFs, of VFs, of network devices. A part of engine/operands.h. */
#ifndef VFY_ENGINE_OPERAND_NAME_H
#define VFY_ENGINE_OPERAND_NAME_H

#include "host/inventory/inventory.h"
#include "state/state.h"

/* What a name stands for: a PF, or one VF of it. */
struct operand_name {
	struct pf *pf;
	bool is_vf;
	unsigned index;
};

/**
 * operand_name_find - what is called @word
 * @saved: where names of pci-assignable-add -n are; may be NULL
 *
 * A PF: by its topology name or any of its network devices. A VF: by its name of -n or its own
 * network device. Alternative names too, on the running host. -EINVAL for a name that is two
 * things, an address with a fault, a wildcard; -ENODEV for a representor, with what it stands for,
 * and for a name that is nothing, with what there is.
 */
int operand_name_find(const struct host *h, struct inventory *inv, const struct state *saved,
		      const char *word, struct operand_name *ret, struct err *e);

#endif
