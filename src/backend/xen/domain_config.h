/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a domain was created with, as far as pass-through rests on it. */
#ifndef VFY_BACKEND_XEN_DOMAIN_CONFIG_H
#define VFY_BACKEND_XEN_DOMAIN_CONFIG_H

#include <stdbool.h>
#include <stddef.h>

struct created {
	bool is_known;	     /* the text could be read */
	bool no_passthrough; /* for sure: no IOMMU mapping was made, and none can be made later */
	bool no_e820_host;   /* PV: the guest does not know where the host has its BARs */
};

/**
 * created_parse - read libxl's stored configuration of a domain
 * @json: as libxl keeps it ("libxl-json" user data); need not end in NUL
 *
 * Devices that were detached stay in this text, those of hot plug are added: a domain whose
 * passthrough is not given and that has none never had one at creation, and libxl then chose
 * "disabled". Unreadable text: nothing is known.
 * Source: Xen tools/libs/light/libxl_create.c, libxl__domain_create_info_setdefault();
 * libxl_internal.c, libxl__get_domain_configuration().
 */
struct created created_parse(const char *json, size_t len);

#endif
