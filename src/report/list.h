/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The two forms of `vfyard list`. Pure: they get everything that they print. */
#ifndef VFY_REPORT_LIST_H
#define VFY_REPORT_LIST_H

#include "host/inventory/inventory.h"
#include "host/pci/ids.h"

struct listing {
	const struct inventory *inv;
	const bool *shown;   /* one for each PF of @inv */
	struct names *names; /* text only; may be NULL */
	bool colors;
};

/*
 * Both write the whole listing to @out, which the caller buffers. They return 0 or -errno: -ENOMEM,
 * or the error of the first write that failed.
 */
int list_text(const struct listing *l, FILE *out);

/* Writes the document of the contract, with one line for each PF and VF. */
int list_json(const struct listing *l, FILE *out);

/* Both show the endpoint functions that are no VFs, too, where the inventory has them. */

/* The table of endpoint functions behind the PFs. 0 or -ENOMEM. */
int list_functions_text(const struct listing *l, FILE *out);

/* The member "functions", with the comma before it. 0 or -errno. */
int list_functions_json(const struct listing *l, FILE *out);

#endif
