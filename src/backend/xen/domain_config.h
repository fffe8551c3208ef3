/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How a domain was created, as far as pass-through depends on it. */
#ifndef VFY_BACKEND_XEN_DOMAIN_CONFIG_H
#define VFY_BACKEND_XEN_DOMAIN_CONFIG_H

#include <stdbool.h>
#include <stddef.h>

struct created {
	bool is_known;	     /* the text could be read */
	bool no_passthrough; /* certainly: no IOMMU mapping was made, and none can be made later */
	bool no_e820_host;   /* PV: the guest does not know where the BARs of the host's devices
			      * are */
};

/**
 * created_parse - read libxl's stored configuration of a domain
 * @json: as libxl keeps it ("libxl-json" user data); need not end with NUL
 *
 * Devices that were detached stay in this text, and hot-plugged ones are added. So a domain that
 * lists no device, and for which passthrough is not given, had none when it was created, and libxl
 * chose "disabled" then. When the text is unreadable, nothing is known.
 * Source: Xen tools/libs/light/libxl_create.c, libxl__domain_create_info_setdefault();
 * libxl_internal.c, libxl__get_domain_configuration().
 */
struct created created_parse(const char *json, size_t len);

#endif
