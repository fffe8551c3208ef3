/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Pass-through options: into and out of libxl's forms, and which of them have no effect. */
#ifndef VFY_BACKEND_XEN_OPTIONS_H
#define VFY_BACKEND_XEN_OPTIONS_H

#include <libxl.h>
#include "topology/topology.h"

/**
 * xen_options_parse - read the text of a backend's opts-N node
 *
 * The text is "msitranslate=0,power_mgmt=0,permissive=1,rdm_policy=strict"; unknown keys are
 * skipped.
 * Source: Xen tools/libs/light/libxl_pci.c, libxl_create_pci_backend_device().
 */
void xen_options_parse(struct dev_options *ret, const char *text);

/*
 * Puts options into libxl's struct, except seize, with which libxl binds without a way back, and
 * the name, with which libxl would look up the first device of that name instead of the given
 * address.
 */
void xen_options_to_libxl(const struct dev_options *o, libxl_device_pci *ret);

/* Reports an option that has no effect in a Xen domain: backend_ops.check_options. A domain without
 * a type counts as PV, as it does for xl. */
int xen_check_options(enum domain_type type, const struct dev_options *o, struct err *e);

#endif
