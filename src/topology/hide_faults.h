/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is wrong with the functions that a Dom0 hides. */
#ifndef VFY_TOPOLOGY_HIDE_FAULTS_H
#define VFY_TOPOLOGY_HIDE_FAULTS_H

#include "host/boot/hide_sources.h"
#include "topology/topology.h"

/* Whom it is about; borrowed. */
struct hide_ask {
	const struct host *host;
	const char *module, *driver; /* "xen-pciback", "pciback" */
	const struct topology *topo;
	struct pf *const *pfs; /* of topology_match() */
};

/**
 * hide_faults_value - what @value, set by @where, does that nobody can want
 *
 * A note for each PF of the topology that it takes, for each function that the host lives on, and
 * for the display that the firmware boots on. An entry that is a bridge takes all behind it. A
 * function that the driver holds already is no fault of the next boot. Returns 0 or -ENOMEM.
 * Source: Linux drivers/xen/xen-pciback/pci_stub.c, pcistub_match_one().
 */
int hide_faults_value(const struct hide_ask *a, const char *value, const char *where,
		      struct problems *ret, struct err *e);

/**
 * hide_faults_places - several places that set it, and one that differs from what is loaded
 *
 * Notes, each with the first entry that does not count.
 */
void hide_faults_places(const struct hide_ask *a, const struct hide_sources *s,
			struct problems *ret);

/* The value that counts at the next boot has a bad entry: an error, or a note while the driver is
 * there all the same. */
void hide_faults_entries(const struct hide_ask *a, const struct hide_sources *s,
			 struct problems *ret);

#endif
