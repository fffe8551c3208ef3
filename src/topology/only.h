/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A topology without all but one of its PFs. */
#ifndef VFY_TOPOLOGY_ONLY_H
#define VFY_TOPOLOGY_ONLY_H

#include "topology/topology.h"

/* Removes all but the @pf-th of its PFs, with what is said about the others: VF entries, devices of
 * domains, and domains that have none left. */
void topology_only(struct topology *t, size_t pf);

#endif
