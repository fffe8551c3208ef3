/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Pass-through options: into and out of libxl's forms, and which of them mean nothing. */
#ifndef VFY_BACKEND_XEN_OPTIONS_H
#define VFY_BACKEND_XEN_OPTIONS_H

#include <libxl.h>
#include "topology/topology.h"

/**
 * xen_options_parse - the text of a backend's opts-N node
 *
 * "msitranslate=0,power_mgmt=0,permissive=1,rdm_policy=strict"; what is not known is skipped.
 * Source: Xen tools/libs/light/libxl_pci.c, libxl_create_pci_backend_device().
 */
void xen_options_parse(struct dev_options *ret, const char *text);

/*
 * Options into libxl's struct. Not seize, which makes libxl bind without a way back, and not the
 * name: libxl would look up the first device of that name instead of the address it was given.
 */
void xen_options_to_libxl(const struct dev_options *o, libxl_device_pci *ret);

/* Which of them a Xen domain does not notice: backend_ops.check_options. A domain without a type is
 * taken as PV, as xl takes it. */
int xen_check_options(enum domain_type type, const struct dev_options *o, struct err *e);

#endif
