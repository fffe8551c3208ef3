/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The truth table: what sysfs, xenstore and the hypervisor say about a VF, and what that means. */
#ifndef VFY_BACKEND_XEN_SURVEY_H
#define VFY_BACKEND_XEN_SURVEY_H

#include "host/inventory/inventory.h"

struct vf_view {
	bool on_pciback;     /* sysfs: driver pciback holds it */
	bool is_claimed;     /* /libxl/pci/<bdf>/domid exists */
	bool claim_exists;   /* the hypervisor lists that domain */
	bool backend_exists; /* the hypervisor lists the backend's domain */
	uint32_t claim;	     /* domid of the claim */
	uint32_t backend;    /* domid whose PCI backend lists it */
	unsigned n_backends; /* how many backends list it */
};

/**
 * xen_vf_state - find the state of a VF
 *
 * For VF_BROKEN and VF_STALE, *why says what disagrees (a constant); otherwise it is NULL. VF_HOST
 * means that nothing of Xen holds the VF.
 */
enum vf_state xen_vf_state(const struct vf_view *v, const char **why);

#endif
