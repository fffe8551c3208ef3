/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How many interrupts a function can ask for. */
#ifndef VFY_HOST_PCI_MSIX_H
#define VFY_HOST_PCI_MSIX_H

#include "host/host.h"
#include "base/bdf.h"

/**
 * msix_vectors - read the size of a function's MSI-X table, or else of its MSI request
 *
 * It is the most that its driver may use; 0 when the function has neither. Reads the function's
 * config space, of which an unprivileged reader gets only the first 64 bytes. Never used to list
 * devices. Returns 0; -EPERM without privileges; -ENODEV when the function is gone; -EPROTO when
 * its capability list makes no sense.
 * Source: PCIe 7.7.2 (MSI-X: Table Size is bits 10:0 of Message Control, plus one), 7.7.1; Linux
 * drivers/pci/pci-sysfs.c, pci_read_config().
 */
int msix_vectors(const struct host *h, struct bdf dev, unsigned *ret);

/**
 * msix_enabled - tell whether a driver, in the host or in a guest, has switched on MSI-X or MSI
 *
 * Returns errors as msix_vectors() does, and -ENOTSUP when the function has neither.
 * Source: PCIe 7.7.2.2 (MSI-X: bit 15 of Message Control), 7.7.1.2 (MSI: bit 0).
 */
int msix_enabled(const struct host *h, struct bdf dev, bool *ret);

#endif
