/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Devices as other tools write them. A part of engine/operands.h. */
#ifndef VFY_ENGINE_OPERAND_PASTED_H
#define VFY_ENGINE_OPERAND_PASTED_H

#include "host/inventory/inventory.h"

/* Reads "pci_0000_05_10_0", a node device of libvirt. Returns false for other text.
 * Source: libvirt src/node_device/node_device_udev.c, udevGenerateDeviceName(). */
bool operand_nodedev(const char *word, struct bdf *ret);

/**
 * operand_pasted - turn what was pasted into what vfyard writes
 * @word:  changed in place, which never makes it longer
 * @index: what stands behind its slash, NULL without one; set for a word that has a colon there
 *
 * A node device of libvirt becomes its address, and "net0:3" is net0/3 when net0 is a PF. Every
 * other word stays as it is.
 */
void operand_pasted(struct inventory *inv, char *word, char **index);

#endif
