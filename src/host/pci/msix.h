/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How many interrupts a function can ask for. */
#ifndef VFY_HOST_PCI_MSIX_H
#define VFY_HOST_PCI_MSIX_H

#include "host/host.h"
#include "base/bdf.h"

/**
 * msix_vectors - size of a function's MSI-X table, else of its MSI request
 *
 * The most its driver may use; 0 when it has neither. Reads the function's config space, which
 * shows an unprivileged reader the first 64 bytes only: -EPERM then. Never used to list devices.
 * Returns 0; -ENODEV when the function is gone; -EPROTO when its capability list makes no sense.
 * Source: PCIe 7.7.2 (MSI-X: Table Size is bits 10:0 of Message Control, plus one), 7.7.1; Linux
 * drivers/pci/pci-sysfs.c, pci_read_config().
 */
int msix_vectors(const struct host *h, struct bdf dev, unsigned *ret);

/**
 * msix_enabled - has a driver, in the host or in a guest, switched MSI-X or MSI on?
 *
 * Errors as of msix_vectors(); -ENOTSUP when the function has neither.
 * Source: PCIe 7.7.2.2 (MSI-X: bit 15 of Message Control), 7.7.1.2 (MSI: bit 0).
 */
int msix_enabled(const struct host *h, struct bdf dev, bool *ret);

#endif
