/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The names of PCI ids. */
#ifndef VFY_HOST_PCI_IDS_H
#define VFY_HOST_PCI_IDS_H

#include <stdint.h>
#include "host/host.h"

struct names;

/**
 * names_open - open the id list
 *
 * Takes usr/share/misc/pci.ids below the root when it exists, otherwise the running machine's own
 * list, so that a captured host without one has names, too. Nothing is read before the first
 * lookup; neither the network nor a cache is asked. @root is borrowed. Returns NULL when out of
 * memory. Close it with names_close().
 */
struct names *names_open(const struct root *root);
void names_close(struct names *n);

/**
 * names_device - write "Intel Corporation 82576 Gigabit Network Connection"
 *
 * Returns @buf; NULL when there is no id list, or when the vendor is unknown. An unknown device of
 * a known vendor is "Intel Corporation Device".
 */
const char *names_device(struct names *n, char *buf, size_t size, uint16_t vendor, uint16_t device);

#endif
