/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What people call a PCI id. */
#ifndef VFY_HOST_PCI_IDS_H
#define VFY_HOST_PCI_IDS_H

#include <stdint.h>
#include "host/host.h"

struct names;

/**
 * names_open - the id list of this machine
 *
 * usr/share/misc/pci.ids below the root when it is there, else the running machine's own list: a
 * captured host is named by whoever looks at it. Nothing is read before the first lookup; neither
 * network nor caches are asked. NULL when out of memory. Close with names_close().
 */
struct names *names_open(const struct root *root);
void names_close(struct names *n);

/**
 * names_device - "Intel Corporation 82576 Gigabit Network Connection"
 *
 * Returns @buf; NULL when there is no id list or nothing is known of the vendor. A known vendor's
 * unknown device is "Intel Corporation Device".
 */
const char *names_device(struct names *n, char *buf, size_t size, uint16_t vendor, uint16_t device);

#endif
