/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which card a PF is on, whatever slot it is in: what a memory of it must be about. */
#ifndef VFY_HOST_INVENTORY_CARD_H
#define VFY_HOST_INVENTORY_CARD_H

#include "host/inventory/inventory.h"

/* "serial 00-25-38-81-21-00-aa-bb", the PCIe Device Serial Number, or "mac 02:00:00:00:00:01", the
 * permanent address of the PF's network device where there is no serial number to be read. */
#define CARD_MAX 32

/* Sets card of every PF; NULL where neither can be read. Reads configuration space of PFs, which
 * beyond its first 64 bytes only root can. */
void cards_read(struct inventory *inv, const struct host *h);

/* What @pf is known by, "" for nothing. */
void card_copy(char ret[CARD_MAX], const struct pf *pf);

/* Is another card there than the one remembered? Not when one of them is not known ("", NULL), or
 * known by another mark. */
bool card_is_other(const char *remembered, const struct pf *pf);

#endif
