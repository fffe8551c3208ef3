/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Addresses of all PCI functions of a host, including bridges. */
#ifndef VFY_HOST_PCI_FUNCTIONS_H
#define VFY_HOST_PCI_FUNCTIONS_H

#include "host/host.h"
#include "base/bdf.h"

/* Reads the names below sys/bus/pci/devices, in no particular order; free *ret with free(). Returns
 * 0 or -errno. */
int functions_read(const struct host *h, struct bdf **ret, size_t *ret_n, struct err *e);

#endif
