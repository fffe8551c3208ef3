/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names on the command line: of PFs, VFs and network devices. A part of engine/operands.h. */
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
 * operand_name_find - find what is called @word
 * @saved: has the names given with pci-assignable-add -n; may be NULL
 *
 * A PF is found by its topology name or any of its network devices, a VF by its name from -n or its
 * own network device; on the running host alternative names are found, too. Returns 0; -EINVAL for
 * a name that means two things, a faulty address or a wildcard; -ENODEV for a representor, with
 * what it stands for, and for an unknown name, with the names that there are.
 */
int operand_name_find(const struct host *h, struct inventory *inv, const struct state *saved,
		      const char *word, struct operand_name *ret, struct err *e);

#endif
