/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which card a PF is on, whatever slot it is in: the state of a PF is about one card. */
#ifndef VFY_HOST_INVENTORY_CARD_H
#define VFY_HOST_INVENTORY_CARD_H

#include "host/inventory/inventory.h"

/* "serial 00-25-38-81-21-00-aa-bb", the PCIe Device Serial Number, or "mac 02:00:00:00:00:01", the
 * permanent address of the PF's network device where there is no serial number to be read. */
#define CARD_MAX 32

/* Sets the card of every PF; NULL where neither can be read. Reads the PFs' configuration space, of
 * which only root can read more than the first 64 bytes. */
void cards_read(struct inventory *inv, const struct host *h);

/* Copies the identity of @pf, "" when it has none. */
void card_copy(char ret[CARD_MAX], const struct pf *pf);

/* Tells whether the card is another one than the one remembered. False when one of them is not
 * known ("", NULL), or when they are known by different marks. */
bool card_is_other(const char *remembered, const struct pf *pf);

#endif
