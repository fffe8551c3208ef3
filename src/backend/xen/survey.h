/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The truth table: what sysfs, xenstore and the hypervisor say of a VF, and what that means. */
#ifndef VFY_BACKEND_XEN_SURVEY_H
#define VFY_BACKEND_XEN_SURVEY_H

#include "host/inventory/inventory.h"

struct vf_view {
	bool on_pciback;     /* sysfs: driver pciback holds it */
	bool is_claimed;     /* /libxl/pci/<bdf>/domid is there */
	bool claim_exists;   /* the hypervisor lists that domain */
	bool backend_exists; /* the hypervisor lists the domain of the backend */
	uint32_t claim;	     /* domid of the claim */
	uint32_t backend;    /* domid whose PCI backend lists it */
	unsigned n_backends; /* how many backends list it */
};

/**
 * xen_vf_state - the state of a VF
 *
 * *why is what disagrees (a constant) for VF_BROKEN and VF_STALE, else NULL. VF_HOST means that
 * nothing of Xen holds it.
 */
enum vf_state xen_vf_state(const struct vf_view *v, const char **why);

#endif
