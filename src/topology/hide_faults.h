/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds what is wrong with the list of functions that a Dom0 hides. */
#ifndef VFY_TOPOLOGY_HIDE_FAULTS_H
#define VFY_TOPOLOGY_HIDE_FAULTS_H

#include "host/boot/hide_sources.h"
#include "topology/topology.h"

/* What the check is about; borrowed. */
struct hide_ask {
	const struct host *host;
	const char *module, *driver; /* "xen-pciback", "pciback" */
	const struct topology *topo;
	struct pf *const *pfs; /* found by topology_match() */
};

/**
 * hide_faults_value - note what @value, set by @where, does that nobody can want
 *
 * Adds a note for each PF of the topology that it hides, for each function that the host depends
 * on, and for the display that the firmware boots on. An entry for a bridge hides everything behind
 * it. A function that the driver holds already is not noted, because the next boot changes nothing.
 * Returns 0 or -ENOMEM.
 * Source: Linux drivers/xen/xen-pciback/pci_stub.c, pcistub_match_one().
 */
int hide_faults_value(const struct hide_ask *a, const char *value, const char *where,
		      struct problems *ret, struct err *e);

/**
 * hide_faults_places - note several places that set hide=, and one that differs from what is loaded
 *
 * Each note names the first entry that does not count.
 */
void hide_faults_places(const struct hide_ask *a, const struct hide_sources *s,
			struct problems *ret);

/* Reports a bad entry in the value that counts at the next boot: as an error, or as a note when the
 * driver is there anyway. */
void hide_faults_entries(const struct hide_ask *a, const struct hide_sources *s,
			 struct problems *ret);

#endif
